"""Compounds: one term joined, with ZWNJ and apart; learnt from the index itself."""

import pytest

from search.analysis.analyzer import Analyzer
from search.analysis.compounds import CompoundTable

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


def test_a_word_split_by_zwnj_in_one_text_is_found_apart_in_another() -> None:
    taught = ANALYZER.with_compounds(ANALYZER.learn(["با تایپ‌اسکریپت بنویسید"]))
    assert groups(taught, "تایپ اسکریپت") == groups(taught, "تایپ‌اسکریپت")


def test_pairs_whose_joined_form_is_a_word_of_the_index_are_learnt() -> None:
    table = ANALYZER.learn(["فریمورک خوب", "یک فریم ورک خوب"])
    assert table.splits["فریمورک"] == ("فریم", "ورک")


def test_the_table_survives_storage_and_merging() -> None:
    table = CompoundTable({"فریمورک": ("فریم", "ورک")}, frozenset({"گیتهاب"}))
    other = CompoundTable({"فریمورک": ("ف", "ریمورک"), "ریاکت": ("ری", "اکت")})
    assert CompoundTable.from_json(table.to_json()) == table
    merged = table.merged(other)
    assert merged.splits == {"فریمورک": ("فریم", "ورک"), "ریاکت": ("ری", "اکت")}
    assert merged.vocabulary == {"گیتهاب"}


def test_a_stored_table_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="'splits'"):
        CompoundTable.from_json({"words": []})


def test_learning_leaves_the_analyzer_as_it_was() -> None:
    before = groups(ANALYZER, "گیت هاب")
    ANALYZER.learn(["گیت‌هاب"])
    assert groups(ANALYZER, "گیت هاب") == before
