"""Sentence segmentation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.sentences import sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("سلام. چطوری؟ خوبم!", ["سلام.", "چطوری؟", "خوبم!"]),
        ("نسخه 2.1 آمد. نصب کنید", ["نسخه 2.1 آمد.", "نصب کنید"]),
        ("فایل vue.js را باز کنید.", ["فایل vue.js را باز کنید."]),
        ("تمام شد.بعد خاموش کنید", ["تمام شد.", "بعد خاموش کنید"]),
        ("1. روشن کنید\n2. صبر کنید", ["1. روشن کنید", "2. صبر کنید"]),
        ("Ask Dr. Smith. He knows, e.g. this.", ["Ask Dr. Smith.", "He knows, e.g. this."]),
        ("یک؛ دو. سه", ["یک؛ دو.", "سه"]),
        ("گفت «برو!» و رفت…", ["گفت «برو!»", "و رفت…"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == parts


@given(st.text(alphabet="ab کت.؟!؛\n1»", max_size=80))
def test_sentences_are_ordered_apart_and_lose_nothing(text: str) -> None:
    spans = sentences(text)
    end = 0
    for start, stop in spans:
        assert not text[end:start].strip()
        assert start < stop
        end = stop
    assert not text[end:].strip()
