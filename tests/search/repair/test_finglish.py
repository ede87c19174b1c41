"""Persian in Latin letters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.repair.channel import NEVER, costs_of, keys_of, sound_keys
from search.repair.finglish import readings
from search.repair.letters import LATIN
from search.repair.lexis import persian_words
from search.repair.wordlist import NO_WORDS, WordList


def cost(typed: str, word: str) -> float:
    return float(costs_of(typed, WordList.of({word: 1.0}).letters)[0])


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("salam", "سلام"),
        ("khoobi", "خوبی"),
        ("mikham", "میخوام"),
        ("mikonam", "میکنم"),
        ("nemidoonam", "نمیدونم"),
        ("emrooz", "امروز"),
        ("barname", "برنامه"),
        ("moshkel", "مشکل"),
        ("ghaza", "غذا"),
        ("ettelaat", "اطلاعات"),
        ("ba'd", "بعد"),
        ("daghighan", "دقیقا"),
        ("ketabhaye", "کتابهای"),
        ("khaharam", "خواهرم"),
        ("va", "و"),
        ("xoob", "خوب"),
        ("qeymat", "قیمت"),
    ],
)
def test_a_typed_word_is_among_the_first_readings(typed: str, written: str) -> None:
    assert written in [reading.word for reading in readings(typed, NO_WORDS, persian_words())[:2]]


def test_words_of_the_corpus_come_first() -> None:
    corpus = WordList.of({"باربری": 2.0})
    assert readings("barbari", corpus, persian_words())[0].word == "باربری"


@pytest.mark.parametrize("typed", ["", "سلام", "a1", "hello world", "x" * 40])
def test_what_is_no_latin_word_has_no_readings(typed: str) -> None:
    assert readings(typed, NO_WORDS, persian_words()) == []


def test_usual_spellings_cost_less_than_unusual_ones() -> None:
    assert cost("khane", "خانه") < cost("khanh", "خانه") < cost("xnh", "خانه") < NEVER
    assert cost("salam", "سلام") < cost("salam", "سالم") + 0.5
    assert cost("bad", "سلام") >= NEVER


def test_a_word_is_found_under_its_consonants_whatever_the_vowels() -> None:
    letters = WordList.of({"سفارش": 1.0}).letters
    key = int(sound_keys(letters)[0])
    assert all(key in keys_of(typed) for typed in ("sefaresh", "safarsh", "sfrsh", "seffaresh"))


@given(st.text(alphabet=LATIN + "'", max_size=20))
def test_any_latin_text_can_be_read_and_costs_are_positive(typed: str) -> None:
    found = readings(typed, NO_WORDS, persian_words())
    assert len(found) <= 8
    assert all(0 <= reading.cost < NEVER * 2 for reading in found)
    assert np.all(np.diff([reading.score for reading in found]) >= 0)
