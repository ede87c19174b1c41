"""What changed between two revisions, line by line and inside the lines: pure."""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kb.article.model import ArticleRevision

#: what a revision's words are, in the order a reader meets them
WORD_FIELDS = ("title", "environment", "resolution", "cause")

Kind = Literal["added", "removed", "same"]
#: A word keeps its zero-width non-joiners and vowel signs; each run of white space and each sign is one, too.
_WORD = re.compile(r"[\w\u200c\u200d\u064b-\u065f\u0670]+|\s+|[^\w\s]")
#: Comparing takes time that grows with the product of both lengths: beyond this all counts as changed.
_MOST_PAIRS = 1_000_000
#: So many lines are looked at for what a removed one became.
_FARTHEST = 20
#: Lines that share less say different things; nothing is gained by looking inside them.
_LEAST_ALIKE = 0.3


@dataclass(frozen=True, slots=True)
class DiffWord:
    """A part of a line: only in this line, or in its counterpart, too."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a field: only in the newer revision, only in the older, or in both.

    Attributes:
        field: of a revision one of WORD_FIELDS.
        words: joined, the line. In a line that was changed what stayed is "same".
    """

    kind: Kind
    text: str
    field: str
    words: tuple[DiffWord, ...]

    @property
    def direction(self) -> Literal["rtl", "ltr"]:
        """The way to write the line, by its first letter; a line without letters is right to left."""
        for letter in self.text:
            match unicodedata.bidirectional(letter):
                case "L":
                    return "ltr"
                case "R" | "AL":
                    return "rtl"
        return "rtl"


def diff_revisions(old: ArticleRevision, new: ArticleRevision) -> list[DiffLine]:
    """The lines of both revisions field by field; in a changed place the old lines come first.

    Fields that are equal are left out; so equal revisions differ by nothing.
    """
    lines: list[DiffLine] = []
    for field in WORD_FIELDS:
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            lines += diff_texts(field, before, after)
    return lines


def diff_texts(field: str, before: str, after: str) -> list[DiffLine]:
    """The lines of two texts of one field; in a changed place the old lines come first."""
    return list(_diff_lines(field, before.splitlines(), after.splitlines()))


def _diff_lines(field: str, before: list[str], after: list[str]) -> Iterator[DiffLine]:
    for kind, a_start, a_end, b_start, b_end in _opcodes(before, after):
        if kind == "equal":
            for line in before[a_start:a_end]:
                yield DiffLine("same", line, field, _whole("same", line))
            continue
        removed, added = before[a_start:a_end], after[b_start:b_end]
        inside = _inside(removed, added)
        for position, line in enumerate(removed):
            words = inside[position][0] if position in inside else _whole("removed", line)
            yield DiffLine("removed", line, field, words)
        counterparts = {other: words for _, words, other in inside.values()}
        for position, line in enumerate(added):
            yield DiffLine("added", line, field, counterparts.get(position, _whole("added", line)))


_Words = tuple[DiffWord, ...]


def _inside(removed: Sequence[str], added: Sequence[str]) -> dict[int, tuple[_Words, _Words, int]]:
    """Removed lines that were changed into an added one: the words of both, and which one; in order."""
    found: dict[int, tuple[_Words, _Words, int]] = {}
    free = 0
    for position, line in enumerate(removed):
        # As many lines are left for the next ones as they need, where there are enough.
        last = max(free, len(added) - (len(removed) - position - 1) - 1)
        for other in range(free, min(last + 1, free + _FARTHEST, len(added))):
            compared = _compare(line, added[other])
            if compared is not None:
                found[position] = (*compared, other)
                free = other + 1
                break
    return found


def _compare(before: str, after: str) -> tuple[_Words, _Words] | None:
    """The words of two lines; None where they have too little in common."""
    a, b = _WORD.findall(before), _WORD.findall(after)
    old: list[DiffWord] = []
    new: list[DiffWord] = []
    shared = 0
    for kind, a_start, a_end, b_start, b_end in _opcodes(a, b):
        was, now = "".join(a[a_start:a_end]), "".join(b[b_start:b_end])
        if kind == "equal":
            shared += sum(not word.isspace() for word in a[a_start:a_end])
            old.append(DiffWord("same", was))
            new.append(DiffWord("same", now))
            continue
        if was:
            old.append(DiffWord("removed", was))
        if now:
            new.append(DiffWord("added", now))
    longer = max(sum(not word.isspace() for word in words) for words in (a, b))
    return (tuple(old), tuple(new)) if shared >= _LEAST_ALIKE * longer and shared else None


def _opcodes(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """As `difflib` has them, in time that does not explode."""
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    if start:
        yield "equal", 0, start, 0, start
    a_end, b_end = len(a) - end, len(b) - end
    if (a_end - start) * (b_end - start) > _MOST_PAIRS:
        yield "replace", start, a_end, start, b_end
    else:
        matcher = difflib.SequenceMatcher(a=a[start:a_end], b=b[start:b_end], autojunk=False)
        for kind, i, j, k, m in matcher.get_opcodes():
            yield kind, start + i, start + j, start + k, start + m
    if end:
        yield "equal", a_end, len(a), b_end, len(b)


def _whole(kind: Kind, line: str) -> _Words:
    return (DiffWord(kind, line),) if line else ()
