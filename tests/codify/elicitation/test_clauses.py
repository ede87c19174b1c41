"""Clauses of written, spoken and dictated text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codify.elicitation.clauses import cut_clauses
from codify.elicitation.words import read_words


def clauses(text: str) -> list[str]:
    worded = read_words(text)
    return [text[slice(*clause.span(worded.words))] for clause in cut_clauses(worded)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("I restarted the modem first. It helped.", ["I restarted the modem first", "It helped"]),
        (
            "I asked for the statement, because the card cuts names.",
            ["I asked for the statement", "because the card cuts names"],
        ),
        (
            "If the light is red, swap the cable.",
            ["If the light is red", "swap the cable"],
        ),
        ("It came at 12:30; nobody saw it.", ["It came at 12:30", "nobody saw it"]),
        ("اول مودم را ریست کردم چون سینک نمی‌شد.", ["اول مودم را ریست کردم", "چون سینک نمی‌شد"]),
        ("گفت «برو، بعد بیا» و رفت.", ["گفت «برو، بعد بیا» و رفت"]),
        (
            "مشتری زنگ زد نتش قطعه رفتم دیدم کابل شله سفتش کردم وصل شد",
            ["مشتری زنگ زد", "نتش قطعه رفتم دیدم کابل شله سفتش کردم", "وصل شد"],
        ),
        ("1. روشن کنید\n2. صبر کنید", ["1. روشن کنید", "2. صبر کنید"]),
    ],
)
def test_clauses_end_where_a_reader_ends_them(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts


@given(st.text(alphabet="ab ,.;چو نازIti\n«»12:", max_size=80))
def test_clauses_hold_every_word_once_in_order(text: str) -> None:
    worded = read_words(text)
    held = [at for clause in cut_clauses(worded) for at in range(clause.first, clause.last + 1)]
    assert held == list(range(len(worded.words)))
