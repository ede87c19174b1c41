"""Bytes to text: every encoding a support desk receives, and damage that costs letters, not the file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.convert import convert
from ingest.text import clean, decode

PERSIAN = "سلام، سفارش شما ثبت شد و تا فردا ارسال می‌شود. برای پیگیری با پشتیبانی تماس بگیرید."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings_are_recognised_with_and_without_mark(encoding: str) -> None:
    text = "Order 42 has shipped.\n" + PERSIAN
    assert decode(text.encode(encoding)).text == text


def test_windows_1256_is_recognised_as_persian() -> None:
    arabic_letters = PERSIAN.replace("ی", "ي").replace("ک", "ك").replace("\u200c", " ")
    decoded = decode(arabic_letters.encode("cp1256"))
    assert (decoded.text, decoded.encoding, decoded.replaced_count) == (arabic_letters, "cp1256", 0)


def test_latin_accents_are_not_taken_for_persian() -> None:
    assert decode("Können wir die Größe ändern? Natürlich!".encode("cp1252")).text.startswith(
        "Können wir die Größe"
    )


def test_a_declared_code_page_is_used_when_the_bytes_are_no_utf8() -> None:
    assert decode("Добрый день".encode("koi8-r"), declared="koi8-r").text == "Добрый день"


def test_broken_bytes_are_counted_in_a_notice() -> None:
    data = PERSIAN.encode() + b"\xff\xfe " + PERSIAN.encode() + b"\xc3"
    extracted = convert(data, filename="broken.txt")
    assert extracted.text.count(PERSIAN) == 2
    (notice,) = extracted.notices
    assert notice.code == "replaced_bytes"
    assert notice.data["count"] == 3
    assert "3" in notice.message("fa")


def test_nul_and_unpaired_surrogates_are_removed_and_counted() -> None:
    assert clean("a\x00b\ud800c\udfffd") == ("abcd", 3)
    extracted = convert(b"before\x00after and more", filename="nul.md")
    assert extracted.text == "beforeafter and more"
    assert extracted.notices[0].code == "removed_characters"


def test_surrogates_encoded_as_utf8_bytes_do_not_reach_the_text() -> None:
    extracted = convert(PERSIAN.encode() + b" \xed\xa0\x80 end", filename="surrogate.txt")
    assert not any("\ud800" <= ch <= "\udfff" for ch in extracted.text)


@given(st.binary(max_size=400))
def test_no_bytes_are_beyond_decoding(data: bytes) -> None:
    text, _ = clean(decode(data).text)
    text.encode("utf-8")


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=200))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    decoded = decode(text.encode("utf-8"))
    if "\x00" not in text and not text.startswith("\ufeff"):
        assert decoded.text == text
