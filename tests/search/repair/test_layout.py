"""The same keys on two keyboards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.repair.layout import to_latin, to_persian
from search.repair.letters import LATIN, PERSIAN


@pytest.mark.parametrize(
    ("keys", "letters"),
    [("sghl", "سلام"), (";hv", "کار"), ("]d", "چی"), ("'vhkd", "گرانی"), ("Hf", "آب"), ("lCni", "مژده")],
)
def test_us_keys_give_persian_letters(keys: str, letters: str) -> None:
    assert to_persian(keys)[0] == letters


@pytest.mark.parametrize(
    ("letters", "keys"), [("اثممخ", "hello"), ("قثبعدی", "refund"), ("حشسسصخقی", "password")]
)
def test_persian_keys_give_latin_letters(letters: str, keys: str) -> None:
    assert to_latin(letters)[0] == keys


@pytest.mark.parametrize("keys", ["`vnhoj", "\\vnhoj", "mvnhoj"])
def test_peh_is_on_different_keys_of_different_keyboards(keys: str) -> None:
    assert "پرداخت" in to_persian(keys)


@given(st.text(alphabet=LATIN, min_size=1))
def test_latin_letters_come_back(text: str) -> None:
    assert text in to_latin(to_persian(text)[0])


@given(st.text(alphabet=PERSIAN.replace("ژ", "").replace("پ", ""), min_size=1))
def test_persian_letters_come_back(text: str) -> None:
    assert text in to_persian(to_latin(text)[0])


@pytest.mark.parametrize("text", ["سلام", "a1", "a b", "é"])
def test_other_keys_give_nothing(text: str) -> None:
    assert to_persian(text) == []
