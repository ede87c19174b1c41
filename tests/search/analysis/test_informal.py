"""Spoken Persian finds written Persian, by rule."""

import pytest

from search.analysis.analyzer import Analyzer
from search.analysis.informal import InformalWords
from search.analysis.lexicon import load_lexicon
from search.analysis.wordlists import SPOKEN

ANALYZER = Analyzer()


def terms(text: str) -> list[str]:
    return [group.term for group in ANALYZER.analyze(text)]


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("خونه", "خانه"),
        ("نیومده", "نیامده"),
        ("خوندنش", "خواندن"),
        ("برگردونه", "برگرداند"),
        ("میخونه", "می‌خواند"),
        ("بخونه", "بخواند"),
        ("میزاره", "می‌گذارد"),
        ("بذار", "بگذار"),
        ("میوفته", "می‌افتد"),
        ("وایسادن", "ایستادند"),
        ("نمیخوادش", "نمی‌خواهد"),
        ("کتابامو", "کتاب‌هایم"),
        ("روزای", "روزهای"),
        ("چشمامون", "چشم‌هایمان"),
        ("شمارتون", "شماره‌تان"),
        ("برنامتون", "برنامه‌تان"),
        ("مقصرن", "مقصر"),
        ("ناراحتین", "ناراحت"),
        ("مهمه", "مهم"),
        ("برامون", "برایمان"),
        ("بهش", "به"),
        ("مارو", "ما"),
        ("توی", "در"),
        ("چیه", "چیست"),
        ("اونوقت", "آن‌وقت"),
        ("مثه", "مثل"),
        ("همه‌اش", "همش"),
    ],
)
def test_a_spoken_form_has_the_term_of_the_written_one(spoken: str, written: str) -> None:
    assert terms(spoken) == terms(written)


def test_written_forms_are_final() -> None:
    informal = InformalWords(load_lexicon())
    assert [
        word for word in SPOKEN.values() if informal.written(informal.written(word)) != informal.written(word)
    ] == []
