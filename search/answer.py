"""Which part of the best passages answers, and how much of it is shown: a sentence, steps, or table rows.

Everything here is in the readable text of one passage; `search.present` leads back to the original.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.analysis.fold import fold_text
from search.analysis.sentences import sentences
from search.blocks import Listing, Span, Table
from search.candidates import LONGEST_PAIR, Candidate
from search.plain import Plain
from search.results import AnswerKind

#: what a query term counts that is said above a sentence (title, heading, sentence before), not in it
CONTEXT_SHARE = 0.6
#: what it adds to a candidate's rank that it holds the kind of quantity that was asked for
EXPECTED_BONUS = 0.3
#: and that a table holds it under a header that names that kind: the table is about it, a sentence may
#: mention it
NAMED_BONUS = 0.1
#: and that it is one of numbered steps, where the question asks how: a sentence that mentions more of the
#: question's words rarely tells how
STEP_BONUS = 0.5
#: below this share of the query's information, words are no evidence that a candidate answers
LEAST_COVERAGE = 0.2
#: what is needed of the confidence in the hit where words are no evidence
LEAST_CONFIDENCE = 0.5
#: a row or item that leads the others of its table or list by less answers no better than they do
STANDS_OUT = 0.05
#: a sentence below this is a fragment ("Yes.") and is shown with the next one
SHORTEST = 40
#: of a list or table, shown at most: items or rows, and code points
MOST_PARTS = 12
LONGEST_BLOCK = 1200

#: folded; no alternative is longer than the 16 characters that are looked at
_POINTS_BACK = re.compile(r"(?:این|ان|انها|او|وی|همین|همان|چنین|it|its|this|that|they|these|those|he|she)\b")


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its covered share of the query's information (0..1) and what it is ranked by."""

    candidate: Candidate
    coverage: float
    rank: float


@dataclass(frozen=True, slots=True)
class Extract:
    """What is shown of a passage: spans of its readable text.

    Args:
        lead: the heading or line that introduces the steps.
        steps: the items, without their markers.
        rows: numbers of rows of `table`.
        is_whole: False where the list or table goes on.
    """

    kind: AnswerKind
    start: int
    end: int
    lead: Span | None = None
    steps: tuple[Span, ...] = ()
    first_number: int | None = None
    table: Table | None = None
    rows: tuple[int, ...] = ()
    is_whole: bool = True


def score(candidates: Sequence[Candidate], weights: Mapping[int, float]) -> list[Scored]:
    """Every candidate with its coverage and rank.

    Args:
        weights: the query's terms with their inverse document frequencies.
    """
    total = sum(weights.values()) or 1.0
    scored = []
    for candidate in candidates:
        own = sum(weights[term] for term in candidate.own)
        context = sum(weights[term] for term in candidate.context - candidate.own)
        coverage = (own + CONTEXT_SHARE * context) / total
        bonus = EXPECTED_BONUS * candidate.is_expected + NAMED_BONUS * candidate.is_named
        bonus += STEP_BONUS * candidate.is_step
        scored.append(Scored(candidate, coverage, coverage + bonus))
    return scored


def best(scored: Sequence[Scored]) -> Scored | None:
    """The highest rank; of equals the earlier one."""
    return max(scored, key=lambda one: (round(one.rank, 6), -one.candidate.start), default=None)


def extract(
    readable: Plain,
    chosen: Candidate,
    candidates: Sequence[Candidate],
    weights: Mapping[int, float],
) -> Extract:
    """How much is shown with `chosen`.

    A row with those of its table that answer as well; all steps where the question asks how, or where what
    was asked stands above the list and no item stands out; else the sentence with the neighbour it needs.
    """
    block = chosen.block
    if isinstance(block, Table):
        return _rows(block, _equals(chosen, candidates, weights))
    if isinstance(block, Listing) and (chosen.is_step or len(_equals(chosen, candidates, weights)) > 1):
        return _steps(readable, block)
    return Extract(AnswerKind.SENTENCE, *_with_neighbour(chosen, candidates, readable.text))


def whole_of(candidates: Sequence[Candidate]) -> Extract | None:
    """A passage that is no longer than an answer, whole; None for longer ones and those with lists."""
    start, end = candidates[0].start, candidates[-1].end
    if end - start > LONGEST_PAIR or any(candidate.block for candidate in candidates):
        return None
    return Extract(AnswerKind.SENTENCE, start, end)


def _equals(chosen: Candidate, candidates: Sequence[Candidate], weights: Mapping[int, float]) -> list[int]:
    """Rows or items of the block of `chosen` that hold as much of what was asked in particular."""
    total = sum(weights.values()) or 1.0
    standing: dict[int, float] = {}
    for candidate in candidates:
        if candidate.block is chosen.block:
            particular = sum(weights[term] for term in candidate.particular) / total
            held = particular + EXPECTED_BONUS * candidate.is_expected
            standing[candidate.place] = max(held, standing.get(candidate.place, 0.0))
    most = max(standing.values())
    return sorted({place for place, held in standing.items() if held > most - STANDS_OUT} | {chosen.place})


def _rows(table: Table, places: Sequence[int]) -> Extract:
    shown: list[int] = []
    length = 0
    for place in places:
        length += sum(end - start for start, end in (*table.header, *table.rows[place]))
        if shown and (length > LONGEST_BLOCK or len(shown) == MOST_PARTS):
            break
        shown.append(place)
    filled = [cell for place in shown for cell in table.rows[place] if cell[0] < cell[1]]
    return Extract(
        AnswerKind.ROW,
        filled[0][0],
        filled[-1][1],
        table=table,
        rows=tuple(shown),
        is_whole=len(shown) == len(places),
    )


def _steps(readable: Plain, listing: Listing) -> Extract:
    lead = _lead(readable, listing.items[0][0])
    start = lead[0] if lead else listing.items[0][0]
    shown = 1
    while (
        shown < len(listing.items) and shown < MOST_PARTS and listing.items[shown][1] - start <= LONGEST_BLOCK
    ):
        shown += 1
    steps = listing.items[:shown]
    return Extract(
        AnswerKind.STEPS,
        start,
        steps[-1][1],
        lead=lead,
        steps=steps,
        first_number=listing.first,
        is_whole=shown == len(listing.items) and listing.first in (None, 0, 1),
    )


def _lead(readable: Plain, start: int) -> Span | None:
    """The heading directly above a list, or the end of a paragraph above it that introduces it."""
    text = readable.text
    line = text.rfind("\n", 0, start) + 1
    end = len(text[:line].rstrip())
    above = text.rfind("\n", 0, end) + 1
    if above == end:
        return None
    if readable.is_heading(above, end):
        return above, end
    left, right = sentences(text[above:end])[-1]
    return (above + left, above + right) if text[:end].endswith((":", "：")) else None


def _with_neighbour(chosen: Candidate, candidates: Sequence[Candidate], text: str) -> Span:
    """The sentence with the one before where it speaks of what that one names; a fragment with the next."""
    at = candidates.index(chosen)
    start, end = chosen.start, chosen.end

    def is_near(left: Candidate, right: Candidate) -> bool:
        return "\n" not in text[left.end : right.start] and right.end - left.start <= LONGEST_PAIR

    if (
        at > 0
        and _POINTS_BACK.match(fold_text(text[start : start + 16]))
        and is_near(candidates[at - 1], chosen)
    ):
        return candidates[at - 1].start, end
    if end - start < SHORTEST and at + 1 < len(candidates) and is_near(chosen, candidates[at + 1]):
        return start, candidates[at + 1].end
    return start, end
