"""Markdown as pages show it: how it is parsed, and the places in it that links can lead to."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

#: letters, digits, hyphens, the zero-width non-joiner and Arabic vowel signs stay
_NOT_IN_ANCHOR = re.compile(r"[^\w\u200c\u064b-\u065f-]+")


def page_parser() -> MarkdownIt:
    """CommonMark with tables and strikethrough, without raw HTML."""
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])


def heading_anchor(heading: str) -> str:
    """The id a heading has on a page: its words joined by hyphens.

    The prefix keeps people's words from shadowing names that scripts use.
    """
    words = _NOT_IN_ANCHOR.sub("-", heading.strip().lower()).strip("-")
    return f"h-{words or 'section'}"


def heading_anchors(tokens: Sequence[Token]) -> dict[int, str]:
    """The id of each heading by the position of its opening token; repeated headings are numbered."""
    anchors: dict[int, str] = {}
    seen: dict[str, int] = {}
    for position, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        # The heading's text without its marks, as heading paths have it.
        words = "".join(child.content for child in tokens[position + 1].children or ())
        anchor = heading_anchor(words)
        seen[anchor] = seen.get(anchor, 0) + 1
        anchors[position] = anchor if seen[anchor] == 1 else f"{anchor}-{seen[anchor]}"
    return anchors
