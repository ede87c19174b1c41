"""Made-up spellings of support sentences analyse to the same terms; typos are counted and repeatable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.analyzer import Analyzer
from search.analysis.variants import Zwnj, spelling_variants, with_typos, with_zwnj

ANALYZER = Analyzer()
SENTENCES = [
    "برای بازیابی رمز عبور، شماره‌ی همراه خود را وارد کنید.",
    "سفارش‌هایی که تا ساعت ۱۴ ثبت شوند همان روز ارسال می‌شوند.",
    "نرم‌افزار را از نسخه‌ی ۲.۱.۳ به‌روزرسانی می‌کنیم.",
    "هزینه‌های ارسال به کارت مشتری بازمی‌گردد.",
    "اگر پیامک تأیید نرسیده است، دو دقیقه صبر کنید.",
    "فایل‌هایتان را در پوشه‌ای امن نگه دارید.",
    "کاربران می‌توانند حساب‌هایشان را حذف کنند.",
    "کد SKU-4410 برای خدمات پس از فروش است.",
    "مسئول پشتیبانی در تاریخ ۱۴۰۳/۰۵/۲۱ پاسخ داد.",
    "نمی‌دانم چرا صورت‌حساب جدیدترین خریدم را نمی‌بینم.",
    "دسترسی نماینده‌های فروش به گزارش‌ها بسته شده است.",
    "Wi-Fi خانه‌ام وصل نمی‌شود و مودم چراغ قرمز دارد.",
]


def primary_terms(text: str) -> list[str]:
    return [group.term for group in ANALYZER.analyze(text)]


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3), st.integers(0, 10_000))
def test_every_spelling_gives_the_same_primary_terms(sentences: list[str], seed: int) -> None:
    text = "\n".join(sentences)
    expected = primary_terms(text)
    for name, variant in spelling_variants(text, seed).items():
        assert primary_terms(variant) == expected, name


def test_zwnj_is_kept_stripped_or_spaced() -> None:
    assert [with_zwnj("می\u200cروم", how) for how in Zwnj] == ["می\u200cروم", "میروم", "می روم"]


@given(st.sampled_from(SENTENCES), st.integers(0, 3), st.integers(0, 10_000))
def test_typos_are_repeatable_and_touch_at_most_that_many_words(text: str, count: int, seed: int) -> None:
    mistyped = with_typos(text, count, seed)
    assert mistyped == with_typos(text, count, seed)
    changed = sum(one != other for one, other in zip(text.split(), mistyped.split(), strict=True))
    assert changed <= count


@pytest.mark.parametrize("count", [1, 2])
def test_typos_do_change_long_words(count: int) -> None:
    assert with_typos("رمز عبور حساب کاربری", count, seed=1) != "رمز عبور حساب کاربری"
