"""Lists and tables of Markdown, with exact places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.blocks import Blocks, Span, blocks_of


def items(markdown: str) -> list[list[str]]:
    return [[cut(markdown, item) for item in found.items] for found in blocks_of(markdown).lists]


def rows(markdown: str) -> list[list[list[str]]]:
    return [
        [[cut(markdown, cell) for cell in row] for row in (found.header, *found.rows)]
        for found in blocks_of(markdown).tables
    ]


def cut(text: str, span: Span) -> str:
    return text[slice(*span)]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("1. باز کنید\n2. بزنید", [["باز کنید", "بزنید"]]),
        ("۱. باز کنید\n۲) بزنید", [["باز کنید", "بزنید"]]),
        ("- a\n- b\n\n- c\n", [["a", "b", "c"]]),
        ("متن\n\n* a\n* b\n\nمتن", [["a", "b"]]),
        ("1. a\n   more\n2. b\nlazy", [["a\n   more", "b\nlazy"]]),
        ("1. a\n   - x\n   - y\n2. b", [["a\n   - x\n   - y", "b"]]),
        ("1. a\n\n![](x.png)\n\n2. b", [["a\n\n![](x.png)", "b"]]),
        ("1. a\n\n```\n3. no\n```\n\n2. b", [["a\n\n```\n3. no\n```", "b"]]),
        ("1. a\n2. b\n\nend\n\n1. c\n2. d", [["a", "b"], ["c", "d"]]),
        ("- a\n- b\n1. c\n2. d", [["a", "b"], ["c", "d"]]),
        ("- a\n\n## next\n\n- b", []),
        ("1403. سال", []),
        ("```\n- a\n- b\n```", []),
        ("- a\n- b\n\n| x | y |\n| - | - |\n| 1 | 2 |", [["a", "b"]]),
    ],
)
def test_items_are_found_without_their_markers(markdown: str, expected: list[list[str]]) -> None:
    assert items(markdown) == expected


def test_a_numbered_list_says_its_first_number() -> None:
    assert [found.first for found in blocks_of("3. a\n4. b\n\n- c\n- d").lists] == [3, None]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (
            "| روش | زمان |\n|---|:--:|\n| کارت | ۳ روز |\n|  | فوری |\n",
            [[["روش", "زمان"], ["کارت", "۳ روز"], ["", "فوری"]]],
        ),
        ("a | b\n--- | ---\n1 | 2", [[["a", "b"], ["1", "2"]]]),
        ("| a |\n| - |\n| x \\| y |", [[["a"], ["x \\| y"]]]),
        ("| a | b |\n| - | - |\n| 1 |\n| 1 | 2 | 3 |", [[["a", "b"], ["1"], ["1", "2", "3"]]]),
        ("| 1 | 2 |\n| 3 | 4 |\n", [[[], ["1", "2"], ["3", "4"]]]),
        ("یا این | یا آن\n", []),
        ("```\n| a | b |\n| - | - |\n| 1 | 2 |\n```", []),
        ("| a | b |\n| - | - |\n", []),
    ],
)
def test_cells_are_found_without_bars_and_blanks(markdown: str, expected: list[list[list[str]]]) -> None:
    assert rows(markdown) == expected


def test_plain_words_hold_no_blocks() -> None:
    assert blocks_of("یک جمله. و یکی دیگر.") == Blocks()


@given(st.text(alphabet="ab ۱1.2)-*|\\\n\t:`#>~", max_size=120))
def test_spans_are_ordered_inside_the_text_and_apart(markdown: str) -> None:
    blocks = blocks_of(markdown)
    for listing in blocks.lists:
        assert len(listing.items) > 1
        assert_ordered(listing.items, markdown)
    for table in blocks.tables:
        for row in (table.header, *table.rows):
            assert_ordered(row, markdown)


def assert_ordered(spans: tuple[Span, ...], text: str) -> None:
    reached = 0
    for start, end in spans:
        assert reached <= start <= end <= len(text)
        assert text[start:end] == text[start:end].strip()
        reached = end
