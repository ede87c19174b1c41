"""Passages tile their text, follow its structure, and are embedded without marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.convert import convert
from ingest.document import BlockKind, Extracted
from ingest.embedded import embedded_text, plain_words
from ingest.passages import MAX_TOKENS, Passage, split
from ingest.sentences import safe_cut, sentence_ends
from ingest.tokens import estimate_tokens

SENTENCE = "برای بازگشت کالا فاکتور و کارتن را همراه داشته باشید و تا هفت روز فرصت دارید. "


def read(text: str, name: str = "x.md") -> Extracted:
    return convert(text.encode(), filename=name)


def cut(text: str, name: str = "x.md") -> tuple[Passage, ...]:
    return split(read(text, name))


def test_a_section_is_one_passage_with_its_headings() -> None:
    text = f"# خرید\n\n## بازگشت\n\n{SENTENCE * 3}\n\n## ارسال\n\n{SENTENCE * 4}\n"
    passages = cut(text)
    assert [passage.heading_path for passage in passages] == [("خرید", "بازگشت"), ("خرید", "ارسال")]
    assert passages[0].text.startswith("# خرید\n\n## بازگشت")


def test_tiny_sections_of_one_parent_are_merged_and_long_ones_are_not() -> None:
    tiny = "# پرسش‌ها\n\n## الف\n\nبله.\n\n## ب\n\nخیر.\n\n## پ\n\n" + SENTENCE * 5
    assert [passage.heading_path for passage in cut(tiny)] == [("پرسش‌ها",), ("پرسش‌ها", "پ")]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    passages = cut(SENTENCE * 40)
    assert len(passages) > 3
    assert all(passage.text.strip().endswith(".") for passage in passages)
    assert all(passage.text.startswith("برای") for passage in passages)


def test_a_table_is_cut_between_rows_and_continued_under_its_header() -> None:
    rows = "\n".join(f"| کالای شمارهٔ {number} | {number} روز مهلت بازگشت |" for number in range(120))
    passages = cut(f"# مهلت‌ها\n\n| کالا | مهلت |\n| --- | --- |\n{rows}\n")
    assert len(passages) > 2
    assert all(
        line.startswith("|") and line.endswith("|")
        for p in passages[1:]
        for line in p.text.strip().split("\n")
    )
    assert passages[0].table_header == ""
    assert passages[1].table_header == "| کالا | مهلت |\n| --- | --- |"
    assert "کالا, مهلت" in embedded_text(passages[1])


def test_a_table_and_code_that_fit_are_never_cut() -> None:
    code = "```py\n" + "\n".join(f"value_{n} = compute({n})" for n in range(15)) + "\n```"
    table = "| a | b |\n| --- | --- |\n" + "\n".join(f"| word {n} | other |" for n in range(20))
    text = "\n\n".join([SENTENCE * 6, code, SENTENCE * 6, table, SENTENCE * 6])
    passages = cut(text)
    assert sum(code in passage.text for passage in passages) == 1
    assert sum(table in passage.text for passage in passages) == 1


def test_a_heading_is_never_left_alone_before_what_it_heads() -> None:
    text = "\n\n".join(f"## بخش {n}\n\n{SENTENCE * 9}" for n in range(6))
    assert all(passage.text.strip().count("\n") > 0 for passage in cut(text))


def test_front_matter_and_scripts_are_passages_that_are_not_embedded() -> None:
    passages = cut("---\ntitle: x\n---\n\n# A\n\nwords\n")
    assert [passage.kind for passage in passages] == [BlockKind.METADATA, BlockKind.PARAGRAPH]
    assert [embedded_text(passage) for passage in passages] == ["", "A\nwords"]


def test_no_passage_is_beyond_the_maximum_even_without_spaces() -> None:
    for text in ("x" * 5000, "،" * 3000, "می‌" * 3000, "۱۲۳۴۵" * 900, "a b " * 3000):
        passages = cut(text, "x.txt")
        assert all(estimate_tokens(passage.text) <= MAX_TOKENS for passage in passages)
        assert "".join(passage.text for passage in passages) == text


WORDS = (
    *(
        "سلام",
        "می‌روم",
        "کتاب‌ها",
        "order",
        "2.1",
        "e.g.",
        "؟",
        "!",
        ".",
        "…",
        "\n",
        "\n\n",
        "# h\n",
        "## h2\n",
        " ",
    ),
    *(
        "- item\n",
        "| a | b |\n",
        "| --- | --- |\n",
        "```\n",
        "> q\n",
        "\u200c",
        "\u064e",
        "👩‍👩‍👧",
        "\f",
        "\u2028",
        "<br>",
    ),
)
words = st.sampled_from(WORDS)


@given(st.lists(words, max_size=400).map(" ".join), st.sampled_from(["x.md", "x.txt"]), st.integers(20, 80))
def test_passages_tile_any_text(text: str, name: str, target: int) -> None:
    if not text.strip():
        return
    extracted = read(text, name)
    passages = split(extracted, target_tokens=target, max_tokens=2 * target)
    assert "".join(passage.text for passage in passages) == extracted.text
    position = 0
    for passage in passages:
        assert (passage.start, extracted.text[passage.start : passage.end]) == (position, passage.text)
        assert passage.end > passage.start
        position = passage.end


@given(st.text(max_size=600))
def test_passages_tile_text_without_structure(text: str) -> None:
    if text.strip("\x00 \n\r\t\f\v\x1c\x1d\x1e\x1f\x85\xa0") and not text.startswith("---"):
        blocks = Extracted(text, (), "", read("a").media_type, read("a").language)
        assert "".join(passage.text for passage in split(blocks, target_tokens=20, max_tokens=40)) == text


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("سلام. خوبید؟ بله! ادامه؛ تمام…", ["سلام. ", "خوبید؟ ", "بله! ", "ادامه؛ ", "تمام…"]),
        ("نسخهٔ 2.1 آمد. بعدی ۳.۲ است.", ["نسخهٔ 2.1 آمد. ", "بعدی ۳.۲ است."]),
        ("سال ۱۴۰۳ ه.ش. بود. پایان", ["سال ۱۴۰۳ ه.ش. بود. ", "پایان"]),
        ("Use e.g. Dr. Smith's way. Then stop.", ["Use e.g. Dr. Smith's way. ", "Then stop."]),
        ("1. نخست\n2. دوم", ["1. نخست\n", "2. دوم"]),
        ("گفت «برو.» رفت.", ["گفت «برو.» ", "رفت."]),
        ("در سال 1403. سپس", ["در سال 1403. ", "سپس"]),
        ("بدون پایان", ["بدون پایان"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    ends = sentence_ends(text)
    assert [text[a:b] for a, b in zip([0, *ends], ends, strict=False)] == sentences


def test_a_cut_never_parts_zwnj_marks_or_joined_emoji() -> None:
    assert safe_cut("می‌روم", 2) == 1
    assert safe_cut("می‌روم", 3) == 1
    assert safe_cut("کتابِ من", 4) == 3
    assert safe_cut("a👩‍👧b", 2) == 1
    assert safe_cut("abcd", 2) == 2


@pytest.mark.parametrize(
    ("source", "words_only"),
    [
        ("## عنوان {#id}\n\n**متن** با [پیوند](http://x/(y)) و `کد`", "عنوان\nمتن با پیوند و کد"),
        ("| a | b \\| c |\n|---|:-:|\n| 1 | 2 |", "a, b | c\n1, 2"),
        ("- [x] انجام‌شده\n- مانده\n1. یک", "انجام‌شده\nمانده\n1. یک"),
        ("```py\nx = a_b * c_d\n```", "x = a_b * c_d"),
        ("<Note>مهم &amp; فوری</Note> 1 < 2 > 0", "مهم & فوری 1 < 2 > 0"),
        ("::: tip نکته\nمتن\n:::", "tip نکته\nمتن"),
        ("![نمودار](a.png) snake_case و 2*3*4", "نمودار snake_case و 2*3*4"),
        ("[id]: http://example.ir\nمی‌روم", "می‌روم"),
    ],
)
def test_marks_are_removed_and_words_and_zwnj_stay(source: str, words_only: str) -> None:
    assert plain_words(source) == words_only


def test_embedded_text_says_title_and_headings_once() -> None:
    passage = Passage(0, 20, "## بازگشت\n\nتا ۷ روز", ("خرید", "بازگشت"))
    assert embedded_text(passage, title="خرید") == "خرید › بازگشت\nتا ۷ روز"


def test_rules_and_pictures_without_words_are_not_embedded() -> None:
    assert embedded_text(Passage(0, 3, "***", ("a",)), title="b") == ""
