"""The near-duplicate score: symmetric, one for the same text, low for what only looks alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.planted.demo import demo_articles
from codify.duplicates import Verdict, compare, compare_texts, quick_score
from codify.profile import read_profile
from search.analysis.analyzer import Analyzer
from search.analysis.variants import spelling_variants

DUPLICATES = [
    ("چطور رمز عبورم را عوض کنم؟", "چجوری پسوردمو تغییر بدم"),
    ("هزینه ارسال چقدره؟", "هزینهٔ ارسال چند تومان است؟"),
    ("How do I reset my password?", "how can i reset my pasword"),
    ("مهلت مرجوع کردن کالا ۷ روز است.", "مهلت مرجوع کردن کالا ۱۰ روز است."),
    ("کارت هدیه", "کارت‌هدیه"),
]
OTHERS = [
    ("چطور رمز عبورم را عوض کنم؟", "چطور شماره موبایلم را عوض کنم؟"),
    ("How do I reset my password?", "How do I reset my PIN?"),
    ("How do I cancel my order?", "Why was my order cancelled?"),
    ("How long is the warranty on the Galaxy S21?", "How long is the warranty on the Galaxy S22?"),
    ("ارسال به تهران چند روز طول می‌کشد؟", "ارسال به شیراز چند روز طول می‌کشد؟"),
    ("فعال‌سازی رمز دوم کارت", "غیرفعال‌سازی رمز دوم کارت"),
    ("سلام", ""),
]


@pytest.mark.parametrize(("one", "two"), DUPLICATES)
def test_the_same_question_is_a_duplicate(one: str, two: str, analyzer: Analyzer) -> None:
    assert compare_texts(one, two, analyzer=analyzer).verdict is Verdict.DUPLICATE


@pytest.mark.parametrize(("one", "two"), OTHERS)
def test_another_question_is_none(one: str, two: str, analyzer: Analyzer) -> None:
    assert compare_texts(one, two, analyzer=analyzer).verdict is not Verdict.DUPLICATE


def test_a_comparison_explains_itself(analyzer: Analyzer) -> None:
    found = compare_texts(
        "مهلت مرجوع کردن کالا ۷ روز است. شمارهٔ ما ۰۲۱-۹۱۰۰۰۰۰۰ است.",
        "مهلت مرجوع کردن کالا ۱۰ روز است و گارانتی ندارد.",
        analyzer=analyzer,
    )
    assert {"مهلت", "مرجوع کردن"} <= set(found.shared)
    assert "گارانتی" in found.only_right
    assert [(f.left.fact, f.right.fact) for f in found.differing] == [("۷ روز", "۱۰ روز")]
    assert [mention.normal for mention in found.facts_only_left] == ["02191000000"]
    assert found.facts_only_right == ()


def test_an_article_about_another_thing_throughout_is_no_duplicate(analyzer: Analyzer) -> None:
    text = "کارت هدیه را از صفحهٔ خرید انتخاب کنید. کارت هدیه تا ۱۲ ماه اعتبار دارد. کد کارت هدیه ایمیل می‌شود."
    other = text.replace("کارت هدیه", "بلیت قطار")
    found = compare_texts(
        text, other, one_title="خرید کارت هدیه", two_title="خرید بلیت قطار", analyzer=analyzer
    )
    assert found.another_thing
    assert found.verdict is not Verdict.DUPLICATE


def test_a_cosine_moves_the_score_its_way(analyzer: Analyzer) -> None:
    one, two = ("پولم کی به حسابم برمی‌گردد؟", "چند روز طول می‌کشد پول به حسابم بیاید")
    low, high = (compare_texts(one, two, cosine=c, analyzer=analyzer).score for c in (0.8, 0.99))
    assert low < compare_texts(one, two, analyzer=analyzer).score < high


ARTICLES = [(a.data["title"], a.text) for a in demo_articles()[::12]]


@pytest.mark.parametrize(("title", "text"), ARTICLES)
def test_other_spellings_of_an_article_are_the_article(title: str, text: str, analyzer: Analyzer) -> None:
    original = read_profile(text, title=title, analyzer=analyzer)
    for name, variant in spelling_variants(text, 1).items():
        found = compare(original, read_profile(variant, title=title, analyzer=analyzer))
        assert found.score > 0.9, name
        assert found.differing == (), name


SHARED = Analyzer()
LINES = [line for pair in (*DUPLICATES, *OTHERS) for line in pair]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=4), st.lists(st.sampled_from(LINES), max_size=4))
def test_the_score_is_symmetric_and_between_nought_and_one(one: list[str], two: list[str]) -> None:
    left, right = (read_profile("\n\n".join(lines), analyzer=SHARED) for lines in (one, two))
    score = quick_score(left, right)
    assert 0 <= score <= 1
    assert score == pytest.approx(quick_score(right, left))


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=120))
def test_a_text_is_its_own_duplicate(text: str) -> None:
    profile = read_profile(text, analyzer=SHARED)
    assert quick_score(profile, profile) == 1.0
