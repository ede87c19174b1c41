"""Front matter gives back what was written, whatever it looks like, and says on which line it is wrong."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.exchange.front_matter import read_front_matter, read_yaml, write_front_matter
from kb.exchange.errors import BrokenFile
from kb.vocabulary import Audience

_SIGNS = "\u200c\u200e\u200f\u202e\u2066\ufeff\x85\u2028\u2029\t \n-#:'\"|>{}[]&*!%@`\\\u00a0😀\x07\x7f~؛می"
awkward = st.text(
    st.one_of(st.sampled_from(_SIGNS), st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")),
    max_size=40,
)


@settings(max_examples=300)
@given(awkward, awkward, st.lists(awkward, max_size=3))
def test_every_text_comes_back_as_it_was(field: str, text: str, items: list[str]) -> None:
    body = text.strip("\n")
    written = write_front_matter({"one": field, "many": items, "part": {"deep": field}}, body).encode()
    fields, read = read_front_matter("a.md", written)
    part = fields.part("part")
    assert part is not None
    assert (fields.text("one"), fields.texts("many"), part.text("deep")) == (field, tuple(items), field)
    assert read == body


@pytest.mark.parametrize(
    "title",
    ["no", "1e3", "{", "~", "null", "2026-01-01", "- a", "a: b", "---", "", " x ", "می\u200cخواهم", "0x1F"],
)
def test_a_title_that_looks_like_yaml_is_a_title(title: str) -> None:
    fields, _ = read_front_matter("a.md", write_front_matter({"title": title}, "").encode())
    assert fields.text("title") == title


def test_what_a_person_writes_without_quotes_is_text_too() -> None:
    fields, text = read_front_matter("a.md", "---\ntitle: no\ntags: one\nissue:\n---\n\nمتن\n".encode())
    assert (fields.text("title"), fields.texts("tags"), fields.texts("issue")) == ("no", ("one",), ())
    assert text == "متن"


def test_long_lines_are_not_folded_and_lines_of_fences_stay_in_the_text() -> None:
    written = write_front_matter({"title": "کلمه " * 2000}, "---\nبعد\n---")
    assert written.count("\n") == 6
    assert read_front_matter("a.md", written.encode())[1] == "---\nبعد\n---"


def test_windows_line_ends_and_a_mark_at_the_beginning_change_nothing() -> None:
    data = "\ufeff---\r\ntitle: نو\r\n---\r\nیک\r\nدو\r\n".encode()
    fields, text = read_front_matter("a.md", data)
    assert (fields.text("title"), text) == ("نو", "یک\nدو")


def test_times_are_written_in_utc_and_read_back() -> None:
    at = datetime(2026, 1, 31, 8, 0, 0, 5, tzinfo=UTC)
    written = write_front_matter({"at": at}, "")
    assert "at: 2026-01-31T08:00:00.000005Z\n" in written
    assert read_front_matter("a.md", written.encode())[0].moment("at") == at


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b"title: x\n", 1, "does not begin with ---"),
        (b"---\ntitle: x\n", 1, "no end"),
        (b"---\ntitle: x\n\xff---\n", 3, "not UTF-8"),
        (b"---\na: 1\ntitle: {\n---\n", 4, "did not find"),
        (b"---\na: 1\na: 2\n---\n", 3, "a stands here twice"),
        (b"---\na: &x [1]\nb: *x\n---\n", 2, "aliases"),
        (b"---\na: !!python/object:os.system x\n---\n", 2, "the tag"),
        (b"---\na: 1\nb: \x07\n---\n", 3, "U+0007"),
        (b"---\n- a\n---\n", 2, "must be fields"),
        (b"---\na: " + b"[" * 50 + b"]" * 50 + b"\n---\n", 2, "nested too deep"),
    ],
)
def test_what_is_broken_is_named_with_its_line(data: bytes, line: int, said: str) -> None:
    with pytest.raises(BrokenFile) as refused:
        read_front_matter("a.md", data)
    assert (refused.value.data["filename"], refused.value.data["line"]) == ("a.md", line)
    assert said in refused.value.message()


def test_an_alias_bomb_is_refused_at_its_first_alias() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    with pytest.raises(BrokenFile, match="aliases"):
        read_yaml("a.yml", "\n".join(lines))


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda f: f.number("x"), "whole number"),
        (lambda f: f.truth("x"), "true or false"),
        (lambda f: f.moment("x"), "a time with its zone"),
        (lambda f: f.one_of("x", Audience), "internal, partner, public"),
        (lambda f: f.part("x"), "must be fields"),
        (lambda f: f.text("y"), "must be one text"),
        (lambda f: f.finish(), "no field of this kind"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(ask: Any, said: str) -> None:
    fields, _ = read_front_matter("a.md", b"---\nx: nonsense\ny: [1]\n---\n")
    with pytest.raises(BrokenFile, match=said):
        ask(fields)
