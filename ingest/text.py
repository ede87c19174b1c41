"""Bytes to text: encodings found from the content, broken bytes counted, never an exception."""

import codecs
import re
from dataclasses import dataclass

import charset_normalizer

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The most frequent letters of Persian and Arabic text: half of any running text, a third of chance text.
_FREQUENT_ARABIC = frozenset("اليینوردمهةتبسشکك")
_UNWANTED = re.compile("[\x00\ud800-\udfff]")
_WRITTEN = re.compile("[\t\n\r -~\u00a0-\u024f\u0370-\u06ff\u2000-\u206f]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_SAMPLE_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was read with, and how many bad sequences became U+FFFD."""

    text: str
    encoding: str
    replaced_count: int


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    """Read `data` as text: by its mark, as UTF-8, as `declared`, else in the likeliest code page."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _with_replacement(data, encoding)
    if (wide := _wide_encoding(data)) is not None:
        return _with_replacement(data, wide)
    try:
        return Decoded(data.decode("utf-8"), "utf-8", 0)
    except UnicodeDecodeError:
        pass
    if _mostly_utf8(data):
        return _with_replacement(data, "utf-8")
    if declared and (text := _strict(data, declared)) is not None:
        return Decoded(text, declared.lower(), 0)
    return _with_replacement(data, _code_page(data))


def clean(text: str) -> tuple[str, int]:
    """Drop NUL and unpaired surrogates, which neither SQL nor UTF-8 can hold; returns how many there were."""
    return _UNWANTED.subn("", text)


def unify_newlines(text: str) -> str:
    """One `\\n` for every line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def looks_binary(text: str) -> bool:
    """Whether decoded text is no text at all: one control character in twenty or more."""
    sample = text[:20_000]
    controls = sum(1 for ch in sample if (ch < " " and ch not in "\t\n\r\f\v\x1b") or "\x7f" <= ch <= "\x9f")
    return controls * 20 > len(sample)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeError, ValueError):
        return None


def _with_replacement(data: bytes, encoding: str) -> Decoded:
    bad = 0

    def replace(error: UnicodeError) -> tuple[str, int]:
        nonlocal bad
        bad += 1
        assert isinstance(error, UnicodeDecodeError)
        return "\ufffd", error.end

    # Registered per call: the handler counts for this call alone.
    codecs.register_error("nagofte.count", replace)
    return Decoded(data.decode(encoding, errors="nagofte.count"), encoding.removesuffix("-sig"), bad)


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte-order mark: zero bytes, and characters that people write."""
    sample = data[:4096]
    if 0 not in sample:
        return None
    widths = {"utf-32-le": 4, "utf-32-be": 4, "utf-16-le": 2, "utf-16-be": 2}
    for encoding, width in widths.items():
        text = sample[: len(sample) // width * width].decode(encoding, "replace")
        if len(data) % width == 0 and text and len(_WRITTEN.findall(text)) >= 0.9 * len(text):
            return encoding
    return None


def _mostly_utf8(data: bytes) -> bool:
    """Whether valid multi-byte sequences outnumber broken ones five to one: damaged UTF-8."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(1 for ch in text if ch > "\x7f") - broken >= 5 * broken


def _code_page(data: bytes) -> str:
    """Windows-1256 for Persian and Arabic, else what charset-normalizer finds, else Windows-1252."""
    sample = data[:_SAMPLE_BYTES]
    runs = _HIGH_RUN.findall(sample)
    high_count = sum(map(len, runs))
    letters = [ch for ch in b"".join(runs).decode("cp1256") if "\u0600" <= ch <= "\u06ff"]
    # Latin accents stand alone between ASCII letters; Persian words are runs of high bytes.
    if high_count and high_count / len(runs) >= 2 and len(letters) >= 0.8 * high_count:
        frequent = sum(1 for ch in letters if ch in _FREQUENT_ARABIC)
        if frequent >= 0.5 * len(letters):
            return "cp1256"
    best = charset_normalizer.from_bytes(sample).best()
    found = best.encoding if best is not None else ""
    if high_count and runs and high_count / len(runs) < 2:
        found = "cp1252"
    try:
        codecs.lookup(found)
    except LookupError:
        return "cp1252"
    return found
