"""The words of a question as they are learnt: personal data masked, spelling folded."""

from dataclasses import dataclass

from search.analysis.fold import fold_text
from search.personal import mask_personal


@dataclass(frozen=True, slots=True)
class LearntWords:
    """What is kept of a question; `folded` is the same for every spelling of it."""

    text: str
    folded: str


def learnt_words(question: str) -> LearntWords:
    """The question without personal data, and its letters and digits without gaps and signs."""
    text = mask_personal(" ".join(question.split()))
    return LearntWords(text, "".join(c for c in fold_text(text) if c.isalnum()))
