"""Queries reach the embedder in one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.analyzer import Analyzer
from search.analysis.natural import NaturalSpelling
from search.analysis.variants import Zwnj, spelling_variants, with_zwnj

SPELLING = NaturalSpelling(Analyzer())


@pytest.mark.parametrize(
    ("typed", "natural"),
    [
        ("كتابهايم را نمي‌خواهم", "کتاب هایم را نمی خواهم"),
        ("نرمافزار پیام‌رسان", "نرم افزار پیام رسان"),
        ("برنامه‌نویسی", "برنامه نویسی"),
        ("تجربهی خانهای", "تجربه ی خانه ای"),
        ("تمپلیتهای ۱۲٣", "تمپلیت های 123"),
        ("آدرسِ مسئـول", "آدرس مسئول"),
        ("ﮐﺘﺎﺏ", "کتاب"),
        ("Reset my password", "Reset my password"),
    ],
)
def test_letters_are_unified_and_affixes_stand_apart(typed: str, natural: str) -> None:
    assert SPELLING.spell(typed) == natural


@pytest.mark.parametrize("word", ["تنها", "بهتر", "دختر", "کتابخانه", "میان", "خانه", "اطلاعاتی"])
def test_whole_words_are_not_cut(word: str) -> None:
    assert SPELLING.spell(word) == word


@pytest.mark.parametrize("seed", range(5))
def test_spellings_of_a_question_become_the_same_text(seed: int) -> None:
    question = "کتاب‌هایی را که نمی‌خواهم چطور برگردانم و هزینه‌ی ۲۰ کتاب‌ها چقدر می‌شود"
    assert {SPELLING.spell(variant) for variant in spelling_variants(question, seed).values()} == {
        SPELLING.spell(question)
    }


@given(st.text(max_size=200))
def test_any_text_is_spelt_without_failing_and_stays_as_it_is_then(text: str) -> None:
    once = SPELLING.spell(text)
    assert SPELLING.spell(once) == once
    assert SPELLING.spell(with_zwnj(once, Zwnj.KEEP)) == once
