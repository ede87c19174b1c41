"""A text cut into statements: sentences, list items and table cells, with the words and facts of each.

Every statement knows what it stands under (title, headings, the labels of its row and column), whether it is
asked rather than said, and where its conditions begin. Offsets are of the original Markdown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from codify.clauses import Clause, cut_clauses
from codify.facts.bare import cell_fact
from codify.facts.find import Spotted, spot_facts
from codify.words import Word, read_words
from search.analysis.analyzer import Analyzer
from search.analysis.sentences import sentences
from search.blocks import Table, blocks_of
from search.plain import plain

#: a sentence longer than this is no sentence: a log, a list without ends; code points
LONGEST = 600
_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|[0-9۰-۹٠-٩]{1,3}[.)-])[ \t]+(?=\S)|[ \t]*>[ \t]?")
_SPACES = " \n\t\u00a0"
_FENCE = re.compile(r"[ \t]*(?:```+|~~~+)")
_QUESTION = re.compile(r"[؟?][\s»”\"')\]]*$")
#: its stars are no emphasis
_DIALLED = re.compile(r"(?<![*\w])\*[0-9۰-۹٠-٩]{1,5}(?:\*[0-9۰-۹٠-٩]{1,16}){0,4}#")
_COLON = re.compile(r"[:：][\s*_]*$")


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a text says.

    Args:
        start, end: in the original.
        text: readable, without markup; `places` maps its positions to the original.
        clauses: in reading order; each with its words and facts.
        context: words of the title and of the headings above; `labels` those of a cell's row and column.
        is_question: it asks.
    """

    start: int
    end: int
    text: str
    clauses: tuple[Clause, ...]
    title: tuple[Word, ...] = ()
    headings: tuple[Word, ...] = ()
    labels: tuple[Word, ...] = ()
    is_question: bool = False
    asked: tuple[Word, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the original to be read as running text."""

    start: int
    end: int
    headings: tuple[str, ...]
    labels: tuple[str, ...] = ()
    header: str = ""
    is_cell: bool = False
    #: texts of the cells whose facts stand beside this one's: a cell's row label, a label's cells
    beside: tuple[str, ...] = ()
    is_label: bool = False


def read_statements(text: str, *, title: str = "", analyzer: Analyzer) -> list[Statement]:
    """The statements of Markdown `text` in reading order; a table gives one for each cell with a row label.

    Args:
        title: what the text stands under.
    """
    title_words = read_words(title, (), analyzer)
    found: list[Statement] = []
    asked = title_words if _QUESTION.search(title) else ()
    lead: tuple[Word, ...] = ()
    for piece in _pieces(text):
        for statement in _read(text, piece, analyzer):
            made = replace(statement, title=title_words, asked=asked)
            if lead and not piece.is_cell:
                made = replace(made, headings=(*made.headings, *lead))
            found.append(made)
            asked = _content(made) if made.is_question else ()
            if not piece.is_cell:
                lead = _content(made) if _COLON.search(made.text) else (lead if piece.labels else ())
    return found


def _content(statement: Statement) -> tuple[Word, ...]:
    return tuple(word for clause in statement.clauses for word in clause.words)


def _pieces(text: str) -> Iterator[_Piece]:
    """Paragraphs, items and cells in reading order."""
    tables = {table_span(table)[0]: table for table in blocks_of(text).tables} if "|" in text else {}
    spans = sorted((*table_span(table), table) for table in tables.values()) if tables else []
    path: list[tuple[int, str]] = []
    opened: list[tuple[int, int]] = []
    at, in_code, upcoming = 0, False, 0

    def headings() -> tuple[str, ...]:
        return tuple(words for _, words in path)

    def flush() -> Iterator[_Piece]:
        if opened:
            yield _Piece(
                opened[0][0], opened[-1][1], headings(), ("item",) if _ITEM.match(text, opened[0][0]) else ()
            )
            opened.clear()

    while at <= len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if upcoming < len(spans) and at <= spans[upcoming][0] < end + 1 and not in_code:
            yield from flush()
            yield from _cells(text, spans[upcoming][2], headings())
            at = max(end + 1, text.find("\n", spans[upcoming][1]) + 1 or len(text) + 1)
            upcoming += 1
            continue
        line = text[at:end]
        heading = _HEADING.match(line)
        if _FENCE.match(line):
            yield from flush()
            in_code = not in_code
        elif in_code or not line.strip():
            yield from flush()
        elif heading:
            yield from flush()
            while path and path[-1][0] >= len(heading[1]):
                path.pop()
            path.append((len(heading[1]), plain(heading[2]).text))
        else:
            if _ITEM.match(line):
                yield from flush()
            opened.append((at, end))
        at = end + 1
    yield from flush()


def table_span(table: Table) -> tuple[int, int]:
    """From the first to the last cell."""
    cells = [*table.header, *(cell for row in table.rows for cell in row)]
    return min(cell[0] for cell in cells), max(cell[1] for cell in cells)


def _cells(text: str, table: Table, headings: tuple[str, ...]) -> Iterator[_Piece]:
    """Every cell but the first of each row, labelled by the row's first cell and the column's header.

    Words in the other cells of a row narrow the row down; numbers there do not.
    """
    heads = [plain(text[a:b]).text for a, b in table.header]
    for row in table.rows:
        texts = [plain(text[a:b]).text for a, b in row]
        if not row:
            continue
        for column, (start, end) in enumerate(row):
            is_label = column == 0 and len(row) > 1
            if start == end or (is_label and not any(char.isdigit() for char in texts[0])):
                continue
            others = [
                texts[other]
                for other in range(len(row))
                if other != column and (other == 0 or not any(char.isdigit() for char in texts[other]))
            ]
            header = heads[column] if column < len(heads) else ""
            beside = tuple(texts[1:]) if is_label else (texts[0],)
            yield _Piece(
                start,
                end,
                headings,
                (header, *others),
                header,
                is_cell=True,
                beside=beside,
                is_label=is_label,
            )


def _read(text: str, piece: _Piece, analyzer: Analyzer) -> Iterator[Statement]:
    marker = None if piece.is_cell else _ITEM.match(text, piece.start, piece.end)
    start = marker.end() if marker else piece.start
    readable = plain(_DIALLED.sub(lambda code: code[0].replace("*", "∗"), text[start : piece.end]))
    running, places = _single_spaced(readable.text)
    headings = tuple(word for heading in piece.headings for word in read_words(heading, (), analyzer))
    labels = (
        tuple(word for label in piece.labels for word in read_words(label, (), analyzer))
        if piece.is_cell
        else ()
    )
    for left, right in _sentences(running) if not piece.is_cell else [(0, min(len(running), LONGEST))]:
        sentence = running[left:right]

        def original(a: int, b: int, left: int = left) -> tuple[int, int]:
            begin, end = places[left + a], places[left + b - 1] + 1 if b > a else places[left + a]
            first, last = readable.original(begin, end)
            return start + first, start + last

        facts, bare = spot_facts(sentence, analyzer)
        if piece.is_cell and not facts:
            facts = cell_fact(sentence, bare, piece.header)
        words = read_words(sentence, tuple((f.start, f.end) for f in facts), analyzer)
        clauses = cut_clauses(sentence, words, facts, original)
        if piece.is_cell:
            clauses = tuple(_in_row(clause, piece, analyzer) for clause in clauses)
        begins, ends = original(0, len(sentence))
        yield Statement(
            begins,
            ends,
            sentence,
            clauses,
            headings=headings,
            labels=labels,
            is_question=_QUESTION.search(sentence) is not None,
        )


def _single_spaced(text: str) -> tuple[str, list[int]]:
    """The text on one line with single spaces, and where each of its characters, and its end, came from."""
    places = [at for at, char in enumerate(text) if not (char in _SPACES and at and text[at - 1] in _SPACES)]
    return "".join(" " if text[at] in _SPACES else text[at] for at in places), [*places, len(text)]


def _sentences(running: str) -> Iterator[tuple[int, int]]:
    """Spans of sentences; what has no end for `LONGEST` code points is cut at a space."""
    for left, right in sentences(running):
        while right - left > LONGEST:
            space = running.rfind(" ", left + LONGEST // 2, left + LONGEST)
            cut = space if space > left else left + LONGEST
            yield left, cut
            left = cut
        yield left, right


def _in_row(clause: Clause, piece: _Piece, analyzer: Analyzer) -> Clause:
    """The clause of a cell whose facts know those beside them: the label's say what the cells' hold for."""
    beside = tuple(
        (fact.kind, fact.value, not piece.is_label)
        for text in piece.beside
        for fact in spot_facts(text, analyzer)[0]
    )
    facts = tuple(
        replace(fact, beside=(*fact.beside, *beside), in_condition=fact.in_condition or piece.is_label)
        for fact in clause.facts
    )
    return replace(clause, facts=facts)


__all__ = ["Spotted", "Statement", "read_statements"]
