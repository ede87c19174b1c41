import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import EmptyText, InvalidInput, TextTooLong
from kb.text import clean_line, clean_tags, clean_text, storable

ANY_TEXT = st.text(alphabet=st.characters(categories=None))


@given(ANY_TEXT)
def test_whatever_is_sent_becomes_storable_and_stays_so(text: str) -> None:
    stored = storable(text)
    assert "\0" not in stored
    stored.encode()
    assert storable(stored) == stored


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("می‌خواهم", "می‌خواهم"),
        ("a\0b", "ab"),
        ("a\ud800b", "a�b"),
        ("\ud83d\ude00", "😀"),
        ("\ude00\ud83d", "��"),
    ],
)
def test_surrogates_are_joined_or_replaced_and_nul_is_dropped(sent: str, kept: str) -> None:
    assert storable(sent) == kept


def test_texts_keep_their_indentation_and_lose_blank_lines_around() -> None:
    assert clean_text("text", "\r\n\n    کد\r\nمتن \r\n") == "    کد\nمتن "


def test_lines_have_single_spaces() -> None:
    assert clean_line("title", " یک \t\n دو\u00a0سه ") == "یک دو سه"


def test_emptiness_is_an_error_where_words_are_required() -> None:
    for empty in ("", " ", "\n\t", "\0", "\u00a0"):
        with pytest.raises(EmptyText) as refusal:
            clean_text("resolution", empty)
        assert refusal.value.data["field"] == "resolution"
        assert clean_text("cause", empty, required=False) == ""


def test_a_text_one_letter_too_long_is_refused_with_both_lengths() -> None:
    assert clean_text("text", "پ" * 5, 5) == "پ" * 5
    with pytest.raises(TextTooLong) as refusal:
        clean_text("text", "پ" * 6, 5)
    assert (refusal.value.data["length"], refusal.value.data["limit"]) == (6, 5)


def test_tags_keep_their_order_without_repetition() -> None:
    assert clean_tags(["ب", " الف ", "ب", "الف"]) == ["ب", "الف"]
    with pytest.raises(EmptyText):
        clean_tags(["ب", " "])
    with pytest.raises(InvalidInput):
        clean_tags(str(number) for number in range(51))
