"""What is embedded of a passage: where it stands, then its words without Markdown marks."""

import html
import re

from ingest.document import BlockKind
from ingest.markdown import visible_html
from ingest.passages import Passage

_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[^\n]*$", re.MULTILINE)
_CONTAINER = re.compile(r"^[ \t]*:{3,}[ \t]*(\w*)[^\S\n]*", re.MULTILINE)
_DELIMITER_ROW = re.compile(r"^[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*(?::?-+:?[ \t]*)?$", re.MULTILINE)
_ROW = re.compile(r"^[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+[ \t]*(?::?-{3,}:?[ \t]*)?$", re.MULTILINE)
_ROW = re.compile(r"^[ \t]*\|(.*)\|[ \t]*$", re.MULTILINE)
_PIPE = re.compile(r"(?<!\\)\|")
_HEADING = re.compile(
    r"^[ \t]{0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*(?:\{#[^}\n]*\})?[ \t]*$", re.MULTILINE
)
_UNDERLINE = re.compile(r"^[ \t]{0,3}(?:=+|-{2,}|\*{3,}|_{3,})[ \t]*$", re.MULTILINE)
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?", re.MULTILINE)
_DEFINITION = re.compile(r"^[ \t]{0,3}\[[^\]\n]+\]:[ \t]+\S+.*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[([^\]\n]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\]\n]*\])")
_LINK = re.compile(r"\[([^\[\]\n]+)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\]\n]*\])")
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]+)>")
_STRONG = re.compile(r"(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_EMPHASIS = re.compile(
    r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])|(?<![\w_])_(?=[^\s_])([^_\n]+?)(?<=[^\s_])_(?![\w_])"
)
_CODE_SPAN = re.compile(r"(`+)([^`\n]+)\1")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK = re.compile(r"\s*\n\s*")
_PATH_SEPARATOR = " › "


def embedded_text(passage: Passage, *, title: str = "") -> str:
    """The text that stands for `passage` in the index: title and headings, table header, words.

    ZWNJ stays. An empty answer means that there is nothing to embed: metadata, rules, markup alone.
    """
    if passage.kind is BlockKind.METADATA:
        return ""
    body = plain_words(passage.text)
    if not any(ch.isalnum() for ch in body):
        return ""
    lines = []
    crumbs = _crumbs(title, passage.heading_path)
    if crumbs:
        lines.append(_PATH_SEPARATOR.join(crumbs))
        # The passage's own heading would stand there twice.
        first, _, rest = body.partition("\n")
        if passage.heading_path and first == plain_words(passage.heading_path[-1]) and rest:
            body = rest
    if passage.table_header:
        lines.append(plain_words(passage.table_header))
    return "\n".join([*lines, body])


def plain_words(text: str) -> str:
    """Markdown or plain text without marks: links by their text, tables by cells, no tags or fences."""
    if "|" in text:
        text = _DELIMITER_ROW.sub("", text)
        text = _ROW.sub(lambda row: _cells(row.group(1)), text)
    text = _FENCE.sub("", text)
    text = _CONTAINER.sub(r"\1 ", text)
    text = _HEADING.sub(r"\1", text)
    text = _QUOTE.sub("", text)
    text = _UNDERLINE.sub("", text)
    text = _BULLET.sub("", text)
    if "[" in text:
        text = _DEFINITION.sub("", text)
        text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    if "<" in text:
        text = visible_html(_AUTOLINK.sub(r"\1", text))
    text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(lambda found: found.group(1) or found.group(2), text)
    text = _CODE_SPAN.sub(r"\2", text)
    text = _ESCAPE.sub(r"\1", text)
    if "&" in text:
        text = html.unescape(text)
    return _BLANK.sub("\n", _SPACES.sub(" ", text)).strip()


def _cells(row: str) -> str:
    cells = (cell.strip() for cell in _PIPE.split(row))
    return ", ".join(cell for cell in cells if cell)


def _crumbs(title: str, path: tuple[str, ...]) -> list[str]:
    """Title and headings, each said once."""
    crumbs: list[str] = []
    for part in (title, *path):
        words = plain_words(part)
        if words and words not in crumbs:
            crumbs.append(words)
    return crumbs
