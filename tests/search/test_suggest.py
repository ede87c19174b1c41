"""Completions: beginnings of words, whatever the spelling."""

from search.completions import Completions
from search.vocabulary import Line


def line(text: str, field: str = "title") -> Line:
    return Line(text, f"edition-{text}", "article", f"origin-{text}", "public", field)


LINES = [
    line("بازگشت وجه به کیف پول"),
    line("پیگیری سفارش"),
    line("کیف‌پول من کجاست", "issue"),
    line("کتاب‌های دست دوم"),
    line("Track your order"),
]


def texts(typed: str) -> list[str]:
    return [found.text for found in Completions(LINES).complete(typed)]


def test_the_last_word_may_be_a_beginning() -> None:
    assert texts("بازگشت و") == ["بازگشت وجه به کیف پول"]
    assert texts("track yo") == ["Track your order"]


def test_a_line_that_starts_with_what_was_typed_comes_first() -> None:
    assert texts("کیف") == ["کیف‌پول من کجاست", "بازگشت وجه به کیف پول"]


def test_spelling_does_not_matter() -> None:
    assert texts("كتابه") == ["کتاب‌های دست دوم"]
    assert texts("کتاب‌ه") == ["کتاب‌های دست دوم"]


def test_every_typed_word_must_be_there() -> None:
    assert texts("پیگیری وجه") == []


def test_signs_alone_complete_nothing() -> None:
    assert texts("؟ !") == []
