"""DOCX, PPTX, XLSX, ODT, EPUB, RTF: structure kept, bombs refused before they unpack."""

import datetime as dt
import io

import docx
import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Inches

from ingest.convert import convert
from ingest.document import BlockKind, Extracted
from ingest.limits import MIB, Limits
from kb.conversion import ArchiveBomb, EmptyDocument, EncryptedDocument, UnreadableDocument
from tests.ingest.office_files import docx_bytes, saved, zipped

ODT_NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


def outline(extracted: Extracted) -> list[tuple[str, str]]:
    return [(block.kind.value, extracted.text[block.start : block.end]) for block in extracted.blocks]


def test_word_styles_become_headings_lists_and_tables() -> None:
    document = docx.Document()
    document.core_properties.title = "راهنمای بازگشت"
    document.add_heading("بازگشت کالا", level=1)
    document.add_paragraph("تا ۷ روز می‌توانید کالا را برگردانید.")
    document.add_paragraph("فاکتور", style="List Bullet")
    document.add_paragraph("کارتن", style="List Bullet")
    document.add_paragraph("اول", style="List Number")
    document.add_paragraph("دوم", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for row, values in enumerate([("نوع", "مهلت"), ("گوشی", "۷ روز")]):
        for column, value in enumerate(values):
            table.cell(row, column).text = value
    extracted = convert(saved(document), filename="x.docx")
    assert extracted.title == "راهنمای بازگشت"
    assert outline(extracted) == [
        ("heading", "# بازگشت کالا"),
        ("paragraph", "تا ۷ روز می‌توانید کالا را برگردانید."),
        ("list_item", "- فاکتور"),
        ("list_item", "- کارتن"),
        ("list_item", "1. اول"),
        ("list_item", "2. دوم"),
        ("table", "| نوع | مهلت |\n| --- | --- |\n| گوشی | ۷ روز |"),
    ]


def test_bold_lines_are_headings_where_nobody_used_styles() -> None:
    document = docx.Document()
    document.add_paragraph().add_run("شرایط گارانتی").bold = True
    document.add_paragraph("گارانتی ۱۸ ماهه است.")
    assert outline(convert(saved(document), filename="x.docx"))[0] == ("heading", "## شرایط گارانتی")


def test_a_word_file_without_words_is_empty() -> None:
    with pytest.raises(EmptyDocument):
        convert(docx_bytes(["", "  "]), filename="x.docx")


def test_slides_have_headings_points_tables_and_notes() -> None:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = "ارسال"
    slide.placeholders[1].text_frame.text = "پست"
    slide.placeholders[1].text_frame.add_paragraph().text = "پیک"
    table = slide.shapes.add_table(1, 2, Inches(1), Inches(4), Inches(4), Inches(1)).table
    table.cell(0, 0).text, table.cell(0, 1).text = "تهران", "یک روز"
    slide.notes_slide.notes_text_frame.text = "پیک فقط در تهران"
    buffer = io.BytesIO()
    presentation.save(buffer)
    extracted = convert(buffer.getvalue(), filename="x.pptx")
    kinds = [kind for kind, _ in outline(extracted)]
    assert kinds == ["heading", "list_item", "list_item", "table", "quote"]
    assert extracted.pages == 1
    assert extracted.title == "ارسال"


def test_sheets_become_tables_parted_by_blank_rows() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "قیمت‌ها"
    sheet.append(["کالا", "قیمت", "تاریخ"])
    sheet.append(["گوشی", 12500000.0, dt.date(2026, 3, 21)])
    sheet.append([])
    sheet.append(["نشانی", "تهران"])
    buffer = io.BytesIO()
    workbook.save(buffer)
    extracted = convert(buffer.getvalue(), filename="x.xlsx")
    assert outline(extracted) == [
        ("heading", "## قیمت‌ها"),
        ("table", "| کالا | قیمت | تاریخ |\n| --- | --- | --- |\n| گوشی | 12500000 | 2026-03-21 |"),
        ("table", "| نشانی | تهران |"),
    ]


def test_open_document_text_keeps_headings_lists_and_tables() -> None:
    content = (
        f"<office:document-content {ODT_NAMESPACES}><office:body><office:text>"
        '<text:h text:outline-level="2">گارانتی</text:h><text:p>دو<text:s text:c="2"/>سال</text:p>'
        "<text:list><text:list-item><text:p>باتری</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>الف</text:p></table:table-cell>"
        "<table:table-cell><text:p>ب</text:p></table:table-cell></table:table-row></table:table>"
        "</office:text></office:body></office:document-content>"
    )
    data = zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})
    assert outline(convert(data, filename="x.odt")) == [
        ("heading", "## گارانتی"),
        ("paragraph", "دو سال"),
        ("list_item", "- باتری"),
        ("table", "| الف | ب |\n| --- | --- |"),
    ]


def test_a_book_is_read_in_the_order_of_its_spine_and_a_missing_chapter_is_told() -> None:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata><dc:title'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">کتاب</dc:title></metadata><manifest>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="b" href="b.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="c" href="gone.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="b"/><itemref idref="a"/><itemref idref="c"/></spine></package>'
    )
    container = '<container><rootfiles><rootfile full-path="OPS/p.opf"/></rootfiles></container>'
    data = zipped(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": container.encode(),
            "OPS/p.opf": package.encode(),
            "OPS/a.xhtml": "<html><body><h1>دوم</h1></body></html>".encode(),
            "OPS/b.xhtml": "<html><body><h1>یکم</h1></body></html>".encode(),
        }
    )
    extracted = convert(data, filename="x.epub")
    assert extracted.text == "# یکم\n\n# دوم"
    assert extracted.title == "کتاب"
    assert [notice.code for notice in extracted.notices] == ["broken_part"]


def test_rich_text_is_read_with_its_code_page() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg1256 \'d3\'e1\'c7\'e3\par Second line\par}"
    assert convert(rtf, filename="x.rtf").text == "سلام\n\nSecond line"


def test_an_archive_that_unpacks_beyond_the_limit_is_refused() -> None:
    data = zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b" " * (12 * MIB)})
    with pytest.raises(ArchiveBomb) as caught:
        convert(data, filename="bomb.docx", limits=Limits(unpacked_bytes=10 * MIB))
    assert caught.value.data["limit_mib"] == 10
    assert "bomb.docx unpacks to 13 MiB" in str(caught.value)


@pytest.mark.parametrize(("name", "part"), [("x.docx", "word/document.xml"), ("x.xlsx", "xl/workbook.xml")])
def test_an_archive_that_shrinks_beyond_belief_is_refused(name: str, part: str) -> None:
    with pytest.raises(ArchiveBomb):
        convert(zipped({part: bytes(30 * MIB)}), filename=name)


def test_an_archive_with_encrypted_parts_asks_for_a_copy_without_password() -> None:
    data = bytearray(zipped({"word/document.xml": b"<x/>"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(EncryptedDocument):
        convert(bytes(data), filename="x.docx")


def test_entities_in_office_xml_are_not_resolved() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y "&x;&x;&x;&x;&x;">]>'
    content = f"{bomb}<office:document-content {ODT_NAMESPACES}><office:body><office:text>"
    content += "<text:p>ok &y;</text:p></office:text></office:body></office:document-content>"
    data = zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})
    assert "lol" not in convert(data, filename="x.odt").text


def test_a_package_without_a_body_is_unreadable() -> None:
    with pytest.raises(UnreadableDocument):
        convert(zipped({"word/document.xml": b"<not-word/>"}), filename="x.docx")


def test_blocks_never_overlap_and_stay_inside_the_text() -> None:
    extracted = convert(docx_bytes(["یک", "دو", "سه"]), filename="x.docx")
    edges = [edge for block in extracted.blocks for edge in (block.start, block.end)]
    assert edges == sorted(edges)
    assert edges[-1] <= len(extracted.text)
    assert {block.kind for block in extracted.blocks} == {BlockKind.PARAGRAPH}
