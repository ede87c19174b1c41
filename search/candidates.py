"""What in a passage could answer: its sentences and table rows, each with what is said above it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.analysis.places import Place
from search.analysis.sentences import sentences
from search.blocks import Blocks, Listing, Span, Table
from search.expected import Expected, holds_expected, names_expected
from search.plain import Plain

#: code points of a sentence together with the one it needs
LONGEST_PAIR = 400

_WORD = re.compile(r"[^\W_]")
_GAPS = " ·"
_CLOSING = "»”\"')]} "


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence or a table row; spans are of the readable text, terms those of the query only.

    Args:
        own: the terms that are shown with it (for a row those of the table's header, too).
        context: those of the title, the headings, the question or line that introduces it, and the sentence
            before it in its paragraph.
        particular: of `own`, those that neither the title nor a line above it holds.
        is_expected: whether it holds the kind of quantity that was asked for.
        is_named: whether it holds it under a table's header that names that kind.
        is_step: whether it is of a numbered list and the question asks how something is done.
        block: the list or table it belongs to; `place` is the item's or row's number in it.
    """

    start: int
    end: int
    own: frozenset[int]
    context: frozenset[int] = frozenset()
    particular: frozenset[int] = frozenset()
    is_expected: bool = False
    is_named: bool = False
    is_step: bool = False
    block: Listing | Table | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class Sought:
    """What candidates are looked at for.

    Args:
        expected: kinds of quantity asked for.
        is_procedure: whether the question asks how something is done.
        above: the query's terms in the title and the headings over the passage.
    """

    expected: tuple[Expected, ...] = ()
    is_procedure: bool = False
    above: frozenset[int] = frozenset()


def readable_blocks(blocks: Blocks, readable: Plain) -> Blocks:
    """The same lists and tables in the readable text; a list with an item of mere markup is none."""

    def each(spans: Iterable[Span]) -> tuple[Span, ...]:
        return tuple(readable.readable(*span) for span in spans)

    lists = (Listing(each(found.items), found.first) for found in blocks.lists)
    return Blocks(
        tuple(found for found in lists if all(start < end for start, end in found.items)),
        tuple(Table(each(found.header), tuple(each(row) for row in found.rows)) for found in blocks.tables),
    )


def candidates_of(
    readable: Plain, blocks: Blocks, places: Sequence[Place], sought: Sought
) -> list[Candidate]:
    """The candidates of a passage in reading order.

    Headings, questions and lines that only introduce what follows are none.

    Args:
        blocks: of the readable text.
        places: where the query's terms stand in it.
    """
    found: list[Candidate] = []
    above = _Above(sought.above)
    members = _members(blocks)
    headers = [(table.header[0][0], table.header[-1][1]) for table in blocks.tables if table.header]
    reached = before = at = 0
    for start, end in sentences(readable.text):
        if start < reached or not _WORD.search(readable.text, start, end):
            continue
        if any(left < end and start < right for left, right in headers):
            continue
        above.reads(same_paragraph="\n" not in readable.text[before:start])
        before = end
        while at < len(members) and members[at].end <= start:
            at += 1
        member = members[at] if at < len(members) and members[at].start < end else None
        if member is not None:
            above.lead_start = None
            if isinstance(member.block, Table):
                found.append(_row(readable.text, member, above, places, sought))
                reached = before = member.end
                continue
            start = max(start, member.start)  # without the item's number
        elif above.lead_start is None:
            above.lead = frozenset()
        start, end = _without_gaps(readable.text, start, end)
        terms = _terms(places, start, end)
        if readable.is_heading(start, end):
            above.heading_is(terms)
        elif _is_question(readable.text[start:end]):
            above.question_is(terms)
        elif member is None and _introduces(readable.text, start, end):
            above.lead, above.lead_start = terms, start
        else:
            opening = above.lead_start
            if opening is not None and end - opening <= LONGEST_PAIR:
                # A line that introduces one sentence is shown with it.
                start, terms, above.lead = opening, terms | above.lead, frozenset()
            found.append(_sentence(readable.text, (start, end), member, above, terms, sought))
            above.lead_start = None
            above.previous = terms
    return found


@dataclass(frozen=True, slots=True)
class _Member:
    """An item or row and where it stands."""

    start: int
    end: int
    block: Listing | Table
    place: int


class _Above:
    """The query's terms in what was read before: it says what a sentence is about.

    `lead` is of a line that introduces what follows, and stays for the items or rows after it; `lead_start`
    is where that line begins until something followed it.
    """

    def __init__(self, title: frozenset[int]) -> None:
        self.lead: frozenset[int] = frozenset()
        self.lead_start: int | None = None
        self.previous: frozenset[int] = frozenset()
        self._title = title
        self._heading: frozenset[int] = frozenset()
        self._question: frozenset[int] = frozenset()
        self._is_under_heading = self._was_heading = False

    @property
    def lines(self) -> frozenset[int]:
        """Of the lines that stand over all that follows."""
        return self._title | self._heading | self._question | self.lead

    @property
    def all(self) -> frozenset[int]:
        """With the sentence before, where it is of the same paragraph."""
        return self.lines | self.previous

    def reads(self, *, same_paragraph: bool) -> None:
        """Goes on to the next sentence."""
        if not same_paragraph:
            self.previous = frozenset()
        self._is_under_heading, self._was_heading = self._was_heading, False

    def heading_is(self, terms: frozenset[int]) -> None:
        """A heading directly under another keeps what that one says."""
        self._heading = terms | (self._heading if self._is_under_heading else frozenset())
        self._was_heading = True
        self.question_is(frozenset())

    def question_is(self, terms: frozenset[int]) -> None:
        """What follows answers this, up to the next question or heading."""
        self._question, self.lead, self.lead_start = terms, frozenset(), None
        self.previous = frozenset()


def _members(blocks: Blocks) -> list[_Member]:
    """Items and filled rows in reading order."""
    items = [_Member(*span, block, at) for block in blocks.lists for at, span in enumerate(block.items)]
    rows = []
    for block in blocks.tables:
        for at, row in enumerate(block.rows):
            filled = [cell for cell in row if cell[0] < cell[1]]
            if filled:
                rows.append(_Member(filled[0][0], filled[-1][1], block, at))
    return sorted(items + rows, key=lambda member: member.start)


def _row(text: str, member: _Member, above: _Above, places: Sequence[Place], sought: Sought) -> Candidate:
    terms = _terms(places, member.start, member.end)
    header: frozenset[int] = frozenset()
    named: list[tuple[str, str]] = []
    if isinstance(member.block, Table):
        table = member.block
        if table.header:
            header = _terms(places, table.header[0][0], table.header[-1][1])
        names = [text[slice(*cell)] for cell in table.header]
        named = [(n, text[slice(*c)]) for n, c in zip(names, table.rows[member.place], strict=False)]
    row = text[member.start : member.end]
    is_named = any(names_expected(name, cell, sought.expected) for name, cell in named)
    return Candidate(
        member.start,
        member.end,
        own=terms | header,
        context=above.all,
        particular=terms - header - above.lines,
        is_expected=is_named or holds_expected(row, sought.expected),
        is_named=is_named,
        block=member.block,
        place=member.place,
    )


def _sentence(
    text: str, span: Span, member: _Member | None, above: _Above, terms: frozenset[int], sought: Sought
) -> Candidate:
    block = member.block if member else None
    return Candidate(
        *span,
        own=terms,
        context=above.all,
        particular=terms - above.lines,
        is_expected=holds_expected(text[slice(*span)], sought.expected),
        is_step=sought.is_procedure and isinstance(block, Listing) and block.first is not None,
        block=block,
        place=member.place if member else 0,
    )


def _terms(places: Sequence[Place], start: int, end: int) -> frozenset[int]:
    return frozenset(
        term for place in places if start <= place.start and place.end <= end for term in place.terms
    )


def _without_gaps(text: str, start: int, end: int) -> Span:
    """Without what stands for a bar or bullet at its ends."""
    while start < end and text[start] in _GAPS:
        start += 1
    while start < end and text[end - 1] in _GAPS:
        end -= 1
    return start, end


def _is_question(sentence: str) -> bool:
    return sentence.rstrip(_CLOSING).endswith(("؟", "?"))


def _introduces(text: str, start: int, end: int) -> bool:
    """Whether it ends its line with a colon: what it says comes after it."""
    return text[start:end].endswith((":", "：")) and text[end : end + 1] in ("", "\n")
