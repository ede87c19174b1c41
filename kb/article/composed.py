"""The one text of a revision: what passages are cut from and what a page shows, so that offsets agree."""

from typing import Protocol

from kb.vocabulary import Language

_HEADINGS = {
    Language.PERSIAN: {"cause": "علت", "environment": "کجا و چه زمانی"},
    Language.ENGLISH: {"cause": "Cause", "environment": "Where and when"},
}


class Worded(Protocol):
    """What has a revision's words, such as one that is still being written."""

    @property
    def resolution(self) -> str: ...

    @property
    def cause(self) -> str: ...

    @property
    def environment(self) -> str: ...


def revision_text(revision: Worded, language: Language) -> str:
    """Markdown: the resolution, then cause and environment, where given, under second-level headings.

    The resolution comes first, so its own offsets are offsets of the whole.
    """
    parts = [revision.resolution.rstrip()]
    for field, heading in _HEADINGS[language].items():
        text = getattr(revision, field).strip()
        if text:
            parts.append(f"## {heading}\n\n{text}")
    return "\n\n".join(parts) + "\n"
