"""What a model wrote, checked against the passages it was given. Pure."""

import re
from collections.abc import Sequence

from kb.edition import LivePassage
from kb.text import storable
from search.generate.citations import renumber, without_marks
from search.generate.figures import invented
from search.generate.prompt import ABSTENTION, passage_text
from search.results import Citation, Generated

#: no answer to a support question is longer; what is has run away
LONGEST_ANSWER_CHARS = 6000

#: control characters, and those that turn the direction of what follows
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_MARKDOWN = re.compile(r"\*\*|^#{1,6}[ \t]+", re.MULTILINE)
_WORD = re.compile(r"\w")


class Refused(Exception):
    """What the model wrote cannot be shown; says why, without the text."""


def check(text: str, passages: Sequence[LivePassage]) -> Generated | None:
    """The answer with its citations, or None where the model says that the passages do not answer.

    Args:
        text: as the model wrote it.
        passages: in the order in which they were numbered in the prompt.
    Raises:
        Refused: nothing or too much was written, nothing is cited, or a figure or an address stands in no
            cited passage.
    """
    written = _without_thoughts(text)
    if len(written) > LONGEST_ANSWER_CHARS:  # before any pattern is tried on it
        raise Refused("far too much was written")
    written = _UNSEEN.sub("", _MARKDOWN.sub("", storable(written))).strip()
    if ABSTENTION in written:
        return None
    if not _WORD.search(without_marks(written)):
        raise Refused("nothing was written")
    shown, places = renumber(written, count=len(passages))
    if not places:
        raise Refused("no passage is cited")
    cited = [passages[place] for place in places]
    wrong = invented(without_marks(shown), "\n".join(passage_text(passage) for passage in cited))
    if wrong:
        raise Refused(f"{len(wrong)} figures or addresses stand in no cited passage")
    return Generated(shown, tuple(_citation(number, one) for number, one in enumerate(cited, start=1)))


def _without_thoughts(text: str) -> str:
    """`text` without what reasoning models say to themselves first, where the endpoint leaves it in."""
    text = text.strip()
    return text.partition("</think>")[2] if text.startswith("<think>") else text


def _citation(number: int, passage: LivePassage) -> Citation:
    return Citation(
        number=number,
        origin_kind=passage.origin_kind,
        origin_id=passage.origin_id,
        edition_id=passage.edition_id,
        passage_id=passage.id,
        title=passage.title,
        heading_path=tuple(passage.heading_path),
        start=passage.start,
        end=passage.end,
    )
