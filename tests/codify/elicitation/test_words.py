"""Texts as words with tags: spelling does not matter, places are those of the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codify.elicitation.words import Word, read_words


def forms(text: str) -> list[str]:
    return [word.form for word in read_words(text).words]


@pytest.mark.parametrize(
    "text",
    ["چراغ چشمک می‌زند", "چراغ چشمک ميزند", "چراغ چشمک می زند", "چِراغ چشمک ‌می‌زند"],
)
def test_zwnj_space_arabic_letters_and_marks_make_no_difference(text: str) -> None:
    assert forms(text) == ["چراغ", "چشمک", "میزند"]


def test_apostrophes_make_no_difference() -> None:
    assert forms("It didn't work, it didn’t") == ["it", "didnt", "work", "it", "didnt"]


def test_words_carry_their_lemma_and_tags() -> None:
    asked, modem = read_words("پرسیدم مودم").words
    assert (asked.lemma, asked.tags, asked.is_finite) == ("@پرسید", {"1", "past", "sg", "deed"}, True)
    assert (modem.lemma, modem.tags, modem.is_finite) == ("مودم", {"mechanism"}, False)


def test_places_are_those_of_the_original() -> None:
    text = "گفت: «می روم» ﻻزم"
    words = read_words(text).words
    assert [text[word.start : word.end] for word in words] == ["گفت", "می روم", "ﻻزم"]


def test_words_in_quotation_marks_are_known() -> None:
    worded = read_words("گفت «پول کم شد» و رفت")
    assert [worded.words[at].form for at in sorted(worded.quoted)] == ["پول", "کم", "شد"]


def test_a_slip_in_a_word_of_the_rules_is_read_as_the_word() -> None:
    assert forms("becuase the custmer") == ["because", "the", "customer"]
    assert forms("مشتزی متوحه شد") == ["مشتری", "متوجه", "شد"]


@given(st.text(max_size=60))
def test_any_text_is_read_in_order(text: str) -> None:
    words: tuple[Word, ...] = read_words(text).words
    starts = [word.start for word in words]
    assert starts == sorted(starts)
    for word in words:
        assert word.start < word.end <= len(text)
        assert word.form
        assert not {" ", "/"} & set(word.form + word.lemma)
