"""Different spellings of one thing meet; different words do not."""

from itertools import permutations
from pathlib import Path

import pytest

from search.analysis.analyzer import Analyzer
from search.analysis.terms import READING_WEIGHT

HERE = Path(__file__).parent
ANALYZER = Analyzer()
GROUPS = [
    (line.split("\t")[0], line.split("\t")[1].split("|"))
    for line in (HERE / "variant_groups.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
TRAPS = [tuple(line.split("\t")) for line in (HERE / "traps.tsv").read_text(encoding="utf-8").splitlines()]


def finds(query: str, text: str) -> bool:
    """Whether every group of the query has its term, or all its alternatives, in the text."""
    there = ANALYZER.passage_terms(text)
    for group in ANALYZER.query_terms(query):
        alternatives = [term for term, weight in group.alternatives if weight >= READING_WEIGHT]
        if group.term not in there and not (alternatives and all(term in there for term in alternatives)):
            return False
    return True


def test_the_groups_are_many() -> None:
    assert len(GROUPS) >= 120
    assert len(TRAPS) >= 50


#: Share of ordered pairs that meet. What is missing is honest: کتابت is also "writing", and no list
#: knows every compound.
FLOORS = [
    ("char", 1.0),
    ("verb", 1.0),
    ("plural", 1.0),
    ("ezafe", 1.0),
    ("compound", 0.95),
    ("possess", 0.95),
    ("inflect", 1.0),
    ("informal", 1.0),
]


@pytest.mark.parametrize(("category", "floor"), FLOORS)
def test_spellings_of_one_thing_find_each_other(category: str, floor: float) -> None:
    pairs = [pair for kind, forms in GROUPS if kind == category for pair in permutations(forms, 2)]
    found = sum(finds(query, text) for query, text in pairs)
    assert found / len(pairs) >= floor


@pytest.mark.parametrize(("one", "other"), TRAPS)
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert not finds(one, other)
    assert not finds(other, one)
