"""PDF: reading order, forms of letters, digits, pages without text."""

import io
import subprocess
from pathlib import Path

import pypdf
import pytest

from ingest.convert import convert
from ingest.document import BlockKind, Extracted
from ingest.media import MediaType
from kb.conversion import EmptyDocument, EncryptedDocument, ScannedNoText, UnreadableDocument
from tests.ingest.pdf_files import Glyph, PdfFile, presentation_glyphs, visual, word_glyphs


def read(pdf: PdfFile) -> Extracted:
    return convert(pdf.to_bytes(), filename="made.pdf")


def test_presentation_forms_become_letters_in_reading_order() -> None:
    line = visual([presentation_glyphs("بازگشت کالا به فروشگاه")])
    extracted = read(PdfFile().page().line(line))
    assert extracted.text == "بازگشت کالا به فروشگاه"
    assert extracted.media_type is MediaType.PDF
    assert extracted.pages == 1


def test_a_final_form_inside_a_word_gives_back_its_zwnj() -> None:
    line = visual([presentation_glyphs("کتاب‌ها را می‌خواهیم")])
    assert read(PdfFile().page().line(line)).text == "کتاب‌ها را می‌خواهیم"


def test_zwnj_is_learnt_from_the_shapes_of_plain_letters() -> None:
    sentences = [
        "مشتری کالا را به انبار می فرستد و رسید می گیرد",
        "پشتیبان می‌پرسد که مشتری می‌خواهد چه کند",
        "خیلی زود پاسخ می دهند و مشتری راضی می شود",
    ]
    pdf = PdfFile().page()
    for index, sentence in enumerate(sentences):
        pdf.line(visual([word_glyphs(sentence)]), y=700 - 30 * index)
    assert " ".join(sentences) == " ".join(read(pdf).text.split())


def test_digits_and_latin_words_keep_their_order_inside_persian() -> None:
    runs = [
        word_glyphs("مبلغ "),
        [Glyph(ch) for ch in "۱۲٬۵۰۰"],
        word_glyphs(" تومان با "),
        [Glyph(ch) for ch in "Visa Card 2024"],
        word_glyphs(" پرداخت شد."),
    ]
    extracted = read(PdfFile().page().line(visual(runs)))
    assert extracted.text == "مبلغ ۱۲٬۵۰۰ تومان با Visa Card 2024 پرداخت شد."


def test_a_date_with_slashes_is_one_number() -> None:
    runs = [word_glyphs("در "), [Glyph(ch) for ch in "۱۴۰۳/۰۵/۲۱"], word_glyphs(" ثبت شد")]
    assert read(PdfFile().page().line(visual(runs))).text == "در ۱۴۰۳/۰۵/۲۱ ثبت شد"


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), (")", "(")], ids=["as drawn", "as stored"])
def test_brackets_pair_whichever_way_the_producer_stores_them(opening: str, closing: str) -> None:
    left_to_right = [
        *reversed(word_glyphs("شبکه")),
        Glyph(" "),
        Glyph(opening),
        *reversed(word_glyphs("عمیق")),
        Glyph(closing),
        Glyph(" "),
        *reversed(word_glyphs("نهایی")),
    ]
    assert read(PdfFile().page().line(left_to_right)).text == "نهایی (عمیق) شبکه"


def test_english_is_read_from_the_left() -> None:
    pdf = PdfFile().page().latin("Returns are free for thirty days.", y=700)
    pdf.latin("Bring the invoice (printed).", y=688)
    assert read(pdf).text == "Returns are free for thirty days. Bring the invoice (printed)."


def test_larger_type_is_a_heading_and_gaps_part_paragraphs() -> None:
    pdf = PdfFile().page().latin("Warranty", y=760, size=18)
    pdf.latin("Every device has a warranty of two years and", y=720)
    pdf.latin("it starts with the day of delivery.", y=708).latin("Batteries have one year.", y=670)
    extracted = read(pdf)
    assert [block.kind for block in extracted.blocks] == [
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
        BlockKind.PARAGRAPH,
    ]
    assert extracted.title == "Warranty"


def test_cells_of_three_lines_are_table_rows() -> None:
    pdf = PdfFile().page()
    for index, row in enumerate([("Plan", "Price"), ("Basic", "10"), ("Gold", "25")]):
        pdf.latin(row[0], x=72, y=700 - 14 * index).latin(row[1], x=300, y=700 - 14 * index)
    (table,) = read(pdf).blocks
    assert table.kind is BlockKind.TABLE
    assert len(table.rows) == 3


def test_two_columns_are_read_one_after_the_other_and_the_right_one_first_in_persian() -> None:
    left, right = PdfFile().page(), PdfFile().page()
    for index in range(12):
        y = 700 - 12 * index
        left.latin(f"left column line {index:02}", x=60, y=y).latin(
            f"right column line {index:02}", x=320, y=y
        )
        right.line(visual([word_glyphs("ستون راست این صفحه")]), x=320, y=y)
        right.line(visual([word_glyphs("ستون چپ همین صفحه")]), x=60, y=y)
    english, persian = read(left).text, read(right).text
    assert english.index("left column line 11") < english.index("right column line 00")
    assert persian.rindex("راست") < persian.index("چپ")


def test_running_titles_and_page_numbers_are_left_out() -> None:
    pdf = PdfFile()
    for number in range(1, 5):
        pdf.page().latin(f"Handbook {number}", y=815)
        pdf.latin(f"Page text of the {'abcd'[number - 1]} kind is here.", y=500).latin(
            str(number), x=290, y=20
        )
    text = read(pdf).text
    assert "Handbook" not in text
    assert "Page text of the c kind is here." in text
    assert not any(line.strip().isdigit() for line in text.split("\n"))


def test_a_file_of_pictures_is_an_error_that_names_every_page() -> None:
    with pytest.raises(ScannedNoText) as caught:
        read(PdfFile().page().picture().page().picture().page().picture())
    assert caught.value.data["pages"] == [1, 2, 3]
    assert "no text on pages 1, 2 and 3" in str(caught.value)
    assert "صفحه‌های 1, 2 و 3" in caught.value.message("fa")


def test_one_scanned_page_among_others_is_a_notice() -> None:
    pdf = PdfFile().page().latin("First page has enough words.").page().picture()
    extracted = read(pdf)
    assert [(notice.code, notice.data["pages"]) for notice in extracted.notices] == [("scanned_pages", "2")]
    assert extracted.pages == 2


def test_blank_pages_alone_are_an_empty_document() -> None:
    with pytest.raises(EmptyDocument):
        read(PdfFile().page().page())


def test_a_password_is_asked_for_in_words() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(PdfFile().page().latin("secret").to_bytes()))
    writer.encrypt(user_password="open sesame", owner_password="owner", algorithm="AES-256")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(EncryptedDocument):
        convert(locked.getvalue(), filename="locked.pdf")


def test_a_file_without_user_password_is_read() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(PdfFile().page().latin("readable").to_bytes()))
    writer.encrypt(user_password="", owner_password="owner", algorithm="RC4-128")
    protected = io.BytesIO()
    writer.write(protected)
    assert convert(protected.getvalue(), filename="protected.pdf").text == "readable"


def test_a_file_cut_off_after_its_header_is_unreadable_or_empty() -> None:
    data = PdfFile().page().latin("whole").to_bytes()
    with pytest.raises((UnreadableDocument, EmptyDocument)):
        convert(data[:60], filename="cut.pdf")


def test_letters_without_text_are_counted() -> None:
    data = PdfFile().page().latin("Some words and a riddle").to_bytes()
    riddled = PdfFile().page().line([Glyph(ch) for ch in "Some words"])
    riddled.pages[-1].append("BT /F1 10 Tf 1 0 0 1 300 700 Tm <0FFF> Tj ET")
    assert convert(data, filename="a.pdf").notices == ()
    (notice,) = read(riddled).notices
    assert (notice.code, notice.data["count"]) == ("missing_letters", 1)


def test_one_broken_page_costs_that_page_and_a_file_of_them_is_unreadable() -> None:
    extracted = read(PdfFile().page().latin("good page of words").page().damaged())
    assert extracted.text == "good page of words"
    (notice,) = extracted.notices
    assert notice.code == "broken_part"
    assert notice.data["part"].startswith("2 ")
    with pytest.raises(UnreadableDocument):
        read(PdfFile().page().damaged())


BROWSER_PAGE = """<html lang=fa dir=rtl><meta charset=utf-8><body>
<h1>راهنمای بازگشت کالا</h1>
<p>مشتری می‌تواند کالا را تا ۷ روز پس از تحویل بازگرداند. مبلغ ۱۲٬۵۰۰ تومان (شامل مالیات) از سفارش کسر
می‌شود و باقی‌مانده به کارت شما برمی‌گردد.</p>
<p>برای ورود از Chrome 120 یا Firefox استفاده کنید؛ نسخهٔ 2.1.3 پشتیبانی نمی‌شود. تخفیف ۵۰٪ برای اعضای «باشگاه»
است.</p><p>English inside: the amount is $50.</p></body></html>"""


@pytest.mark.browser
def test_a_page_printed_by_a_browser_comes_back_whole(tmp_path: Path) -> None:
    page, printed = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(BROWSER_PAGE, encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command = [
        "/usr/bin/chromium",
        *options,
        f"--user-data-dir={tmp_path}",
        f"--print-to-pdf={printed}",
        str(page),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    words = " ".join(convert(printed.read_bytes(), filename="page.pdf").text.split())
    for sentence in (
        "راهنمای بازگشت کالا",
        "مبلغ ۱۲٬۵۰۰ تومان (شامل مالیات) از سفارش کسر می‌شود و باقی‌مانده به کارت شما برمی‌گردد.",
        "برای ورود از Chrome 120 یا Firefox استفاده کنید؛ نسخهٔ 2.1.3 پشتیبانی نمی‌شود.",
        "تخفیف ۵۰٪ برای اعضای «باشگاه» است.",
        "English inside: the amount is $50.",
    ):
        assert sentence in words
