"""Slips in words that rules look for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codify.elicitation.typos import without_slip


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("becuase", "because"),
        ("custmer", "customer"),
        ("unlesss", "unless"),
        ("noticdd", "noticed"),
        ("متوحه", "متوجه"),
        ("مشتتری", "مشتری"),
    ],
)
def test_one_letter_left_out_doubled_swapped_or_wrong_is_put_right(written: str, meant: str) -> None:
    assert without_slip(written) == meant


@pytest.mark.parametrize(
    "word", ["wireless", "router", "caused", "گواهینامه", "اگرچه", "نشت", "unlz", "unllless"]
)
def test_words_that_are_known_short_or_far_stay(word: str) -> None:
    assert without_slip(word) == word


@given(st.text(alphabet="becausمشتری", min_size=1, max_size=12))
def test_what_was_put_right_stays_so(word: str) -> None:
    assert without_slip(without_slip(word)) == without_slip(word)
