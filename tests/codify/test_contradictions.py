"""Facts that cannot both be true are listed; what only looks like it is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.planted.demo import demo_articles
from codify.contradictions import contradictions, find_contradictions
from codify.facts.value import FactKind
from codify.reading import read
from search.analysis.analyzer import Analyzer
from search.analysis.variants import spelling_variants

CONFLICTS = [
    ("مهلت مرجوع کردن کالا ۷ روز است.", "مهلت مرجوع کردن کالا ۱۰ روز است.", FactKind.DURATION),
    ("مهلت مرجوع کردن کالا ۷ روز است.", "برای پس دادن جنس ۱۰ روز فرصت دارید", FactKind.DURATION),
    ("هزینه ارسال ۵۰ هزار تومان است", "کرایه ارسال ۶۰۰ هزار ریال است", FactKind.MONEY),
    ("ارسال رایگان است", "هزینه ارسال ۳۰ هزار تومان است", FactKind.MONEY),
    ("Refunds take up to 5 days.", "Refunds take up to 7 days.", FactKind.DURATION),
    ("Refunds take 3 to 5 days.", "Refunds take 7 to 10 days.", FactKind.DURATION),
    ("حداکثر حجم فایل ۱۰ مگابایت است", "فایل نباید بیشتر از ۲۰ مگابایت باشد", FactKind.SIZE),
    ("شماره پشتیبانی ۰۲۱-۹۱۰۰۰۰۰۰ است", "با پشتیبانی به شماره ۰۲۱-۸۸۰۰۰۰۰۰ تماس بگیرید", FactKind.PHONE),
    ("جشنواره تا ۲۱ مرداد ۱۴۰۳ ادامه دارد", "جشنواره تا ۳۰ مرداد ۱۴۰۳ ادامه دارد", FactKind.DATE),
    ("The app requires Android 8 or later.", "The app needs Android 10 or later.", FactKind.VERSION),
    ("پشتیبانی شنبه تا چهارشنبه ۹ تا ۱۷ است", "پشتیبانی شنبه تا چهارشنبه ۸ تا ۲۰ است", FactKind.TIME),
    ("The office is open Mon-Fri.", "The office is open Monday to Saturday.", FactKind.WEEKDAYS),
    ("امکان مرجوع کردن کالای باز شده وجود دارد", "کالای باز شده را نمی‌توان مرجوع کرد", FactKind.POLARITY),
    ("Gift cards are refundable.", "Gift cards are non-refundable.", FactKind.POLARITY),
    ("Send invoices to a@x.example.", "Send invoices to b@x.example.", FactKind.EMAIL),
    (
        "| دلیل | مهلت |\n|---|---|\n| انصراف از خرید | ۷ روز |",
        "| دلیل | مهلت |\n|---|---|\n| انصراف از خرید | ۹ روز |",
        FactKind.DURATION,
    ),
]  # fmt: skip

NO_CONFLICTS = [
    ("هزینه ارسال ۵۰ هزار تومان است", "هزینه ارسال ۵۰۰ هزار ریال است"),
    ("از پولم ۴۵ تومن کم شد.", "از پولم ۴۵ هزار تومان کم شد."),
    ("مهلت مرجوع کالا ۷ روز است", "مهلت مرجوع کالا یک هفته است"),
    ("مهلت مرجوع کالا ۷ روز است", "برگشت پول ۵ روز طول می‌کشد"),
    ("ارسال به تهران ۲ روز طول می‌کشد", "ارسال به خارج از تهران ۴ روز طول می‌کشد"),
    ("ارسال به تهران ۲ روز طول می‌کشد", "ارسال به شیراز ۴ روز طول می‌کشد"),
    ("هزینه ارسال قبلا ۵۰ هزار تومان بود و الان ۶۰ هزار تومان است", "هزینه ارسال ۶۰ هزار تومان است"),
    ("گارانتی گوشی سامسونگ ۱۸ ماه است", "گارانتی گوشی شیائومی ۱۲ ماه است"),
    ("The Galaxy S21 warranty lasts 2 years", "The Galaxy S22 warranty lasts 3 years"),
    ("پلن طلایی ۵ کاربر دارد", "پلن نقره‌ای ۳ کاربر دارد"),
    ("The plan costs $10 per month.", "The plan costs $100 per year."),
    ("Opened items cannot be returned.", "Unopened items can be returned."),
    ("Refunds take 3 to 5 days", "Refunds take 4 to 7 days"),
    ("جشنواره تا ۲۱ مرداد ۱۴۰۳ ادامه دارد", "جشنواره تا 2024-08-11 ادامه دارد"),
    ("کالای معیوب را تا ۱۰ روز می‌توان مرجوع کرد", "کالا را تا ۷ روز می‌توان مرجوع کرد"),
    ("اگر کالا معیوب باشد تا ۱۰ روز می‌توانید مرجوع کنید.", "کالا را تا ۷ روز می‌توانید مرجوع کنید."),
    ("Orders over $50 ship free", "Orders under $50 cost $5 to ship"),
    ("چرا ۷ روز طول کشید؟", "۱۰ روز طول کشید."),
    ("Refunds take 2 days in Tehran and 4 days elsewhere.", "Refunds take 4 days elsewhere."),
]


@pytest.mark.parametrize(("one", "two", "kind"), CONFLICTS)
def test_a_conflict_is_listed_from_either_side(
    one: str, two: str, kind: FactKind, analyzer: Analyzer
) -> None:
    there = find_contradictions(one, two, analyzer=analyzer)
    back = find_contradictions(two, one, analyzer=analyzer)
    assert [found.kind for found in there] == [kind]
    assert [(f.right.start, f.left.start) for f in back] == [(f.left.start, f.right.start) for f in there]


@pytest.mark.parametrize(("one", "two"), NO_CONFLICTS)
def test_near_twins_are_not_listed(one: str, two: str, analyzer: Analyzer) -> None:
    assert find_contradictions(one, two, analyzer=analyzer) == []
    assert find_contradictions(two, one, analyzer=analyzer) == []


def test_a_contradiction_shows_places_sentences_and_reasons(analyzer: Analyzer) -> None:
    one, two = "## مرجوعی\n\nمهلت مرجوع کردن کالا **۷ روز** است.", "مهلت مرجوع کردن کالا ۱۰ روز است."
    (found,) = find_contradictions(one, two, analyzer=analyzer)
    assert one[found.left.start : found.left.end] == found.left.fact == "۷ روز"
    assert found.left.sentence == "مهلت مرجوع کردن کالا **۷ روز** است."
    assert one[found.left.sentence_start : found.left.sentence_end] == found.left.sentence
    assert (found.left.normal, found.right.normal) == ("≤7 day", "≤10 day")
    assert found.about == ("مهلت", "مرجوع کردن", "کالا")
    assert "۷ روز" in found.reason_fa
    assert "۱۰ روز" in found.reason_fa
    assert "duration" in found.reason_en


def test_titles_about_different_products_keep_their_facts_apart(analyzer: Analyzer) -> None:
    one, two = "مدت آن ۱۸ ماه است.", "مدت آن ۱۲ ماه است."
    titles = {"one_title": "گارانتی گوشی سامسونگ", "two_title": "گارانتی گوشی شیائومی"}
    assert find_contradictions(one, two, analyzer=analyzer, **titles) == []


@pytest.mark.parametrize(("one", "two", "kind"), CONFLICTS[:8])
def test_another_spelling_changes_nothing(one: str, two: str, kind: FactKind, analyzer: Analyzer) -> None:
    for name, variant in spelling_variants(two, 5).items():
        assert find_contradictions(two, variant, analyzer=analyzer) == [], name
        assert [f.kind for f in find_contradictions(one, variant, analyzer=analyzer)] == [kind], name


def test_the_demo_contradicts_itself_nowhere(analyzer: Analyzer) -> None:
    for language in ("fa", "en"):
        readings = [
            read(article.text, title=article.data["title"], analyzer=analyzer)
            for article in demo_articles()
            if article.data["language"] == language
        ]
        for at, one in enumerate(readings):
            for two in readings[at:]:
                assert contradictions(one, two) == []


SHARED = Analyzer()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([text for one, two, _ in CONFLICTS for text in (one, two)]), max_size=4),
    st.lists(st.sampled_from([text for pair in NO_CONFLICTS for text in pair]), max_size=4),
)
def test_order_does_not_matter_and_each_fact_is_listed_once(one: list[str], two: list[str]) -> None:
    left, right = (read("\n\n".join(texts), analyzer=SHARED) for texts in (one, two))
    found = contradictions(left, right)
    back = contradictions(right, left)
    assert {(f.kind, f.left.start, f.right.start) for f in found} == {
        (f.kind, f.right.start, f.left.start) for f in back
    }
    assert len({(f.left.start, f.left.end) for f in found}) == len(found)
    for f in found:
        assert left.text[f.left.sentence_start : f.left.sentence_end] == f.left.sentence
