"""Readable text from Markdown, with exact offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.plain import plain


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("## بازگشت وجه\n\nتا **هفت روز** کاری.", "بازگشت وجه\n\nتا هفت روز کاری."),
        ("- مرحلهٔ اول\n- مرحلهٔ دوم", "مرحلهٔ اول\nمرحلهٔ دوم"),
        ("برای پیگیری [این صفحه](/orders) را ببینید", "برای پیگیری این صفحه را ببینید"),
        ("![نقشه](map.png) شعبه", "نقشه شعبه"),
        ("| شهر | هزینه |\n| --- | ---: |\n| تهران | ۴۵ |", "شهر · هزینه\nتهران · ۴۵"),
        ("```bash\nkb serve\n```\n", "kb serve\n"),
        ("از `kb ingest` استفاده کنید", "از kb ingest استفاده کنید"),
        ("<b>مهم</b> <!-- پنهان -->", "مهم "),
        ("کارت<br>بانکی<br />یا هدیه", "کارت بانکی یا هدیه"),
        ("5 \\* 3 and a\\_b", "5 * 3 and a_b"),
        ("می‌شود و order_id و 2 > 1", "می‌شود و order_id و 2 > 1"),
    ],
)
def test_markup_goes_and_words_stay(markdown: str, expected: str) -> None:
    assert plain(markdown).text == expected


def test_a_span_leads_back_to_where_it_stands_in_the_original() -> None:
    markdown = "## عنوان\n\nتا **هفت روز** کاری [لینک](/a)."
    readable = plain(markdown)
    at = readable.text.index("هفت روز")
    start, end = readable.original(at, at + len("هفت روز"))
    assert markdown[start:end] == "هفت روز"


@given(st.text(alphabet="ab اب\u200c#*_|-\n[](){}<>!`~\\. 1", max_size=200))
def test_offsets_never_go_back_and_stay_inside(markdown: str) -> None:
    readable = plain(markdown)
    assert len(readable.offsets) == len(readable.text) + 1
    assert list(readable.offsets) == sorted(readable.offsets)
    assert readable.offsets[-1] == len(markdown)
    for index, char in enumerate(readable.text):
        assert char in (markdown[readable.offsets[index]], *" · ")


def test_headings_are_known_in_the_readable_text() -> None:
    readable = plain("متن\n\n## مهلت **بازگشت**\n\nهفت روز.")
    assert [readable.text[start:end] for start, end in readable.headings] == ["مهلت بازگشت"]
    at = readable.text.index("هفت")
    assert not readable.is_heading(at, at + 3)


def test_the_header_row_of_a_table_is_no_answer() -> None:
    readable = plain("هزینه‌ها:\n\n| شهر | هزینه |\n| --- | --- |\n| تهران | ۴۵ |\n")
    assert [readable.text[start:end] for start, end in readable.headings] == ["شهر · هزینه"]


@pytest.mark.parametrize(
    ("markdown", "headings"),
    [
        ("Refunds\n-------\n\nSeven days.", ["Refunds"]),
        ("بازگشت\n======\n\nهفت روز.", ["بازگشت"]),
        ("a paragraph\nof two lines\n---\n", []),
        ("- an item\n---\n", []),
    ],
)
def test_an_underlined_line_is_a_heading(markdown: str, headings: list[str]) -> None:
    readable = plain(markdown)
    assert [readable.text[start:end] for start, end in readable.headings] == headings


@given(st.text(alphabet="ab اب\u200c#*_|-\n[](){}<>!`~\\. 1", max_size=100), st.data())
def test_the_readable_part_of_a_readable_span_is_that_span(markdown: str, data: st.DataObject) -> None:
    readable = plain(markdown)
    start = data.draw(st.integers(0, len(readable.text)))
    end = data.draw(st.integers(start, len(readable.text)))
    left, right = readable.readable(*readable.original(start, end))
    assert readable.text[start:end] in readable.text[left:right]
