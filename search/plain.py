"""Markdown to the words a person reads, keeping the way back to the original offsets.

For snippets and answers only: what is served as a page is rendered by markdown-it.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

_MARKUP = re.compile(
    r"""
    (?P<rule>^[ \t]*\|?[ \t]*:?-{2,}[-:| \t]*$\n?)      # a table's delimiter row, a thematic break
  | (?P<fence>^[ \t]*(?:```|~~~)[^\n]*\n?)
  | (?P<heading>^[ \t]*\#{1,6}[ \t]+)
  | (?P<line>^[ \t]*(?:>[ \t]?|[-*+][ \t]+))
  | !?\[(?P<label>[^\]\n]*)\]\([^)\n]*\)                 # a link or an image: its words stay
  | (?P<autolink><https?://(?P<address>[^>\s]+)>)
  | (?P<break><br[ \t]*/?>)
  | (?P<tag></?[A-Za-z][^>\n]*>|<!--.*?-->)
  | (?P<edge>^[ \t]*\|[ \t]*|[ \t]*\|[ \t]*$)           # the outer bars of a table row
  | (?P<cell>[ \t]*\|[ \t]*)
  | \\(?P<escaped>[\\`*_{}\[\]()\#+\-.!|>])
  | (?P<mark>\*{1,3}|_{2,3}|~~|`+)
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_CELL_GAP = " · "
#: most passages are plain words; every piece of markup has one of these
_MAY_BE_MARKUP = re.compile(r"[#*_~`|<>\[\\]|^[ \t]*[-+][ \t]|--|==", re.MULTILINE)
#: what makes the line above it a heading, where that line is a paragraph of its own
_UNDERLINE = re.compile(r"\n[ \t]{0,3}(?:-{2,}|=+)[ \t]*$", re.MULTILINE)
_NO_HEADING = re.compile(r"[ \t]*(?:$|[-*+>#|]|\d+[.)])")


@dataclass(frozen=True, slots=True)
class Plain:
    """Readable text; `offsets[i]` is where `text[i]` stands in the original, plus one entry for the end.

    Args:
        headings: spans of `text` that are headings or the header row of a table.
    """

    text: str
    offsets: Sequence[int]
    headings: tuple[tuple[int, int], ...] = ()

    def is_heading(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` lies inside a heading."""
        return any(left <= start and end <= right for left, right in self.headings)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The original span of `text[start:end]`."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1

    def readable(self, start: int, end: int) -> tuple[int, int]:
        """The span of `text` that is left of the original `[start, end)`."""
        left = bisect_left(self.offsets, start)
        return left, max(left, bisect_left(self.offsets, end, hi=len(self.text)))


def plain(markdown: str) -> Plain:
    """The readable words of `markdown`, in order."""
    if not _MAY_BE_MARKUP.search(markdown):
        return Plain(markdown, range(len(markdown) + 1))
    pieces: list[str] = []
    offsets: list[int] = []
    begins: list[int] = []

    def keep(start: int, end: int) -> None:
        pieces.append(markdown[start:end])
        offsets.extend(range(start, end))

    at = 0
    for match in _MARKUP.finditer(markdown):
        keep(at, match.start())
        at = match.end()
        if match.group("heading") is not None:
            begins.append(len(offsets))
        elif match.group("rule") is not None and "|" in match.group():
            begins.append("".join(pieces).rstrip("\n").rfind("\n") + 1)
        for kept in ("label", "address", "escaped"):
            if match.group(kept) is not None:
                keep(*match.span(kept))
        if match.group("break") is not None:
            pieces.append(" ")
            offsets.append(match.start())
        if match.group("cell") is not None:
            pieces.append(_CELL_GAP)
            offsets.extend([match.start()] * len(_CELL_GAP))
    keep(at, len(markdown))
    offsets.append(len(markdown))
    text = "".join(pieces)
    for match in _UNDERLINE.finditer(markdown):
        start = markdown.rfind("\n", 0, match.start()) + 1
        if not _NO_HEADING.match(markdown, start) and markdown[max(0, start - 2) : start] in ("", "\n\n"):
            begins.append(bisect_left(offsets, start))
    ends = (text.find("\n", begin) for begin in begins)
    headings = tuple((begin, end if end >= 0 else len(text)) for begin, end in zip(begins, ends, strict=True))
    return Plain(text, tuple(offsets), headings)
