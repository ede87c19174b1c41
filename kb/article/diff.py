"""What changed between two revisions: pure."""

import difflib
from dataclasses import dataclass
from typing import Literal

from kb.article.model import ArticleRevision

#: what a revision's words are, in the order a reader meets them
WORD_FIELDS = ("title", "environment", "resolution", "cause")


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a field: only in the newer revision, only in the older, or in both."""

    kind: Literal["added", "removed", "same"]
    text: str
    #: one of WORD_FIELDS
    field: str


def diff_revisions(old: ArticleRevision, new: ArticleRevision) -> list[DiffLine]:
    """The lines of both revisions field by field; in a changed place the old lines come first.

    Fields that are equal are left out; so equal revisions differ by nothing.
    """
    lines: list[DiffLine] = []
    for field in WORD_FIELDS:
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            lines += _diff_field(field, before.splitlines(), after.splitlines())
    return lines


def _diff_field(field: str, before: list[str], after: list[str]) -> list[DiffLine]:
    lines: list[DiffLine] = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, a_start, a_end, b_start, b_end in matcher.get_opcodes():
        if kind == "equal":
            lines += [DiffLine("same", line, field) for line in before[a_start:a_end]]
        else:
            lines += [DiffLine("removed", line, field) for line in before[a_start:a_end]]
            lines += [DiffLine("added", line, field) for line in after[b_start:b_end]]
    return lines
