"""The extracted sentence covers most of what was asked."""

import numpy as np
import pytest

from search.analysis.sentences import sentences
from search.answer import Sentence, best_sentence, with_antecedent

TERMS = [1, 2, 3]
IDF = np.array([3.0, 2.0, 1.0], dtype=np.float32)


def best(*sentences: Sentence) -> tuple[Sentence, float] | None:
    return best_sentence(sentences, query_terms=TERMS, idf=IDF)


def test_without_sentences_there_is_no_answer() -> None:
    assert best() is None


def test_rare_terms_count_more_than_common_ones() -> None:
    rare, common = Sentence(0, 5, frozenset({1})), Sentence(6, 9, frozenset({2, 9}))
    chosen = best(common, rare)
    assert chosen is not None
    assert chosen[0] == rare
    assert round(chosen[1], 3) == 0.5


def test_the_heading_above_counts_in_part() -> None:
    under = Sentence(10, 20, frozenset({3}), heading=frozenset({1, 2}))
    elsewhere = Sentence(30, 40, frozenset({1}))
    chosen = best(elsewhere, under)
    assert chosen is not None
    assert chosen[0] == under


def test_of_equals_the_first_answers() -> None:
    first, second = Sentence(0, 5, frozenset({1})), Sentence(6, 9, frozenset({1}))
    chosen = best(second, first)
    assert chosen is not None
    assert chosen[0] == first


def test_a_sentence_with_the_quantity_that_was_asked_for_comes_first() -> None:
    repeats = Sentence(0, 5, frozenset({1, 3}))
    gives = Sentence(6, 9, frozenset({1}), is_expected=True)
    chosen = best(repeats, gives)
    assert chosen is not None
    assert chosen[0] == gives


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("نقطهٔ تحویل رایگان است. این نقطه شب بسته است.", "نقطهٔ"),
        ("نقطهٔ تحویل رایگان است. اين نقطه شب بسته است.", "نقطهٔ"),
        ("نقطهٔ تحویل رایگان است. پست گران است.", "پست"),
        ("نقطهٔ تحویل رایگان است.\nاین نقطه شب بسته است.", "این"),
        ("Points are free. They close at night.", "Points"),
        ("x" * 390 + ". They close at night.", "They"),
    ],
)
def test_an_answer_that_points_back_brings_the_sentence_before_it(text: str, begins: str) -> None:
    cut = [Sentence(start, end, frozenset({1})) for start, end in sentences(text)]
    assert text[with_antecedent(cut, cut[-1], text) :].startswith(begins)
