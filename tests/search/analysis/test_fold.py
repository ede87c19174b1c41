"""Folding: equal spellings meet, and every folded character knows where it came from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.fold import ZWNJ, fold, fold_text

TEXTS = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("ابپتيىئكڪةۀأإآؤءًٌٍَُِّـ۰۱۲٣٤\u200c\u200f\u00adﻻﷲﮐﺘﺎﺏﬁÉİß٬٫"),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("original", "folded"),
    [
        ("كتابهاي", "کتابهای"),
        ("ﮐﺘﺎﺏ", "کتاب"),
        ("ﷲ", "الله"),
        ("خانهٔ ما", "خانه ما"),
        ("مسئول", "مسیول"),
        ("واقعاً", "واقعا"),
        ("کـــتاب", "کتاب"),
        ("۱۲٬۳۴۵٫۶ ٪", "12345.6 %"),
        ("می\u00adروم\u200f", f"می{ZWNJ}روم"),
        ("Café ﬁle", "cafe file"),
        ("کِتاب ﹰ", "کتاب "),
    ],
)
def test_look_alike_spellings_fold_to_one(original: str, folded: str) -> None:
    assert fold(original).text == folded


def test_offsets_lead_back_over_deleted_and_expanded_characters() -> None:
    folded = fold("ﻻـم ء۱")
    assert folded.text == "لام 1"
    assert folded.offsets == [0, 0, 2, 3, 5, 6]
    assert folded.span(0, 3) == (0, 3)


def test_a_span_takes_the_marks_of_its_last_letter_along() -> None:
    text = "واقعاً خوب"
    start, end = fold(text).span(0, 5)
    assert text[start:end] == "واقعاً"


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text).text).text == fold(text).text


@given(TEXTS)
def test_offsets_never_decrease_and_stay_inside_the_original(text: str) -> None:
    folded = fold(text)
    offsets = folded.offsets
    assert len(offsets) == len(folded.text) + 1
    assert offsets == sorted(offsets)
    assert offsets[0] >= 0
    assert offsets[-1] == len(text)


@given(TEXTS)
def test_every_folded_character_comes_from_the_place_it_points_to(text: str) -> None:
    folded = fold(text)
    assert folded.text == fold_text(text)
    for position, char in enumerate(folded.text):
        assert char in fold_text(text[folded.origin(position)])


@given(TEXTS, st.data())
def test_a_folded_span_covers_its_own_source(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    left, right = folded.span(start, end)
    assert 0 <= left <= right <= len(text)
    if start < end:
        assert folded.text[start:end] in fold_text(text[left:right])
