"""Searching for real: the record, the model, the index; what is found, and what never is."""

from collections.abc import Iterator
from dataclasses import replace as replaced
from pathlib import Path

import pytest

from bench.dataset import Entry
from bench.knowledge import Knowledge, temporary_knowledge
from kb.edition import keep_in_step
from kb.errors import EmptyText, IndexUnavailable, TextTooLong
from kb.source import delete_source
from kb.visibility import ANONYMOUS, NOTHING, OPERATOR, visibility_of
from kb.vocabulary import Audience, OriginKind
from search.index import Leg
from search.results import Filters, SearchResult

STAFF = visibility_of(OPERATOR, portal_public=True)
VISITOR = visibility_of(ANONYMOUS, portal_public=True)

ENTRIES = [
    Entry(
        "refund",
        "زمان برگشت پول",
        "## مهلت\n\nپس از تأیید مرجوعی، پول شما **۳ تا ۵ روز کاری** به کارت برمی‌گردد.\n\n"
        "اگر از کیف پول پرداخت کرده باشید، همان روز برمی‌گردد.",
    ),
    Entry(
        "delivery",
        "هزینهٔ ارسال",
        "| شهر | هزینه |\n| --- | --- |\n| تهران | ۴۵٬۰۰۰ تومان |\n| مشهد | ۶۵٬۰۰۰ تومان |\n",
    ),
    Entry(
        "books",
        "بازگرداندن کتاب",
        "کتاب‌ها را تا هفت روز می‌توانید پس بدهید. کتاب‌های دست دوم پس گرفته نمی‌شوند.",
    ),
    Entry("project", "پروژه", "این پروژه زرکوبانگ نام دارد."),
    Entry(
        "login",
        "Login code does not arrive",
        "Wait two minutes, then ask for a new code. Check that the number is yours.",
    ),
    Entry(
        "warranty",
        "Warranty",
        "Keep the card in the box. The warranty starts on the day of delivery and lasts 18 months.",
    ),
]


@pytest.fixture(scope="module")
def knowledge(models_dir: Path) -> Iterator[Knowledge]:
    patch = pytest.MonkeyPatch()
    patch.setenv("KB_MODELS_DIR", str(models_dir))
    with temporary_knowledge(ENTRIES) as made:
        yield made
    patch.undo()


def ask(knowledge: Knowledge, text: str, **more: object) -> SearchResult:
    visibility = more.pop("visibility", STAFF)
    return knowledge.search.searcher.search(text=text, visibility=visibility, **more)  # type: ignore[arg-type]


def first(knowledge: Knowledge, text: str, **more: object) -> str:
    result = ask(knowledge, text, **more)
    return knowledge.entry_of[result.hits[0].origin_id] if result.hits else ""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("پولم کی برمیگرده؟", "refund"),
        ("هزينه ارسال به مشهد", "delivery"),
        ("كتابها را پس میگیرید", "books"),
        ("کتاب ها", "books"),
        ("کد ورود نمی‌آید", "login"),
        ("how long is the warranty", "warranty"),
        ("when do I get my money back", "refund"),
    ],
)
def test_the_right_answer_comes_first_in_any_spelling_and_across_languages(
    knowledge: Knowledge, question: str, expected: str
) -> None:
    assert first(knowledge, question) == expected


def test_the_answer_is_a_sentence_of_the_original_without_markup(knowledge: Knowledge) -> None:
    result = ask(knowledge, "پول چند روز کاری به کارت برمی‌گردد")
    assert result.answer is not None
    assert result.answer.text == "پس از تأیید مرجوعی، پول شما ۳ تا ۵ روز کاری به کارت برمی‌گردد."
    original = ENTRIES[0].text[result.answer.start : result.answer.end]
    assert original == "پس از تأیید مرجوعی، پول شما **۳ تا ۵ روز کاری** به کارت برمی‌گردد."
    assert 0.0 <= result.answer.confidence <= 1.0


def test_marks_cover_whole_words_of_the_snippet(knowledge: Knowledge) -> None:
    snippet = ask(knowledge, "كتابها").hits[0].snippet
    marked = [snippet.text[start:end] for start, end in snippet.marks]
    assert "کتاب‌ها" in marked


def test_an_origin_is_one_hit_however_many_passages_match(knowledge: Knowledge) -> None:
    hits = ask(knowledge, "زمان برگشت پول").hits
    assert len({hit.origin_id for hit in hits}) == len(hits)
    assert hits[0].passages >= 2


@pytest.mark.parametrize("legs", [(Leg.DENSE,), (Leg.TERMS, Leg.GRAMS), tuple(Leg)])
def test_each_leg_answers_alone(knowledge: Knowledge, legs: tuple[Leg, ...]) -> None:
    assert first(knowledge, "زمان برگشت پول", legs=legs) == "refund"


def test_no_visibility_finds_and_suggests_nothing(knowledge: Knowledge) -> None:
    assert ask(knowledge, "پول", visibility=NOTHING).hits == ()
    assert knowledge.search.searcher.suggest(text="زمان", visibility=NOTHING) == []


def test_filters_only_narrow(knowledge: Knowledge) -> None:
    english = Filters(languages=frozenset({"en"}))
    assert {hit.language for hit in ask(knowledge, "پول و warranty", filters=english).hits} == {"en"}
    internal = Filters(audiences=frozenset({"internal"}))
    assert ask(knowledge, "پول", visibility=VISITOR, filters=internal).hits == ()


@pytest.mark.parametrize("query", ["", "   ", "\n\t", "\0"])
def test_a_blank_query_is_refused(knowledge: Knowledge, query: str) -> None:
    with pytest.raises(EmptyText):
        ask(knowledge, query)


def test_a_query_that_is_too_long_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(TextTooLong):
        ask(knowledge, "پول " * 300_000)


@pytest.mark.parametrize("query", ["؟!", "👍", "ـــ", "\ud800 پول", "a" * 1900, "۱۲۳" * 500])
def test_odd_queries_are_answered_without_failing(knowledge: Knowledge, query: str) -> None:
    assert ask(knowledge, query).query


def test_a_repeated_question_is_answered_from_memory_and_equal(knowledge: Knowledge) -> None:
    before = ask(knowledge, "مدت گارانتی چقدر است")
    misses = knowledge.search.embedder.misses
    again = ask(knowledge, "مدت گارانتی چقدر است")
    assert knowledge.search.embedder.misses == misses
    assert replaced(again, took_ms=0.0) == replaced(before, took_ms=0.0)


def test_a_remembered_result_is_not_shown_once_the_record_forbids_a_hit(knowledge: Knowledge) -> None:
    question = "warranty card in the box"
    origin = ask(knowledge, question, visibility=VISITOR).hits[0].origin_id
    assert knowledge.entry_of[origin] == "warranty"

    def move(audience: Audience) -> None:
        with knowledge.database.transaction() as session:
            keep_in_step(session, origin_kind=OriginKind.SOURCE, origin_id=origin, audience=audience)

    move(Audience.INTERNAL)
    try:
        hidden = ask(knowledge, question, visibility=VISITOR)
        assert origin not in {hit.origin_id for hit in hidden.hits}
        assert hidden.answer is None or hidden.answer.origin_id != origin
        assert origin in {hit.origin_id for hit in ask(knowledge, question).hits}
        suggested = knowledge.search.searcher.suggest(text="Warr", visibility=VISITOR)
        assert origin not in {suggestion.origin_id for suggestion in suggested}
    finally:
        move(Audience.PUBLIC)


def test_suggestions_continue_what_is_typed(knowledge: Knowledge) -> None:
    texts = [s.text for s in knowledge.search.searcher.suggest(text="هزینه", visibility=VISITOR)]
    assert texts == ["هزینهٔ ارسال"]


def test_without_the_dense_leg_words_answer_and_the_result_says_so(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kb.errors import EmbeddingUnavailable

    def down(_text: str) -> None:
        raise EmbeddingUnavailable(reason="the endpoint is down")

    monkeypatch.setattr(knowledge.search.embedder, "prepare_query", down)
    result = ask(knowledge, "گارانتی یا warranty چند ماه")
    assert result.degraded == ("dense",)
    assert result.hits


def test_an_index_that_fails_is_named(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise IndexUnavailable(reason="gone")

    monkeypatch.setattr(knowledge.search.index, "query", broken)
    with pytest.raises(IndexUnavailable):
        ask(knowledge, "یک پرسش تازه")


def test_a_deleted_source_is_never_found_again_even_before_the_index_knows(knowledge: Knowledge) -> None:
    origin = ask(knowledge, "login code").hits[0].origin_id
    with knowledge.database.transaction() as session:
        delete_source(session, caller=OPERATOR, source_id=origin)
    assert origin not in {hit.origin_id for hit in ask(knowledge, "login code").hits}


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("bazgardandane ketab", "بازگرداندن کتاب", "books"),
        ("poolam ro mikham", "پولم رو می\u200cخوام", "refund"),
        ("hvshg", "ارسال", "delivery"),
        ("هزینه ارصال", "هزینه ارسال", "delivery"),
        ("waranty", "warranty", "warranty"),
    ],
)
def test_a_query_is_searched_for_as_it_was_meant_and_says_so(
    knowledge: Knowledge, typed: str, meant: str, expected: str
) -> None:
    result = ask(knowledge, typed)
    assert result.query == typed
    assert result.repair is not None
    assert result.repair.text == meant
    assert knowledge.entry_of[result.hits[0].origin_id] == expected
    as_typed = ask(knowledge, typed, repair=False)
    assert as_typed.repair is None


def test_the_meaning_that_is_searched_for_is_that_of_the_repaired_query(knowledge: Knowledge) -> None:
    dense = (Leg.DENSE,)
    repaired, meant = ask(knowledge, "hvshg", legs=dense), ask(knowledge, "ارسال", legs=dense)
    assert repaired.repair is not None
    assert [(hit.origin_id, hit.score) for hit in repaired.hits] == [
        (hit.origin_id, hit.score) for hit in meant.hits
    ]
    as_typed = ask(knowledge, "hvshg", legs=dense, repair=False)
    assert as_typed.hits[0].explanation.dense != repaired.hits[0].explanation.dense


def test_a_repair_names_no_word_of_a_source_closed_a_moment_ago(knowledge: Knowledge) -> None:
    """The words in memory are a little older than the record; the record has the last word."""
    typed = "زرکوبانگگ چیست"
    shown = ask(knowledge, typed, visibility=VISITOR)
    assert shown.repair is not None
    assert shown.repair.text == "زرکوبانگ چیست"
    (origin,) = (found for found, entry in knowledge.entry_of.items() if entry == "project")
    with knowledge.database.transaction() as session:
        keep_in_step(session, origin_kind=OriginKind.SOURCE, origin_id=origin, audience=Audience.INTERNAL)
    assert ask(knowledge, typed, visibility=VISITOR).repair is None
    knowledge.search.forget_queries()
    assert ask(knowledge, typed, visibility=VISITOR).repair is None
