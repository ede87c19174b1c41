"""Compounds: one term joined, with ZWNJ and apart."""

import pytest

from search.analysis.analyzer import Analyzer

ANALYZER = Analyzer()


def groups(analyzer: Analyzer, text: str) -> list[tuple[str, set[str]]]:
    return [(g.term, {term for term, _ in g.alternatives}) for g in analyzer.analyze(text)]


@pytest.mark.parametrize("text", ["به روز رسانی", "به روزرسانی", "به‌روزرسانی", "بروزرسانی"])
def test_a_compound_of_three_pieces_is_one_term(text: str) -> None:
    assert [term for term, _ in groups(ANALYZER, text)] == ["بهروزرسانی"]


def test_an_unlisted_joined_word_is_found_by_its_halves() -> None:
    assert groups(ANALYZER, "رمزعبور") == [("رمزعبور", {"رمز", "عبور"})]


def test_a_preposition_before_a_noun_is_no_compound() -> None:
    assert [term for term, _ in groups(ANALYZER, "واریز به حسابم")] == ["واریز", "به", "حساب"]


def test_punctuation_keeps_pieces_apart() -> None:
    assert [term for term, _ in groups(ANALYZER, "نرم، افزار")] == ["نرم", "افزار"]
