"""HTML through lexbor: headings, lists, tables, quotes and code keep their structure, furniture goes."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.document import Extracted
from ingest.received import Received
from ingest.writer import TextWriter

_DECLARED = re.compile(rb"<(?:meta|\?xml)[^>]+?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

_DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "map",
        "head",
        "title",
        "link",
        "meta",
        "form",
        "button",
        "select",
        "option",
        "textarea",
        "input",
        "nav",
        "dialog",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "br",
        "-text",
        "o:p",
        "center",
    ]
)
_FURNITURE_ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar"])
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# lexbor itself nests without bound; deeper trees than any author's are read as running text.
_DEEPEST = 150


def convert(received: Received) -> Extracted:
    """Read the page's main part; its `<title>` becomes the title, else the first heading."""
    text, notices = received.text(declared=declared_charset(received.data))
    writer = received.writer()
    writer.notices.extend(notices)
    title = write_html(text, writer)
    return writer.finish(title=title)


def declared_charset(data: bytes) -> str | None:
    """The encoding a page names for itself, as browsers understand the name."""
    found = _DECLARED.search(data[:4096])
    if found is None:
        return None
    name = found.group(1).decode("ascii").lower()
    return "cp1252" if name in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii") else name


def write_html(source: str, writer: TextWriter) -> str:
    """Write what a reader sees of `source`; returns the page's `<title>`."""
    tree = LexborHTMLParser(source)
    head = tree.css_first("head > title")
    title = head.text(deep=True).strip() if head is not None else ""
    root = tree.body or tree.root
    if root is not None:
        _Walker(writer).children(_main_part(root), 0)
    return title


def _main_part(body: LexborNode) -> LexborNode:
    """The `main` element (or the only `article`) where it holds a third of the page's text, else the body."""
    candidates = body.css("main, [role=main]") or body.css("article")
    if len(candidates) == 1:
        whole = len(body.text(deep=True, separator=" ").strip())
        if len(candidates[0].text(deep=True, separator=" ").strip()) * 3 >= whole:
            return candidates[0]
    return body


class _Walker:
    """Depth-first over one tree; running text gathers until a block element ends it."""

    def __init__(self, writer: TextWriter) -> None:
        self._writer = writer
        self._words: list[str] = []
        self._in_article = 0

    def children(self, node: LexborNode, depth: int) -> None:
        child = node.child
        while child is not None:
            self._visit(child, depth + 1)
            child = child.next
        self._flush()

    def _visit(self, node: LexborNode, depth: int) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self._words.append(_SPACE.sub(" ", node.text_content or ""))
        elif tag == "br":
            self._words.append("\n")
        elif tag == "img":
            self._words.append(node.attributes.get("alt") or "")
        elif tag in _DROPPED or tag.startswith("-") or _is_furniture(node, tag, self._in_article):
            return
        elif depth > _DEEPEST:
            self._words.append(" " + node.text(deep=True, separator=" ") + " ")
        elif tag in _INLINE and not _holds_block(node):
            self._words.append(inline_text(node))
        else:
            self._flush()
            self._block(node, tag, depth)
            self._flush()

    def _block(self, node: LexborNode, tag: str, depth: int) -> None:
        if tag in _HEADINGS:
            self._writer.heading(_HEADINGS[tag], inline_text(node))
        elif tag in ("ul", "ol", "menu", "dir"):
            self._list(node, 1, depth)
        elif tag == "pre":
            self._writer.code(_preformatted(node), language=_code_language(node))
        elif tag == "table":
            self._table(node, depth)
        elif tag == "blockquote":
            self._writer.quote(inline_text(node))
        elif tag in ("article", "section", "main"):
            self._in_article += 1
            self.children(node, depth)
            self._in_article -= 1
        else:
            self.children(node, depth)

    def _list(self, node: LexborNode, level: int, depth: int) -> None:
        number = 0
        for item in node.iter():
            if item.tag in ("ul", "ol"):
                self._list(item, level + 1, depth + 1)
            elif item.tag == "li":
                number += 1
                marker = f"{number}." if node.tag == "ol" else "-"
                self._item(item, level, marker, depth + 1)

    def _item(self, item: LexborNode, level: int, marker: str, depth: int) -> None:
        """The item's own words, then its nested lists, tables and code as blocks of their own."""
        words: list[str] = []
        nested: list[LexborNode] = []
        _gather(item, words, nested)
        self._writer.list_item(_tidy("".join(words)), depth=level, marker=marker)
        for block in nested:
            if block.tag in ("ul", "ol") and depth < _DEEPEST:
                self._list(block, level + 1, depth + 1)
            else:
                self._block(block, block.tag or "", depth + 1)

    def _table(self, node: LexborNode, depth: int) -> None:
        """A data table by rows; one of one column, or holding tables, is page layout and read as blocks."""
        rows = [row for row in node.css("tr") if _table_of(row) == node.mem_id]
        cells = [[cell for cell in row.iter() if cell.tag in ("td", "th")] for row in rows]
        if node.css_first("table table") is not None or max(map(len, cells), default=0) < 2:
            caption = node.css_first("caption")
            if caption is not None:
                self._writer.paragraph(inline_text(caption))
            for row in cells:
                for cell in row:
                    self.children(cell, depth + 1)
            return
        if (caption := node.css_first("caption")) is not None:
            self._writer.paragraph(inline_text(caption))
        texts = [[inline_text(cell).replace("\n", " ") for cell in row] for row in cells]
        header = (
            all(cell.tag == "th" for cell in cells[0]) or node.css_first("thead th, thead td") is not None
        )
        self._writer.table(texts, has_header=header)

    def _flush(self) -> None:
        if self._words:
            self._writer.paragraph(_tidy("".join(self._words)))
            self._words.clear()


def inline_text(node: LexborNode) -> str:
    """The visible words of an element; `<br>` becomes a line break, images their alternative text."""
    words: list[str] = []
    _gather(node, words, None)
    return _tidy("".join(words))


def _gather(node: LexborNode, words: list[str], nested: list[LexborNode] | None, depth: int = 0) -> None:
    """Collect words in order; lists, tables and code go to `nested` unless it is None."""
    child = node.child
    while child is not None:
        tag = child.tag or ""
        if tag == "-text":
            words.append(_SPACE.sub(" ", child.text_content or ""))
        elif tag == "br":
            words.append("\n")
        elif tag == "img":
            words.append(child.attributes.get("alt") or "")
        elif nested is not None and tag in ("ul", "ol", "table", "pre", "blockquote"):
            nested.append(child)
        elif tag not in _DROPPED and not tag.startswith("-") and not _is_hidden(child):
            if depth > _DEEPEST:
                words.append(child.text(deep=True))
            else:
                block = tag not in _INLINE
                words.append("\n" if block else "")
                _gather(child, words, nested, depth + 1)
                words.append("\n" if block else "")
        child = child.next


def _tidy(text: str) -> str:
    """Single spaces, no space at line ends, no empty lines."""
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _preformatted(node: LexborNode) -> str:
    parts = []
    for part in node.traverse(include_text=True):
        if part.tag == "-text":
            parts.append(part.text_content or "")
        elif part.tag == "br":
            parts.append("\n")
    return "".join(parts)


def _code_language(node: LexborNode) -> str:
    for holder in (node, node.css_first("code")):
        names = (holder.attributes.get("class") or "") if holder is not None else ""
        for name in names.split():
            if name.startswith(("language-", "lang-")):
                return re.sub(r"[^\w+#-]", "", name.partition("-")[2])
    return ""


def _holds_block(node: LexborNode) -> bool:
    return any((inner.tag or "") not in _INLINE for inner in node.traverse() if inner.mem_id != node.mem_id)


def _table_of(row: LexborNode) -> int:
    parent = row.parent
    while parent is not None and parent.tag != "table":
        parent = parent.parent
    return parent.mem_id if parent is not None else 0


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(attributes.get("style") or ""))
    )


def _is_furniture(node: LexborNode, tag: str, in_article: int) -> bool:
    """Navigation, page footers and hidden parts; a footer inside an article belongs to it."""
    if _is_hidden(node) or node.attributes.get("role") in _FURNITURE_ROLES:
        return True
    return tag == "footer" and not in_article
