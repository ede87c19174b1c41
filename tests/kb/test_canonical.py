import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kb.canonical import canonical_json, plain, sha256_of
from kb.vocabulary import Role

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(JSON)
def test_a_value_that_went_through_json_has_the_same_spelling(value: object) -> None:
    spelled = canonical_json(value)
    assert canonical_json(json.loads(spelled)) == spelled
    assert sha256_of(json.loads(spelled)) == sha256_of(value)


def test_keys_are_sorted_letters_are_themselves_and_there_is_no_space() -> None:
    assert canonical_json({"ب": 1, "a": ["می‌خواهم", None]}) == '{"a":["می‌خواهم",null],"ب":1}'


def test_whatever_is_not_json_becomes_it() -> None:
    tehran = timezone(timedelta(hours=3, minutes=30))
    assert plain(
        {
            1: Role.ADMIN,
            "at": datetime(2026, 3, 21, tzinfo=tehran),
            "utc": datetime(2026, 3, 21, tzinfo=UTC),
            "set": {"ب", "الف"},
            "tuple": (Path("/a"), "\0\ud800"),
        }
    ) == {
        "1": "admin",
        "at": "2026-03-20T20:30:00+00:00",
        "utc": "2026-03-21T00:00:00+00:00",
        "set": ["الف", "ب"],
        "tuple": ["/a", "�"],
    }
