"""Numbers however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codify.facts.numbers import find_numbers
from search.analysis.fold import fold_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("۴۹٬۰۰۰", 49_000),
        ("49,000", 49_000),
        ("10.000.000", 10_000_000),
        ("۳٫۵", 3.5),
        ("1,234.5", 1234.5),
        ("۲ میلیون و ۵۰۰ هزار", 2_500_000),
        ("دو میلیون و پانصد هزار", 2_500_000),
        ("دو میلیون و نیم", 2_500_000),
        ("صد و بیست و سه هزار و چهارصد", 123_400),
        ("سی و پنج", 35),
        ("پونصد", 500),
        ("twenty-five", 25),
        ("three hundred and fifty", 350),
        ("1.5 million", 1_500_000),
        ("100k", 100_000),
    ],
)
def test_a_number_in_digits_and_words_is_one_number(text: str, value: float) -> None:
    assert [number.value for number in find_numbers(fold_text(text))] == [value]


def test_two_digits_side_by_side_in_words_are_a_range() -> None:
    (number,) = find_numbers("دو سه روز")
    assert (number.low, number.value) == (2, 3)


@pytest.mark.parametrize("text", ["mp3", "و", "and", "سلام"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert find_numbers(fold_text(text)) == []


def test_neighbours_that_make_no_number_stay_apart() -> None:
    assert [number.value for number in find_numbers("5 و 6")] == [5, 6]


@given(st.text(alphabet="0123456789۰۱۲ ,.و andهزارنیم-ok", max_size=60))
def test_numbers_lie_in_the_text_in_order_and_apart(text: str) -> None:
    folded = fold_text(text)
    end = 0
    for number in find_numbers(folded):
        assert end <= number.start < number.end <= len(folded)
        end = number.end


@given(st.integers(min_value=0, max_value=10**12))
def test_grouped_digits_are_the_number(value: int) -> None:
    assert [number.value for number in find_numbers(f"{value:,}")] == [value]
