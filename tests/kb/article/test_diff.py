"""Differences: line by line, word by word, in either direction of writing, in bounded time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.article import ArticleRevision, DiffLine, diff_revisions

LINES = st.lists(st.text("ab می‌. \t", max_size=8), max_size=6).map("\n".join)


def revision(**words: str) -> ArticleRevision:
    return ArticleRevision(**{"title": "", "environment": "", "resolution": "", "cause": ""} | words)


def diff(before: str, after: str) -> list[DiffLine]:
    return diff_revisions(revision(resolution=before), revision(resolution=after))


def marked(line: DiffLine) -> str:
    signs = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(signs[word.kind].format(word.text) for word in line.words)


def test_what_changed_inside_a_line_is_marked() -> None:
    lines = diff("تا **۷ روز** می‌توانید برگردانید.", "تا **۱۰ روز** می‌توانید برگردانید.")
    assert [marked(line) for line in lines] == [
        "تا **[-۷-] روز** می‌توانید برگردانید.",
        "تا **[+۱۰+] روز** می‌توانید برگردانید.",
    ]


def test_a_word_keeps_its_zwnj() -> None:
    _, new = diff("او می‌رود خانه", "او نمی‌رود خانه")
    assert marked(new) == "او [+نمی‌رود+] خانه"


def test_a_line_that_says_something_else_is_changed_as_a_whole() -> None:
    old, new = diff("نخست مودم را خاموش کنید", "Call the branch manager")
    assert marked(old) == "[-نخست مودم را خاموش کنید-]"
    assert marked(new) == "[+Call the branch manager+]"


def test_added_lines_do_not_hide_what_a_line_became() -> None:
    lines = diff("گام یک: خاموش کنید\nپایان", "پیش از هر چیز بپرسید\nگام یک: روشن کنید\nپایان")
    assert [marked(line) for line in lines] == [
        "گام یک: [-خاموش-] کنید",
        "[+پیش از هر چیز بپرسید+]",
        "گام یک: [+روشن+] کنید",
        "پایان",
    ]


@pytest.mark.parametrize(
    ("text", "direction"),
    [("۷ روز", "rtl"), ("7 days", "ltr"), ("- `code` فارسی", "ltr"), ("**تا** x", "rtl"), ("12 | 3", "rtl")],
)
def test_a_line_is_written_in_the_direction_of_its_first_letter(text: str, direction: str) -> None:
    (line,) = diff("", text)
    assert line.direction == direction


@given(LINES, LINES)
def test_both_texts_can_be_read_off_a_difference(before: str, after: str) -> None:
    lines = diff(before, after)
    if before != after:
        for kind, text in (("removed", before), ("added", after)):
            kept = [line.text for line in lines if line.kind in ("same", kind)]
            assert kept == text.splitlines()
    for line in lines:
        assert "".join(word.text for word in line.words) == line.text
        assert {word.kind for word in line.words} <= {"same", line.kind}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n".join(f"خط {n}" for n in range(60_000)), "\n".join(f"سطر {n}" for n in range(60_000))),
        ("واژه " * 100_000, "کلمه " * 100_000),
        ("a b " * 100_000 + "x", "b a " * 100_000 + "y"),
        ("الف\n" * 50_000, "الف\nب\n" * 50_000),
        ("\n".join(f"یک {n}" for n in range(900)), "\n".join(f"دو و {n} و سه" for n in range(9_000))),
    ],
)
def test_hostile_lengths_end(before: str, after: str) -> None:
    # Without bounds these take hours, and the test's own limit ends them.
    lines = diff(before, after)
    assert [line.text for line in lines if line.kind != "removed"] == after.splitlines()
