"""What is repaired and how, what is left alone, and what is never shown."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.repair import Kind, QueryRepairer
from search.repair.corpus import VisibleCorpus
from tests.search.repair.conftest import COUNTER, INTERNAL, PUBLIC, corpus_of

Repaired = Callable[[str], str | None]
REPAIRER = QueryRepairer(COUNTER.analyzer)
CORPUS = corpus_of({"public": PUBLIC, "internal": INTERNAL}, ("public",))
WORDS = sorted({word for text in PUBLIC for word in text.replace("؛", " ").replace("،", " ").split()})

BROKEN = ("sghl", "sefaresh", "سفارض", "refnud", "fvhd", "x")

queries = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="abcdefgh ;'[]\\,`.?!آابپتثسشمنوهی\u200c012۳ABC@/-", max_size=60),
    st.lists(st.sampled_from([*WORDS, *BROKEN]), max_size=8).map(" ".join),
)


@pytest.mark.parametrize(
    ("typed", "meant", "kind"),
    [
        ("sefaresh", "سفارش", Kind.FINGLISH),
        ("bazgasht vajh", "بازگشت وجه", Kind.FINGLISH),
        ("kart banki", "کارت بانکی", Kind.FINGLISH),
        ("sghl", "سلام", Kind.LAYOUT),
        ("اثممخ", "hello", Kind.LAYOUT),
        ("سفارض", "سفارش", Kind.TYPO),
        ("گذرواشه", "گذرواژه", Kind.TYPO),
        ("refnud my acount", "refund my account", Kind.TYPO),
        ("فریمورک", "فریم ورک", Kind.SPLIT),
        ("checkoutpage", "checkout page", Kind.SPLIT),
        ("ریاک تیویتی", "ریاک\u200cتیویتی", Kind.JOINED),
    ],
)
def test_a_query_is_repaired(
    repairer: QueryRepairer, public: VisibleCorpus, typed: str, meant: str, kind: Kind
) -> None:
    repair = repairer.repair(typed, public)
    assert repair is not None
    assert (repair.original, repair.text, repair.kinds) == (typed, meant, (kind,))


@pytest.mark.parametrize(
    "text",
    [
        "سفارش کارت",
        "refund order",
        "ali@example.com",
        "https://sefaresh.example/sghl",
        "SKU-1234 abc_def",
        "iPhone OAuth",
        "how do I change my address",
        "reactivity fundamentals",
        "docker nginx setup",
        "۱۲۳۴ 5678",
        "",
        "   ",
        "؟!",
    ],
)
def test_what_matches_codes_names_and_english_stand(repaired: Repaired, text: str) -> None:
    assert repaired(text) is None


def test_a_mixed_query_keeps_its_good_words(repaired: Repaired) -> None:
    assert repaired("پرداخت سفارض با account") == "پرداخت سفارش با account"
    assert repaired("refund sefaresham ro mikham") == "refund سفارشم رو می\u200cخوام"


def test_finglish_offers_other_readings_that_the_corpus_holds(
    repairer: QueryRepairer, public: VisibleCorpus
) -> None:
    repair = repairer.repair("pool kart", public)
    assert repair is not None
    assert repair.text == "پول کارت"
    for alternative in repair.alternatives:
        assert 0 <= alternative.start < alternative.end <= len(repair.text)
        assert all(0 < likelihood <= 1 for _, likelihood in alternative.words)


def test_a_corpus_without_persian_makes_nothing_of_finglish(
    repairer: QueryRepairer, english_only: VisibleCorpus
) -> None:
    assert repairer.repair("sefaresh chetori sabt mishe", english_only) is None


def test_an_empty_corpus_teaches_no_spelling(repairer: QueryRepairer, empty: VisibleCorpus) -> None:
    assert repairer.repair("سفارض", empty) is None


@pytest.mark.parametrize("typed", ["زرکوبانن", "zarkooban", "quillfeathr", "cv;,fhk", "زر کوبان", "زرکوبا"])
def test_a_word_that_only_an_internal_passage_holds_is_never_offered_to_the_public(
    repairer: QueryRepairer, public: VisibleCorpus, everything: VisibleCorpus, typed: str
) -> None:
    repair = repairer.repair(typed, public)
    offered = [] if repair is None else [repair.text, *(w for a in repair.alternatives for w, _ in a.words)]
    assert not [text for text in offered if "زرکوبان" in text.replace("\u200c", "") or "quillfeather" in text]
    seen = repairer.repair(typed, everything)
    assert typed == "زرکوبا" or seen is not None


@given(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join))
def test_a_query_of_known_words_is_never_touched(text: str) -> None:
    assert REPAIRER.repair(text, CORPUS) is None


@given(queries)
def test_a_repair_of_any_text_is_sound_and_final(text: str) -> None:
    repair = REPAIRER.repair(text, CORPUS)
    if repair is None:
        return
    assert repair.original == text
    assert repair.text != text
    assert repair.kinds
    assert repair.words
    at = 0
    for alternative in repair.alternatives:
        assert at <= alternative.start < alternative.end <= len(repair.text)
        at = alternative.end
    for word in repair.words:
        assert word in repair.text
    again = REPAIRER.repair(repair.text, CORPUS)
    assert again is None or again.words != repair.words
