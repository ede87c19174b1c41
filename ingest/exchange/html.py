"""HTML bodies of other help centres as Markdown, and Markdown as HTML for them.

What a reader sees is kept whole, Persian with its ZWNJ and marks included; scripts, styles, frames and links
that run code are not. Markdown is escaped only where it would mean something else, so that words stay words
for those who search them.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from bs4.element import Comment, Tag
from markdown_it import MarkdownIt
from markdownify import ATX, MarkdownConverter

from ingest.converters.html import convert
from ingest.limits import Limits
from ingest.media_type import MediaType
from ingest.received import Received
from kb.conversion import ConversionError

_DROPPED = (
    "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "head", "form",
)  # fmt: skip
_SCHEMES = frozenset(["", "http", "https", "mailto", "tel"])
_MARKS = re.compile(r"[*`]|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|\[(?=[^\]]*\]\()")
_LINE_STARTS = re.compile(
    r"^(\s*)(#{1,6}(?=\s)|[-+>](?=\s)|={3,}\s*$|-{3,}\s*$|\d{1,9}(?=[.)]\s))", re.MULTILINE
)
_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def markdown_of(html: str) -> str:
    """The Markdown of an HTML fragment."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup(_DROPPED):
        tag.decompose()
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    try:
        text = str(_Converter().convert_soup(soup))
    except RecursionError:
        # Nested deeper than any person writes: the words, without their shape.
        return _words_of(html)
    return text.strip("\n ")


def html_of(markdown: str) -> str:
    """The HTML of a Markdown text; raw HTML in it stays text."""
    rendered: str = _PARSER.render(markdown)
    return rendered


class _Converter(MarkdownConverter):  # type: ignore[misc]
    """markdownify with fewer escapes, bars in cells kept, and no links that run code."""

    def __init__(self) -> None:
        super().__init__(
            heading_style=ATX,
            bullets="-",
            code_language_callback=_code_language,
            newline_style="BACKSLASH",
            table_infer_header=True,
        )

    def escape(self, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        text = _MARKS.sub(lambda found: "\\" + found.group(), text)
        return _LINE_STARTS.sub(_escaped_start, text)

    def convert_a(self, el: Tag, text: str, parent_tags: Any) -> str:
        if not _is_safe(el.get("href")):
            return text
        return str(super().convert_a(el, text, parent_tags))

    def convert_img(self, el: Tag, text: str, parent_tags: Any) -> str:
        if not _is_safe(el.get("src")):
            return str(el.get("alt") or "")
        return str(super().convert_img(el, text, parent_tags))

    def convert_td(self, el: Tag, text: str, parent_tags: Any) -> str:
        return str(super().convert_td(el, text.replace("|", "\\|"), parent_tags))

    def convert_th(self, el: Tag, text: str, parent_tags: Any) -> str:
        return str(super().convert_th(el, text.replace("|", "\\|"), parent_tags))


def _escaped_start(found: "re.Match[str]") -> str:
    space, start = found.groups()
    return f"{space}{start}\\" if start.isdigit() else f"{space}\\{start}"


def _is_safe(address: object) -> bool:
    if not isinstance(address, str):
        return False
    try:
        return urlsplit("".join(address.split())).scheme.lower() in _SCHEMES
    except ValueError:
        return False


def _code_language(element: Tag) -> str:
    for holder in (element, element.find("code")):
        if isinstance(holder, Tag):
            for name in holder.get_attribute_list("class"):
                if isinstance(name, str) and name.startswith(("language-", "lang-")):
                    return re.sub(r"[^\w+#-]", "", name.partition("-")[2])
    return ""


def _words_of(html: str) -> str:
    try:
        received = Received(html.encode(), "body.html", MediaType.HTML, Limits())
        return convert(received).text
    except ConversionError:
        return ""
