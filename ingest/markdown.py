"""Markdown structure with exact source offsets, from markdown-it-py's tokens."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.document import Block, BlockKind, Span

_LINE_END = re.compile(r"\r\n?|\n")
_FRONT_MATTER = re.compile(
    r"\A---[ \t]*(?:\r\n?|\n)(.*?)^(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|\Z)", re.DOTALL | re.MULTILINE
)
_HTML_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.DOTALL)
_SILENT_HTML = re.compile(r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
# MDX: module lines at the top of a page are code for the site, not prose.
_MODULE_LINE = re.compile(
    r"\A(?:import\s.+\sfrom\s+['\"]|import\s+['\"]|export\s+(?:const|default|let|function)\b)"
)
_HEADING_ID = re.compile(r"\s*\{#[\w\u0600-\u06ff.:-]+\}\s*$")


def parser() -> MarkdownIt:
    """CommonMark with tables and strikethrough; nothing is executed or fetched while parsing."""
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def front_matter(text: str) -> tuple[dict[str, Any], int]:
    """The YAML mapping before the first line of prose and where it ends (0: there is none).

    YAML that does not parse counts as metadata without values, as site generators would refuse it too.
    """
    found = _FRONT_MATTER.match(text)
    if found is None:
        return {}, 0
    try:
        values = yaml.safe_load(found.group(1))
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}, found.end()
    if not isinstance(values, dict):
        return {}, (found.end() if values is None else 0)
    return {str(key): _plain(value) for key, value in values.items()}, found.end()


def blocks_of(text: str, *, offset: int = 0) -> tuple[Block, ...]:
    """The blocks of Markdown `text`, in reading order, without overlap.

    Args:
        offset: where prose begins (after front matter); text before it is not parsed.
    Returns:
        Spans are code points of `text`; the first line of a list item includes its marker.
    """
    source = text[offset:]
    starts = [offset, *(offset + found.end() for found in _LINE_END.finditer(source))]
    return tuple(_Walk(text, starts, parser().parse(source)).blocks())


class _Walk:
    """One pass over the tokens of a text; leaves become blocks, containers tell what kind."""

    def __init__(self, text: str, line_starts: list[int], tokens: Sequence[Token]) -> None:
        self._text = text
        self._line_starts = line_starts
        self._tokens = tokens
        self._list_depth = 0
        self._quote_depth = 0

    def blocks(self) -> Iterator[Block]:
        end_line = 0
        for index, token in enumerate(self._tokens):
            if token.type in (
                "bullet_list_open",
                "ordered_list_open",
                "bullet_list_close",
                "ordered_list_close",
            ):
                self._list_depth += token.nesting
            elif token.type in ("blockquote_open", "blockquote_close"):
                self._quote_depth += token.nesting
            elif token.map is not None and token.type in _LEAVES:
                # A marker line of its own ("-" above a fence) belongs to the first leaf after it.
                first, end_line = max(token.map[0], end_line), token.map[1]
                start, end = self._span(first, end_line)
                if start < end:
                    yield self._leaf(index, start, end)

    def _leaf(self, index: int, start: int, end: int) -> Block:
        token = self._tokens[index]
        if token.type == "heading_open":
            label = _HEADING_ID.sub("", plain_inline(self._tokens[index + 1]))
            return Block(BlockKind.HEADING, start, end, level=int(token.tag[1]), label=label)
        if token.type in ("fence", "code_block"):
            return Block(BlockKind.CODE, start, end, label=token.info.strip().partition(" ")[0])
        if token.type == "table_open":
            return Block(BlockKind.TABLE, start, end, rows=self._rows(index), has_header=True)
        raw = self._text[start:end]
        silent = token.type == "html_block" and not visible_html(raw).strip()
        if silent or _MODULE_LINE.match(raw):
            return Block(BlockKind.METADATA, start, end)
        if self._list_depth:
            return Block(BlockKind.LIST_ITEM, start, end, level=self._list_depth)
        return Block(BlockKind.QUOTE if self._quote_depth else BlockKind.PARAGRAPH, start, end)

    def _rows(self, index: int) -> tuple[Span, ...]:
        """Row spans; the header's reaches to the first body row, over the delimiter line."""
        rows: list[Span] = []
        for token in self._tokens[index:]:
            if token.type == "table_close":
                break
            if token.type == "tr_open" and token.map is not None:
                last = token.map[1] + (0 if rows else 1)
                rows.append(Span(*self._span(token.map[0], last)))
        return tuple(rows)

    def _span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets of the lines `first` up to `last`, without the blank space at their end."""
        start = self._line_starts[first]
        end = self._line_starts[last] if last < len(self._line_starts) else len(self._text)
        return start, start + len(self._text[start:end].rstrip())


_LEAVES = frozenset(["heading_open", "paragraph_open", "fence", "code_block", "html_block", "table_open"])


def visible_html(raw: str) -> str:
    """What a reader sees of an HTML or MDX fragment: no tags, comments, scripts or styles."""
    return _HTML_TAG.sub(" ", _SILENT_HTML.sub(" ", raw))


def plain_inline(token: Token) -> str:
    """The words of an inline token: link texts, code, no markup."""
    words = []
    for child in token.children or ():
        if child.type in ("text", "code_inline", "image"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            words.append(" ")
    return "".join(words).strip()


def _plain(value: Any) -> Any:
    """A YAML value as JSON has it; dates and the like as text."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)
