"""Marked spans of a text, as escaped HTML."""

from collections.abc import Iterable
from html import escape


def marked_html(text: str, marks: Iterable[tuple[int, int]]) -> str:
    """`text` escaped, with `<mark>` around its marked spans.

    Args:
        marks: code point offsets (start, end) in `text`; overlaps are merged, what lies outside is cut.
    """
    parts: list[str] = []
    position = 0
    for start, end in sorted(marks):
        start, end = max(start, position), min(end, len(text))
        if start >= end:
            continue
        parts += (escape(text[position:start]), "<mark>", escape(text[start:end]), "</mark>")
        position = end
    parts.append(escape(text[position:]))
    return "".join(parts)
