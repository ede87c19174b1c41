"""Which candidate answers, and how much of it is shown."""

import pytest

from search.analysis.sentences import sentences
from search.answer import (
    LONGEST_BLOCK,
    MOST_PARTS,
    Extract,
    Scored,
    best,
    extract,
    score,
    whole_of,
)
from search.blocks import Listing, Table, blocks_of
from search.candidates import Candidate, readable_blocks
from search.plain import Plain, plain
from search.results import AnswerKind

WEIGHTS = {1: 3.0, 2: 2.0, 3: 1.0}


def of(*terms: int) -> frozenset[int]:
    return frozenset(terms)


def chosen(*candidates: Candidate) -> Scored:
    found = best(score(candidates, WEIGHTS))
    assert found is not None
    return found


def test_without_candidates_there_is_no_answer() -> None:
    assert best(score([], WEIGHTS)) is None


def test_rare_terms_count_more_than_common_ones() -> None:
    rare, common = Candidate(0, 5, of(1)), Candidate(6, 9, of(2))
    assert chosen(common, rare).candidate == rare
    assert chosen(common, rare).coverage == pytest.approx(0.5)


def test_what_is_said_above_counts_in_part() -> None:
    under = Candidate(10, 20, of(3), context=of(1, 2))
    elsewhere = Candidate(30, 40, of(1))
    assert chosen(elsewhere, under).candidate == under
    assert chosen(under).coverage == pytest.approx((1 + 0.6 * 5) / 6)


def test_of_equals_the_first_answers() -> None:
    first, second = Candidate(0, 5, of(1)), Candidate(6, 9, of(1))
    assert chosen(second, first).candidate == first


def test_what_holds_the_kind_that_was_asked_for_ranks_higher_and_covers_no_more() -> None:
    repeats = Candidate(0, 5, of(1, 3))
    gives = Candidate(6, 9, of(1), is_expected=True)
    assert chosen(repeats, gives).candidate == gives
    assert chosen(repeats, gives).coverage == pytest.approx(0.5)


def test_steps_rank_above_a_sentence_that_repeats_the_question_where_it_asks_how() -> None:
    repeats, step = Candidate(0, 5, of(1, 3)), Candidate(6, 9, of(2), is_step=True)
    assert chosen(repeats, step).candidate == step


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("نقطهٔ تحویل رایگان است. این نقطه همیشه در شب‌های تعطیل بسته است.", "نقطهٔ"),
        ("نقطهٔ تحویل رایگان است. اين نقطه همیشه در شب‌های تعطیل بسته است.", "نقطهٔ"),
        ("نقطهٔ تحویل رایگان است. پست برای شهرهای دور همیشه گران‌تر است.", "پست"),
        ("نقطهٔ تحویل رایگان است.\nاین نقطه همیشه در شب‌های تعطیل بسته است.", "این"),
        ("Points are free. They close at night on every public holiday.", "Points"),
        ("x" * 390 + ". They close at night on every public holiday.", "They"),
    ],
)
def test_an_answer_that_points_back_brings_the_sentence_before_it(text: str, shown: str) -> None:
    cut = [Candidate(start, end, of(1)) for start, end in sentences(text)]
    found = extract(plain(text), cut[-1], cut, WEIGHTS)
    assert found.kind is AnswerKind.SENTENCE
    assert text[found.start :].startswith(shown)
    assert found.end == len(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("بله. تا هفت روز پس از تحویل می‌توانید.", "بله. تا هفت روز پس از تحویل می‌توانید."),
        ("بله.\nتا هفت روز پس از تحویل می‌توانید.", "بله."),
    ],
)
def test_a_fragment_brings_the_next_sentence_of_its_paragraph(text: str, shown: str) -> None:
    cut = [Candidate(start, end, of(1)) for start, end in sentences(text)]
    found = extract(plain(text), cut[0], cut, WEIGHTS)
    assert text[found.start : found.end] == shown


def read_list(markdown: str) -> tuple[Plain, Listing]:
    readable = plain(markdown)
    return readable, readable_blocks(blocks_of(markdown), readable).lists[0]


def cut_list(markdown: str, *particular: frozenset[int], is_step: bool = False) -> tuple[Plain, Extract]:
    """The extract where the first item was chosen."""
    readable, listing = read_list(markdown)
    spans = zip(listing.items, particular, strict=True)
    cut = [
        Candidate(*span, own=own, particular=own, is_step=is_step, block=listing, place=place)
        for place, (span, own) in enumerate(spans)
    ]
    return readable, extract(readable, cut[0], cut, WEIGHTS)


STEPS = "## ساختن رمز تازه\n\n1. **فراموشی رمز** را بزنید.\n2. پیوند را باز کنید.\n\nپایان."


def test_all_steps_answer_where_the_question_asks_how() -> None:
    readable, found = cut_list(STEPS, of(1), of(), is_step=True)
    assert found.kind is AnswerKind.STEPS
    assert [readable.text[slice(*step)] for step in found.steps] == [
        "فراموشی رمز را بزنید.",
        "پیوند را باز کنید.",
    ]
    assert found.lead is not None
    assert readable.text[slice(*found.lead)] == "ساختن رمز تازه"
    assert (found.start, found.end) == (found.lead[0], found.steps[-1][1])
    assert found.first_number == 1
    assert found.is_whole


def test_all_steps_answer_where_no_step_stands_out() -> None:
    assert cut_list(STEPS, of(), of())[1].kind is AnswerKind.STEPS


def test_one_item_answers_where_it_stands_out() -> None:
    readable, found = cut_list(STEPS, of(1), of(3))
    assert found.kind is AnswerKind.SENTENCE
    assert readable.text[found.start : found.end] == "فراموشی رمز را بزنید."


@pytest.mark.parametrize(
    ("above", "lead"),
    [
        ("پیش از آغاز بخوانید. این کارها را بکنید:", "این کارها را بکنید:"),
        ("این کارها را بکنید.", None),
        ("", None),
    ],
)
def test_steps_are_shown_with_the_line_that_introduces_them(above: str, lead: str | None) -> None:
    readable, found = cut_list(f"{above}\n\n- یک\n- دو", of(), of())
    assert (readable.text[slice(*found.lead)] if found.lead else None) == lead
    assert found.first_number is None


def test_a_long_list_is_shown_from_its_beginning_and_says_so() -> None:
    many = "\n".join(f"{number}. گام" for number in range(1, MOST_PARTS + 3))
    _, found = cut_list(many, *[of()] * (MOST_PARTS + 2))
    assert len(found.steps) == MOST_PARTS
    assert not found.is_whole
    _, found = cut_list(f"1. {'گام ' * LONGEST_BLOCK}\n2. گام", of(), of())
    assert len(found.steps) == 1
    assert not found.is_whole


def test_a_list_whose_beginning_is_elsewhere_is_not_whole() -> None:
    _, found = cut_list("4. گام\n5. گام", of(), of())
    assert (found.first_number, found.is_whole) == (4, False)


def cut_table(*particular: frozenset[int], expected: tuple[int, ...] = ()) -> Extract:
    """The extract where the first row was chosen."""
    markdown = "| روش | زمان |\n|---|---|\n" + "".join(f"| راه {n} | روز |\n" for n in range(len(particular)))
    readable = plain(markdown)
    table: Table = readable_blocks(blocks_of(markdown), readable).tables[0]
    cut = [
        Candidate(
            row[0][0],
            row[-1][1],
            own=own,
            particular=own,
            is_expected=place in expected,
            block=table,
            place=place,
        )
        for place, (row, own) in enumerate(zip(table.rows, particular, strict=True))
    ]
    return extract(readable, cut[0], cut, WEIGHTS)


def test_a_row_that_stands_out_answers_alone() -> None:
    found = cut_table(of(1), of(3), of())
    assert (found.kind, found.rows, found.is_whole) == (AnswerKind.ROW, (0,), True)


def test_rows_that_answer_as_well_are_shown_too() -> None:
    assert cut_table(of(2), of(), of(2)).rows == (0, 2)
    assert cut_table(of(), of(), of(), expected=(0, 2)).rows == (0, 2)


def test_of_a_long_table_the_first_rows_are_shown() -> None:
    found = cut_table(*[of()] * (MOST_PARTS + 1))
    assert found.rows == tuple(range(MOST_PARTS))
    assert not found.is_whole


def test_a_passage_is_an_answer_whole_only_where_it_is_as_short_as_one() -> None:
    short = [Candidate(4, 20, of()), Candidate(21, 60, of())]
    assert whole_of(short) == Extract(AnswerKind.SENTENCE, 4, 60)
    assert whole_of([*short, Candidate(61, 900, of())]) is None
    assert whole_of([Candidate(4, 20, of(), block=Table((), ()))]) is None
