"""What could answer, and what is said above it."""

from collections.abc import Iterable

from search.analysis.analyzer import Analyzer
from search.analysis.places import Place, places_of
from search.analysis.sparse import term_hash
from search.blocks import Table, blocks_of
from search.candidates import Candidate, Sought, candidates_of, readable_blocks
from search.expected import Expected
from search.plain import Plain, plain

ANALYZER = Analyzer()


def read(markdown: str, sought: Sought | None = None) -> tuple[Plain, list[Candidate]]:
    readable = plain(markdown)
    places: list[Place] = places_of(ANALYZER.analyze(readable.text))
    blocks = readable_blocks(blocks_of(markdown), readable)
    return readable, candidates_of(readable, blocks, places, sought or Sought())


def texts(markdown: str) -> list[str]:
    readable, candidates = read(markdown)
    return [readable.text[one.start : one.end] for one in candidates]


def hashed(words: Iterable[str]) -> frozenset[int]:
    return frozenset(term_hash(word) for word in words)


def test_headings_questions_and_introductions_alone_are_none() -> None:
    assert texts("## مهلت\n\nمهلت چقدر است؟ هفت روز.\n\nBig title\n---\n\nEnd.") == ["هفت روز.", "End."]
    assert texts("## مهلت\n\nتا کی؟\n") == []
    assert texts("برای این کار:\n\n- باز کنید\n- ببندید") == ["باز کنید", "ببندید"]


def test_a_line_that_introduces_a_sentence_is_shown_with_it() -> None:
    assert texts("نشانی دفتر:\nتهران، خیابان آزادی.\n\nپایان.") == [
        "نشانی دفتر:\nتهران، خیابان آزادی.",
        "پایان.",
    ]


def test_a_row_is_one_candidate_and_its_header_none() -> None:
    table = "| روش | زمان |\n|---|---|\n| کارت. هدیه | ۳ روز |\n|  | فوری |\n\nپایان."
    assert texts(table) == ["کارت. هدیه · ۳ روز", "فوری", "پایان."]


def test_items_come_without_their_numbers() -> None:
    assert texts("1. باز کنید. صبر کنید.\n2. بزنید") == ["باز کنید.", "صبر کنید.", "بزنید"]


def test_what_is_said_above_is_context() -> None:
    _, (first, second, third) = read("## گارانتی\n\nکارت لازم است. مدت دارد.\n\nپایان.")
    assert hashed(["گارانتی"]) <= first.context
    assert hashed(["گارانتی", "کارت"]) <= second.context
    assert not hashed(["کارت"]) & third.context


def test_a_question_is_context_up_to_the_next_heading() -> None:
    _, (answer, other) = read("گارانتی چیست؟ پوشش خرابی.\n\n## ارسال\n\nرایگان است.")
    assert hashed(["گارانتی"]) <= answer.context
    assert not hashed(["گارانتی"]) & other.context


def test_the_header_is_shown_with_a_row_but_is_not_its_own_word() -> None:
    _, (row,) = read("| روش | زمان |\n|---|---|\n| کارت | فوری |")
    assert isinstance(row.block, Table)
    assert hashed(["روش", "کارت"]) <= row.own
    assert hashed(["کارت"]) <= row.particular
    assert not hashed(["روش"]) & row.particular


def test_numbered_steps_are_known_where_the_question_asks_how() -> None:
    markdown = "متن.\n\n1. باز کنید\n2. بزنید\n\nپایان:\n\n- یک\n- دو"
    _, candidates = read(markdown, Sought(is_procedure=True))
    assert [one.is_step for one in candidates] == [False, True, True, False, False]


def test_a_candidate_says_whether_it_holds_the_quantity() -> None:
    _, candidates = read("کالا را بفرستید. تا ۷ روز.", Sought(expected=(Expected.TIME,)))
    assert [one.is_expected for one in candidates] == [False, True]


def test_a_number_under_a_header_that_names_the_quantity_is_one() -> None:
    _, candidates = read(
        "| شهر | هزینه |\n|---|---|\n| تهران | ۴۵٬۰۰۰ |\n| یزد | نامعلوم |", Sought((Expected.MONEY,))
    )
    assert [one.is_expected for one in candidates] == [True, False]
