"""Markdown keeps its source; blocks point into it exactly."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.convert import convert
from ingest.document import BlockKind, Extracted
from ingest.markdown import blocks_of, front_matter

PAGE = """---
title: "بازگشت کالا"
tags: [a, b]
updated: 2026-03-21
---
import Note from './note'

# بازگشت *کالا* {#returns}\r
\r
متن با **تأکید**.

- یک
  - دو

    ```py
    code
    ```

> نقل

| نوع | مهلت |
|-----|------|
| گوشی | ۷ |

<Note>
  هشدار
</Note>

<script>
hidden()
</script>
"""


def read(text: str) -> Extracted:
    return convert(text.encode(), filename="x.md")


def test_every_block_is_cut_from_the_source_as_written() -> None:
    extracted = read(PAGE)
    assert extracted.text == PAGE
    assert [(block.kind.value, PAGE[block.start : block.end]) for block in extracted.blocks] == [
        ("metadata", PAGE[: PAGE.index("\nimport")]),
        ("metadata", "import Note from './note'"),
        ("heading", "# بازگشت *کالا* {#returns}"),
        ("paragraph", "متن با **تأکید**."),
        ("list_item", "- یک"),
        ("list_item", "  - دو"),
        ("code", "    ```py\n    code\n    ```"),
        ("quote", "> نقل"),
        ("table", "| نوع | مهلت |\n|-----|------|\n| گوشی | ۷ |"),
        ("paragraph", "<Note>\n  هشدار\n</Note>"),
        ("metadata", "<script>\nhidden()\n</script>"),
    ]


def test_headings_have_plain_labels_and_tables_have_rows() -> None:
    blocks = read(PAGE).blocks
    heading = next(block for block in blocks if block.kind is BlockKind.HEADING)
    table = next(block for block in blocks if block.kind is BlockKind.TABLE)
    assert (heading.level, heading.label) == (1, "بازگشت کالا")
    assert [PAGE[row.start : row.end] for row in table.rows] == [
        "| نوع | مهلت |\n|-----|------|",
        "| گوشی | ۷ |",
    ]


def test_front_matter_is_metadata_in_json_values_and_names_the_page() -> None:
    extracted = read(PAGE)
    assert extracted.title == "بازگشت کالا"
    assert dict(extracted.metadata) == {"title": "بازگشت کالا", "tags": ["a", "b"], "updated": "2026-03-21"}


def test_front_matter_that_does_not_parse_is_skipped_not_shown() -> None:
    text = "---\ntitle: [unclosed\n---\n# Heading\n"
    assert front_matter(text) == ({}, text.index("# Heading"))
    assert read(text).title == "Heading"


def test_a_rule_at_the_start_is_not_front_matter() -> None:
    assert front_matter("---\nplain words\n---\nmore") == ({}, 0)


def test_windows_and_old_mac_line_ends_keep_offsets() -> None:
    for end in ("\r\n", "\r"):
        text = end.join(["# one", "", "two", "three", "", "- four"])
        kinds = [(block.kind.value, text[block.start : block.end]) for block in blocks_of(text)]
        assert kinds == [("heading", "# one"), ("paragraph", f"two{end}three"), ("list_item", "- four")]


MARKDOWN_LINES = (
    *("# a", "## ب", "text", "متن\u200cدار", "- item", "  - sub", "1. one", "> q", "| a | b |", "|---|---|"),
    *(
        "```",
        "    code",
        "",
        "",
        "<div>",
        "</div>",
        "***",
        "[a]: http://x",
        "\t",
        "a\x0bb",
        "\u2028",
        "---",
        "===",
    ),
)
markdown_lines = st.lists(
    st.sampled_from(MARKDOWN_LINES),
    max_size=25,
)


@given(markdown_lines, st.sampled_from(["\n", "\r\n", "\r"]))
def test_blocks_of_any_markdown_are_ordered_and_apart(lines: list[str], end: str) -> None:
    text = end.join(lines)
    position = 0
    for block in blocks_of(text):
        assert position <= block.start < block.end <= len(text)
        assert text[block.start : block.end].strip()
        for row in block.rows:
            assert block.start <= row.start < row.end <= block.end
        position = block.end
