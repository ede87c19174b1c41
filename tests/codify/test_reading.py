"""Typed facts with their places and normal forms."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codify.facts.value import FactKind
from codify.reading import Fact, find_facts
from search.analysis.analyzer import Analyzer
from search.analysis.variants import spelling_variants


def values(text: str, analyzer: Analyzer, **keywords: str) -> list[str]:
    facts = find_facts(text, analyzer=analyzer, **keywords)
    return [f"{fact.kind} {fact.normal}" for fact in facts if fact.kind is not FactKind.POLARITY]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("هزینه ۴۹٬۰۰۰ تومان است.", ["money 490000 IRR"]),
        ("هزینه ۴۹۰٬۰۰۰ ریال است.", ["money 490000 IRR"]),
        ("تا سقف دو میلیون و پانصد هزار تومن", ["money ≤25000000 IRR"]),
        ("از ۵۰ تا ۶۰ هزار تومان", ["money 500000–600000 IRR"]),
        ("It costs $5.99 or €7.", ["money 5.99 USD", "money 7 EUR"]),
        ("ارسال رایگان است.", ["money 0"]),
        ("ارسال رایگان نیست.", []),
        ("هفت روز کاری طول می‌کشد", ["duration 7 working day"]),
        ("دو سه روز طول می‌کشد", ["duration 2–3 day"]),
        ("It takes a week.", ["duration 1 week"]),
        ("between 3 and 5 business days", ["duration 3–5 working day"]),
        ("یک ساعت و نیم طول می‌کشد", ["duration 1.5 hour"]),
        ("حداکثر ۳ بار", ["count ≤3 attempt"]),
        ("حجم فایل نباید بیشتر از ۱۰ مگابایت باشد", ["size ≤10 MB"]),
        ("۲۵٪ پیش‌پرداخت", ["percentage 25 %"]),
        ("سی درصد تخفیف", ["percentage 30 %"]),
        ("حدود ۱۰ روز", ["duration ≈10 day"]),
        ("با ۰۲۱-۹۱۰۰۰۰۰۰ تماس بگیرید", ["phone 02191000000"]),
        ("+98 21 9100 0000", ["phone 02191000000"]),
        ("به ۱۸۲۵ زنگ بزنید", ["phone 1825"]),
        ("داخلی ۴۴۰", ["code extension 440"]),
        ("۲۱ مرداد ۱۴۰۳", ["date 2024-08-11"]),
        ("1403/05/21", ["date 2024-08-11"]),
        ("بیست و یکم مرداد ۱۴۰۳", ["date 2024-08-11"]),
        ("August 11, 2024", ["date 2024-08-11"]),
        ("۲۱ مرداد", ["date ?-05-21 (Jalali)"]),
        ("تا ۳۱ خرداد ۱۴۰۴", ["date ≤2025-06-21"]),
        ("ساعت ۸ صبح تا ۵ عصر", ["time 08:00–17:00"]),
        ("from 9 am to 5 pm", ["time 09:00–17:00"]),
        ("1 to 5 pm", ["time 13:00–17:00"]),
        ("شنبه تا چهارشنبه", ["weekdays sat sun mon tue wed"]),
        ("Mon-Fri", ["weekdays mon tue wed thu fri"]),
        ("نسخهٔ ۵٫۲ به بعد", ["version ≥version 5.2"]),
        ("Android 8 or later", ["version ≥android 8"]),
        ("کد `*733*4#` را بگیرید", ["code dial *733*4#"]),
        ("info@x.example و https://www.a.example/b.", ["email info@x.example", "link a.example/b"]),
        ("کد تخفیف BAHAR20", ["code code bahar20"]),
        ("۳۱ شهریور ۱۴۰۳ و ۳۲ شهریور ۱۴۰۳", ["date 2024-09-21"]),
    ],
)
def test_a_fact_has_one_normal_form(text: str, expected: list[str], analyzer: Analyzer) -> None:
    assert values(text, analyzer) == expected


def test_offsets_are_those_of_the_markdown(analyzer: Analyzer) -> None:
    text = (
        "## مهلت\n\n| روش | زمان |\n|---|---|\n| کیف پول | تا **۱ ساعت** |\n\n- هزینه **۷۵٬۰۰۰ تومان** است."
    )
    found = [f for f in find_facts(text, analyzer=analyzer) if f.kind is not FactKind.POLARITY]
    assert [text[f.start : f.end] for f in found] == ["تا **۱ ساعت", "۷۵٬۰۰۰ تومان"]


def test_a_cell_takes_its_unit_from_the_column_and_is_about_its_row(analyzer: Analyzer) -> None:
    table = "| Reason | Days from delivery |\n|---|---|\n| Change of mind | 7 |\n"
    (fact,) = [f for f in find_facts(table, analyzer=analyzer) if f.kind is FactKind.DURATION]
    assert fact.normal == "7 day"
    assert {"mind", "=delivery"} <= set(fact.about)


def test_the_same_number_is_about_what_stands_around_it(analyzer: Analyzer) -> None:
    facts = find_facts("The return window is 7 days. A refund takes 7 days.", analyzer=analyzer)
    window, refund = (set(f.about) for f in facts if f.kind is FactKind.DURATION)
    assert "=return" in window - refund
    assert "=refund" in refund - window


@pytest.mark.parametrize(
    ("text", "positive"),
    [
        ("کالای باز شده را می‌توان مرجوع کرد.", True),
        ("کالای باز شده را نمی‌توان مرجوع کرد.", False),
        ("کارت هدیه قابل بازگشت نیست.", False),
        ("ضامن ندارد.", False),
        ("دورکاری ممنوع است.", False),
        ("Gift cards are refundable.", True),
        ("Gift cards are non-refundable.", False),
        ("You can't return opened items.", False),
        ("Pets are not allowed.", False),
    ],
)
def test_a_clause_says_yes_or_no(text: str, positive: bool, analyzer: Analyzer) -> None:
    claims = [f for f in find_facts(text, analyzer=analyzer) if f.kind is FactKind.POLARITY]
    assert [fact.normal for fact in claims] == ["yes" if positive else "no"]


def test_an_answer_is_about_its_question(analyzer: Analyzer) -> None:
    facts = find_facts("Are pets welcome in the hotel?\n\nNo.", analyzer=analyzer)
    (claim,) = [f for f in facts if f.kind is FactKind.POLARITY]
    assert claim.normal == "no"
    assert "=hotel" in claim.about


def flags(text: str, analyzer: Analyzer) -> list[tuple[str, bool]]:
    return [(f.normal, f.is_past) for f in find_facts(text, analyzer=analyzer) if f.kind is FactKind.MONEY]


def test_what_was_so_once_is_marked(analyzer: Analyzer) -> None:
    assert flags("هزینه قبلا ۵۰ هزار تومان بود و الان ۶۰ هزار تومان است.", analyzer) == [
        ("500000 IRR", True),
        ("600000 IRR", False),
    ]
    assert flags("قیمت از ۵۰ به ۶۰ هزار تومان افزایش یافت.", analyzer) == [
        ("500000 IRR", True),
        ("600000 IRR", False),
    ]


def test_questions_and_examples_are_marked(analyzer: Analyzer) -> None:
    asked, shown = find_facts("چرا ۴۵ تومن کم شد؟ مثلا ۱۰۰ هزار تومان.", analyzer=analyzer)
    assert (asked.is_asked, asked.is_example) == (True, False)
    assert (shown.is_asked, shown.is_example) == (False, True)


TEXTS = (
    "هزینهٔ ارسال ۴۹٬۰۰۰ تومان است و کالاها را تا ۷ روز می‌توانید مرجوع کنید.",
    "پشتیبانی شنبه تا چهارشنبه از ساعت ۹ تا ۱۷ با شماره ۰۲۱-۹۱۰۰۰۰۰۰ پاسخ می‌دهد.",
    "جشنواره تا ۲۱ مرداد ۱۴۰۳ با ۲۰ درصد تخفیف ادامه دارد.",
)


@pytest.mark.parametrize("text", TEXTS)
def test_another_spelling_has_the_same_facts_about_the_same(text: str, analyzer: Analyzer) -> None:
    def told(spelling: str) -> list[tuple[str, frozenset[str]]]:
        return [(f.normal, frozenset(f.about)) for f in find_facts(spelling, analyzer=analyzer)]

    for name, variant in spelling_variants(text, 3).items():
        assert told(variant) == told(text), name


def spans(facts: list[Fact]) -> list[tuple[int, int]]:
    return [(f.start, f.end) for f in facts if f.kind is not FactKind.POLARITY]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="اگربروز تومان٬۰۱۵5.,:/-|\n#*؟ 10 days %$@x", max_size=200))
def test_any_text_gives_facts_inside_it_in_order(text: str) -> None:
    facts = find_facts(text, analyzer=SHARED)
    for start, end in spans(facts):
        assert 0 <= start < end <= len(text)
    for fact in facts:
        assert fact.sentence_start <= fact.start


SHARED = Analyzer()
