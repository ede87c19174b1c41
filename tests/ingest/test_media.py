"""What a file is: its content decides, a wrong name is told."""

import io
import zipfile

import pytest

from ingest.convert import CONVERTERS, convert
from ingest.media import detect
from ingest.media_type import BY_SUFFIX, MediaType
from kb.conversion import EmptyDocument, UnreadableDocument, UnsupportedMediaType
from tests.ingest.office_files import docx_bytes
from tests.ingest.pdf_files import PdfFile


def test_every_media_type_has_a_converter_and_a_suffix() -> None:
    assert set(CONVERTERS) == set(MediaType)
    assert set(BY_SUFFIX.values()) == set(MediaType)


@pytest.mark.parametrize("name", ["report.docx", "report.pdf", "report.txt", "report", "گزارش.md"])
def test_a_word_file_is_one_under_any_name(name: str) -> None:
    assert detect(docx_bytes(["text"]), filename=name).media_type is MediaType.DOCX


def test_a_wrong_name_is_overruled_and_told() -> None:
    extracted = convert(PdfFile().page().latin("real content").to_bytes(), filename="notes.docx")
    assert extracted.text == "real content"
    assert extracted.notices[0].code == "type_mismatch"
    assert "application/pdf" in extracted.notices[0].message()


def test_text_named_pdf_is_read_as_text_with_a_notice() -> None:
    extracted = convert("متن ساده".encode(), filename="x.pdf")
    assert (extracted.text, extracted.notices[0].code) == ("متن ساده", "type_mismatch")


@pytest.mark.parametrize(("filename", "named"), [("x.docx", "wordprocessingml"), ("x.txt", "text/plain")])
def test_binary_garbage_is_not_what_its_name_says(filename: str, named: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        convert(bytes(range(256)) * 20, filename=filename)
    assert named in caught.value.data["reason"]


def test_a_cut_off_archive_is_unreadable() -> None:
    with pytest.raises(UnreadableDocument):
        convert(docx_bytes(["text"])[:300], filename="x.docx")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "image/png"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 40, "image/jpeg"),
        (b"ID3\x03" + b"\x00" * 40, "audio/mpeg"),
        (bytes(range(256)) * 4, "application/octet-stream"),
    ],
)
def test_kinds_that_are_not_read_are_named(data: bytes, found: str) -> None:
    with pytest.raises(UnsupportedMediaType) as caught:
        convert(data, filename="thing")
    assert caught.value.data["media_type"] == found
    assert caught.value.data["advice"] in str(caught.value)
    assert caught.value.data["advice_fa"] in caught.value.message("fa")


def test_any_other_archive_is_not_read() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "hello")
    with pytest.raises(UnsupportedMediaType):
        convert(buffer.getvalue(), filename="files.zip")


def test_no_bytes_are_an_empty_document() -> None:
    with pytest.raises(EmptyDocument) as caught:
        convert(b"", filename="nothing.pdf")
    assert "nothing.pdf" in str(caught.value)


def test_the_declared_type_decides_only_where_the_name_is_silent() -> None:
    assert (
        detect(b"a,b\n1,2\n", filename="upload", declared_type="text/csv; charset=utf-8").media_type
        is MediaType.CSV
    )
    assert detect(b"a,b\n1,2\n", filename="x.md", declared_type="text/csv").media_type is MediaType.MARKDOWN


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<!DOCTYPE html><html><body>x</body></html>", MediaType.HTML),
        ('<?xml version="1.0"?><a>x</a>', MediaType.XML),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\nhi", MediaType.VTT),
        ("From: a@example.ir\nTo: b@example.ir\nSubject: x\n\nhello", MediaType.EML),
        ("From: here to there\nit is far", MediaType.PLAIN),
    ],
)
def test_strong_signs_in_the_text_overrule_a_txt_name(text: str, found: MediaType) -> None:
    assert detect(text.encode(), filename="x.txt").media_type is found
