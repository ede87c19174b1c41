"""Slips: how far two words are apart, and which words are near."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.repair.letters import LONGEST, PERSIAN
from search.repair.typos import DOUBLED, NEIGHBOUR, SOUND, SWAPPED, WEAK_LETTER, distances, limit_of, near
from search.repair.wordlist import WordList

words = st.text(alphabet=PERSIAN, min_size=1, max_size=12)


def distance(typed: str, meant: str) -> float:
    return float(distances(typed, WordList.of({meant: 1.0}).letters)[0])


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("سفارش", "سفارش", 0.0),
        ("صفارش", "سفارش", SOUND + 0.25),  # the first letter is seldom wrong
        ("سفارص", "سفارس", SOUND),
        ("سفارس", "سفارش", NEIGHBOUR),
        ("سفرش", "سفارش", WEAK_LETTER),
        ("سففارش", "سفارش", DOUBLED),
        ("سفاشر", "سفارش", SWAPPED),
        ("سگارش", "سفارش", 1.0),
        ("refnud", "refund", SWAPPED),
        ("pasword", "password", DOUBLED),
    ],
)
def test_slips_cost_what_they_are_worth(typed: str, meant: str, expected: float) -> None:
    assert distance(typed, meant) == pytest.approx(expected, abs=1e-5)


@given(words, words)
def test_distance_is_at_most_the_longer_words_length_and_zero_only_for_equals(typed: str, meant: str) -> None:
    found = distance(typed, meant)
    assert found <= max(len(typed), len(meant)) + 0.5
    assert (found < 1e-4) == (typed == meant)


@given(words, st.lists(words, min_size=1, max_size=20))
def test_near_finds_every_word_within_one_slip(typed: str, others: list[str]) -> None:
    """The filter by letters and lengths loses nothing that one edit reaches."""
    listed = WordList.of(dict.fromkeys(others, 1.0))
    limit = min(1.0, limit_of(typed))
    expected = {word for word in others if word != typed and distance(typed, word) <= limit}
    found = {word for word, cost, _ in near(typed, listed) if cost <= limit}
    assert found <= {word for word in others if word != typed}
    assert {word for word in expected if abs(len(word) - len(typed)) <= 1} - found == {
        word for word in expected - found if _edits(typed, word) > 1
    }


def _edits(typed: str, meant: str) -> int:
    """Plain edits between two words, a swap of neighbours being one."""
    if typed == meant:
        return 0
    one = {typed[:at] + typed[at + 1 :] for at in range(len(typed))}
    one |= {typed[:at] + letter + typed[at + 1 :] for at in range(len(typed)) for letter in set(meant)}
    one |= {typed[:at] + letter + typed[at:] for at in range(len(typed) + 1) for letter in set(meant)}
    one |= {typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :] for at in range(len(typed) - 1)}
    return 1 if meant in one else 2


def test_short_and_overlong_words_are_not_looked_for() -> None:
    listed = WordList.of({"از": 1.0, "ا" * LONGEST: 1.0})
    assert near("ار", listed) == []
    assert near("ا" * (LONGEST + 1), listed) == []
