"""Cursors: only what was given out is taken back."""

import base64
import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import InvalidInput
from kb.paging import cut, number_before, older_than
from kb.source import Source


def _cursor(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_cursor_that_was_given_out_is_taken_back() -> None:
    page = cut(["a", "b"], 1, lambda item: (datetime(2026, 1, 2, tzinfo=UTC), item))
    assert page.items == ("a",)
    assert page.next_cursor is not None
    older_than(page.next_cursor, Source.created_at, Source.id)


def test_the_last_page_has_no_cursor() -> None:
    assert cut(["a"], 1, lambda item: (1, item)).next_cursor is None


@pytest.mark.parametrize(
    "value",
    [
        ["2026-01-02T00:00:00+00:00", "a\0b"],
        ["2026-01-02T00:00:00+00:00", "a\ud800"],
        ["2026-01-02T00:00:00", "a"],
        ["0001-01-01T00:00:00+14:00", "a"],
        ["9999-12-31T23:59:59-12:00", "a"],
        ["soon", "a"],
        ["2026-01-02T00:00:00+00:00"],
        {"key": "a"},
        7,
    ],
)
def test_a_cursor_made_up_is_refused(value: Any) -> None:
    with pytest.raises(InvalidInput):
        older_than(_cursor(value), Source.created_at, Source.id)


@pytest.mark.parametrize("key", ["", "-1", "9" * 400, "1.5", "٣"])
def test_a_made_up_number_is_refused(key: str) -> None:
    with pytest.raises(InvalidInput):
        number_before(_cursor([key, ""]))


@given(st.text(max_size=80))
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    with contextlib.suppress(InvalidInput):
        older_than(text, Source.created_at, Source.id)
