"""What a conversion yields: one text, the blocks over it, and what was lost on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ingest.media_type import MediaType
from kb.conversion import Notice
from kb.vocabulary import Language


class BlockKind(StrEnum):
    """`metadata` is no prose: front matter, scripts, import lines."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"
    CODE = "code"
    QUOTE = "quote"
    PAGE_BREAK = "page_break"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of Unicode code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """One structural unit; blocks of a text do not overlap and come in reading order.

    `level`: 1-6 of a heading, nesting depth from 1 of a list item, page number of a page break, else 0.
    `label`: a heading's plain text or a code block's language.
    `rows`: a table's rows; a header row's span includes the delimiter line under it.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    label: str = ""
    rows: tuple[Span, ...] = ()
    has_header: bool = False


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of one file and its structure; offsets are code points of `text`.

    For Markdown `text` is the file as written, otherwise a Markdown-like normal form.
    `pages`: how many pages, slides or sheets the file has, 0 where it has none.
    `metadata`: JSON values only (front matter, mail headers, document properties).
    """

    text: str
    blocks: tuple[Block, ...]
    title: str
    media_type: MediaType
    language: Language
    notices: tuple[Notice, ...] = ()
    pages: int = 0
    metadata: Mapping[str, Any] = field(default_factory=dict)


def language_of(text: str) -> Language:
    """Persian where at least three in ten letters are Arabic-script, else English."""
    sample = text[:20_000]
    arabic = sum(1 for ch in sample if "\u0600" <= ch <= "\u06ff" and ch.isalpha())
    latin = sum(1 for ch in sample if ch.isalpha()) - arabic
    return Language.PERSIAN if arabic and arabic >= 0.3 * (arabic + latin) else Language.ENGLISH
