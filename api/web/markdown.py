"""Markdown as safe HTML: parsed without raw HTML, then cleaned once more."""

from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt

from codify.anchors import heading_anchors, page_parser

_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "code", "pre", "blockquote",
    "ul", "ol", "li", "a", "img", "table", "thead", "tbody", "tr", "th", "td", "div",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"},
    "ol": {"start"},
    "pre": {"dir"},
    "code": {"dir"},
    "div": {"class", "tabindex", "role"},
}  # fmt: skip
_URL_SCHEMES = {"http", "https", "mailto", "tel"}


def _scrollable_table(*_rule_arguments: object) -> str:
    # On a phone a wide table scrolls in its own box; a keyboard can reach the box.
    return '<div class="table" role="region" tabindex="0"><table>\n'


def _table_end(*_rule_arguments: object) -> str:
    return "</table></div>\n"


def _parser() -> MarkdownIt:
    parser = page_parser()
    parser.add_render_rule("table_open", _scrollable_table)
    parser.add_render_rule("table_close", _table_end)
    return parser


_PARSER = _parser()


@lru_cache(maxsize=256)
def render_markdown(text: str) -> str:
    """Clean HTML for `text`; headings start at h2 and have ids to link to."""
    env: dict[str, Any] = {}
    tokens = _PARSER.parse(text, env)
    anchors = heading_anchors(tokens)
    for position, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close") and token.tag == "h1":
            token.tag = "h2"  # h1 is the page's title
        if token.type == "heading_open":
            token.attrSet("id", anchors[position])
        elif token.type in ("fence", "code_block"):
            token.attrSet("dir", "ltr")
    html = _PARSER.renderer.render(tokens, _PARSER.options, env)
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_URL_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
