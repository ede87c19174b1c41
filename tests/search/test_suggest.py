"""Completions: beginnings of words, whatever the spelling."""

import pytest

from search.completions import Completions
from search.vocabulary import Line


def line(
    text: str, field: str = "title", *, links: int = 0, audience: str = "public", origin: str = ""
) -> Line:
    origin = origin or f"origin-{text}"
    return Line(text, f"edition-{text}", "article", origin, audience, field, links)


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


@pytest.mark.parametrize("typed", ["کیف پول م", "کیفپول م", "کیف‌پول م", "كيف پولم", "کیف پ ول م"])
def test_words_joined_apart_and_with_a_half_space_are_the_same(typed: str) -> None:
    assert texts(typed) == ["کیف‌پول من کجاست"]


def test_words_in_another_order_are_second_choice() -> None:
    lines = [line("سفارش من را پیگیری کنید"), line("پیگیری سفارش از اپ"), line("راهنمای پیگیری سفارش")]
    found = [one.text for one in Completions(lines).complete("پیگیری سفا")]
    assert found == ["پیگیری سفارش از اپ", "راهنمای پیگیری سفارش", "سفارش من را پیگیری کنید"]


def test_what_people_said_answered_them_comes_first_among_equals() -> None:
    lines = [line("لغو سفارش"), line("لغو سفارش پس از ارسال", "query", links=3), line("لغو", links=1)]
    found = [one.text for one in Completions(lines).complete("لغو")]
    assert found == ["لغو سفارش پس از ارسال", "لغو", "لغو سفارش"]


def test_stems_help_where_nothing_else_matches() -> None:
    completions = Completions([line("پس دادن کتاب")])
    assert completions.complete("کتابها") == []
    found = completions.complete("کتابها", stem=lambda word: word.removesuffix("ها"))
    assert [one.text for one in found] == ["پس دادن کتاب"]


def test_each_origin_is_suggested_once_with_its_best_line() -> None:
    lines = [
        line("پول من کی برمی‌گردد", "issue", origin="a"),
        line("پول", origin="a"),
        line("پولک", origin="b"),
    ]
    assert [one.text for one in Completions(lines).complete("پو")] == ["پول", "پولک"]


def test_lines_of_other_audiences_take_nobodys_place() -> None:
    hidden = [line(f"راز {number}", audience="internal") for number in range(1000)]
    completions = Completions([*hidden, line("راز همگانی است")])
    assert [one.text for one in completions.complete("راز", groups=["public"])] == ["راز همگانی است"]
    assert completions.complete("راز", groups=[]) == []


def test_long_lines_are_compared_to_their_end() -> None:
    lines = [
        line("چگونه می‌توانم سفارشی را که هفتهٔ پیش فرستاده شد لغو کنم"),
        line("چگونه می‌توانم سفارشی را که"),
    ]
    typed = "چگونه می‌توانم سفارشی را که هفتهٔ پیش فرستاده شد ل"
    assert [one.text for one in Completions(lines).complete(typed)] == [lines[0].text]


def test_completions_that_grew_are_those_made_at_once() -> None:
    kept, gone = LINES[:2], [line(f"رفته {number}") for number in range(40)]
    grown = Completions([*kept, *gone])
    for end in range(3, len(LINES) + 1):
        grown = Completions(LINES[:end], grown)
    for typed in ("ک", "کیف", "order", "پیگیری", "رفته", "دست کتاب"):
        assert grown.complete(typed) == Completions(LINES).complete(typed)
