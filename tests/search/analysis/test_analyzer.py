"""The analyzer: one term for every spelling, whole codes, offsets into the original."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.analyzer import ANALYZER_VERSION, Analyzer
from search.analysis.terms import TermGroup
from search.analysis.tokens import Kind

ANALYZER = Analyzer()

#: The version, and a digest of the sample's terms under it.
PINNED = ("2-c6f1108b2d", "70a979a30fec")


def terms(text: str) -> list[str]:
    return [group.term for group in ANALYZER.analyze(text)]


def only(text: str) -> TermGroup:
    (group,) = ANALYZER.analyze(text)
    return group


@pytest.mark.parametrize(
    "spellings",
    [
        ("می‌روم", "می روم", "میروم", "نمی‌روم", "رفتم", "بروم", "میرم"),
        ("کتاب‌ها", "کتاب ها", "کتابها", "کتاب‌هایم", "کتابا", "كتاب‌هاي"),
        ("نرم‌افزار", "نرم افزار", "نرمافزار", "نرم‌افزارهای"),
        ("تجربه‌ی", "تجربهی", "تجربه ی", "تجربهٔ", "تجربه"),
        ("بر می گردد", "برمی‌گردد", "برمیگردد", "برگشت"),
        ("ABC-123", "abc123", "abc_123", "ＡＢＣ１２３"),
        ("1403/05/21", "۱۴۰۳-۵-۲۱", "21.05.1403"),
        ("1,250,000", "۱٬۲۵۰٬۰۰۰", "1250000"),
        ("v2.1.3", "2.1.3", "۲.۱.۳"),
        ("orders", "order", "Order"),
        ("1403/05/21", "۲۱ مرداد ۱۴۰۳", "21 مرداد ماه 1403"),
        ("۱٬۰۰۰٬۰۰۰", "1,000,000", "1000000", "۱،۰۰۰،۰۰۰", "۱.۰۰۰.۰۰۰", "1/000/000"),
        ("0912 123 4567", "0912-123-4567", "۰۹۱۲۱۲۳۴۵۶۷", "+98 912 123 45 67", "00989121234567"),
        ("021-88776655", "۰۲۱ ۸۸۷۷۶۶۵۵", "021 8877 6655", "+98 21 88776655"),
        ("6037-9911-2233-4455", "6037 9911 2233 4455", "۶۰۳۷۹۹۱۱۲۲۳۳۴۴۵۵"),
        ("Wi-Fi", "Wi Fi", "wifi", "WIFI"),
        ("e-mail", "E mail", "email"),
        ("می‌روند", "می روند", "میروند", "میرن", "بروند"),
        ("مسئول", "مسول", "مسؤول", "مسوول"),
        ("به‌روزرسانی", "بروزرسانی", "روزرسانی"),
        ("توسعه‌دهندگان", "توسعه دهندگان", "توسعه‌دهنده"),
    ],
)
def test_spellings_of_one_word_share_their_primary_term(spellings: tuple[str, ...]) -> None:
    assert len({tuple(terms(spelling)) for spelling in spellings}) == 1


def test_codes_stay_whole_and_are_found_by_their_parts() -> None:
    group = only("SKU-4410")
    assert (group.term, group.kind) == ("sku4410", Kind.CODE)
    assert [term for term, _ in group.alternatives] == ["sku", "4410"]


def test_a_compound_is_found_by_its_pieces() -> None:
    assert [term for term, _ in only("نرم‌افزار").alternatives] == ["نرم", "افزار"]


def test_offsets_cover_the_whole_surface_word_with_its_affixes() -> None:
    text = "من واقعاً نمی روم به کتاب‌خانه‌های شهر."
    shown = [text[group.start : group.end] for group in ANALYZER.analyze(text)]
    assert shown == ["من", "واقعاً", "نمی روم", "به", "کتاب‌خانه‌های", "شهر"]


def test_stop_words_leave_a_query_only_when_something_else_remains() -> None:
    assert [group.term for group in ANALYZER.query_terms("از کجا")] == ["کجا"]
    assert [group.term for group in ANALYZER.query_terms("از که")] == ["از", "که"]


def test_light_verbs_weigh_less() -> None:
    weights = {group.term: group.weight for group in ANALYZER.query_terms("سفارش دادن")}
    assert weights == {"سفارش": 1.0, "@داد": 0.3}


def test_words_are_given_one_by_one_where_terms_are_of_compounds() -> None:
    text = "نَرم افزار جدید"
    assert [text[start:end] for start, end, _ in ANALYZER.words(text)] == ["نَرم", "افزار", "جدید"]


@given(st.text(alphabet="کتابهایمیرود خانه\u200cها نرم ًـABc123-./@,،\n", max_size=40))
def test_spans_are_ordered_apart_and_inside_the_text(text: str) -> None:
    end = 0
    for group in ANALYZER.analyze(text):
        assert end <= group.start < group.end <= len(text)
        assert group.term
        end = group.end


def test_the_joined_text_has_letters_digits_and_single_spaces() -> None:
    assert ANALYZER.joined_text("کتاب‌ها") == ANALYZER.joined_text("كتاب ها") == "کتابها"
    assert ANALYZER.joined_text("آب، نان") == "اب نان"
    assert ANALYZER.joined_text("؟!") == ""


def test_words_apart_are_joined_in_a_query_where_the_index_usually_has_them_joined() -> None:
    held = {"فریمورک": 12, "فریم": 3, "ورک": 40, "منشپشتیبان": 1, "منش": 5, "پشتیبان": 9, "serversid": 2}

    def frequency(term: str) -> int:
        return held.get(term, 0)

    assert [group.term for group in ANALYZER.query_terms("فریم ورک", frequency)] == ["فریمورک"]
    assert [group.term for group in ANALYZER.query_terms("منش پشتیبان", frequency)] == ["منش", "پشتیبان"]
    assert [group.term for group in ANALYZER.query_terms("server side", frequency)] == ["serversid"]


@pytest.mark.parametrize("text", ["2019 2020 2021 2022", "1.5", "3.14.1"])
def test_figures_that_only_look_like_numbers_with_separators_stay_apart(text: str) -> None:
    assert "".join(terms(text)) == text.replace(" ", "")


def test_one_analyzer_serves_many_threads() -> None:
    texts = [f"سفارش‌های {number} را بررسی می‌کنم" for number in range(50)]
    fresh = Analyzer()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(fresh.passage_terms, texts)) == [ANALYZER.passage_terms(text) for text in texts]


def test_terms_change_only_together_with_the_version() -> None:
    """When this fails on purpose, raise RULES_VERSION: indexes made before must be rebuilt."""
    sample = (
        "مشتری می‌خواهد سفارش‌هایش (کد SKU-4410) را تا 1403/05/21 پس بگیرد؛ نرم‌افزار نسخه 2.1.3 خطا میده. "
        "The refunds weren't shipped to ali@example.com"
    )
    digest = hashlib.sha256(repr(sorted(ANALYZER.passage_terms(sample).items())).encode()).hexdigest()[:12]
    assert (ANALYZER_VERSION, digest) == PINNED
