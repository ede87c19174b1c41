"""PDF files written by hand: glyphs at places, a font that says which letters they are."""

import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

#: what every glyph advances, and what a space leaves free, in thousandths of the type size
ADVANCE = 500
SPACE = 250

_DAMAGED = "damaged"
_RIGHT_JOINING = frozenset("اآأإدذرزژو")
FORMS = {
    (unicodedata.decomposition(chr(code)).split()[1], unicodedata.decomposition(chr(code)).split()[0]): chr(
        code
    )
    for code in (*range(0xFB50, 0xFBFF), *range(0xFE80, 0xFEFD))
    if len(unicodedata.decomposition(chr(code)).split()) == 2
}


@dataclass(frozen=True)
class Glyph:
    """What the font says it is, and which of the font's glyphs it is."""

    text: str
    shape: str = ""


def shaped(text: str) -> list[tuple[str, str]]:
    """(letter, form) of every letter of `text`; ZWNJ parts letters and leaves nothing."""
    letters: list[tuple[str, str]] = []
    for index, ch in enumerate(text):
        if ch == "\u200c":
            continue
        before = text[index - 1] if index else " "
        after = text[index + 1] if index + 1 < len(text) else " "
        joined = _joins(before) and _is_arabic(ch)
        joins = _joins(ch) and _is_arabic(after)
        form = {(0, 0): "isolated", (0, 1): "initial", (1, 0): "final", (1, 1): "medial"}[joined, joins]
        letters.append((ch, form if _is_arabic(ch) else ""))
    return letters


def presentation_glyphs(text: str) -> list[Glyph]:
    """Glyphs named by presentation forms, as TeX writes them."""
    return [
        Glyph(FORMS.get((f"{ord(ch):04X}", f"<{form}>"), ch), form) if form else Glyph(ch)
        for ch, form in shaped(text)
    ]


def word_glyphs(text: str) -> list[Glyph]:
    """Glyphs named by plain letters, one glyph a form, as Word and browsers write them."""
    return [Glyph(ch, form) for ch, form in shaped(text)]


def visual(runs: Sequence[list[Glyph]]) -> list[Glyph]:
    """Runs in reading order (right-to-left ones and left-to-right ones) as they stand from left to right."""
    line: list[Glyph] = []
    for run in runs:
        rtl = any(unicodedata.bidirectional(glyph.text[0]) in ("R", "AL") for glyph in run)
        line = [*(reversed(run) if rtl else run), *line]
    return line


def _joins(ch: str) -> bool:
    return _is_arabic(ch) and ch not in _RIGHT_JOINING


def _is_arabic(ch: str) -> bool:
    return unicodedata.bidirectional(ch) == "AL"


@dataclass
class PdfFile:
    """A file under construction; `line` puts glyphs on the page that was begun last."""

    pages: list[list[str]] = field(default_factory=list)
    _cids: dict[Glyph, int] = field(default_factory=dict)

    def page(self) -> "PdfFile":
        self.pages.append([])
        return self

    def line(self, glyphs: Sequence[Glyph], *, x: float = 72, y: float = 700, size: float = 10) -> "PdfFile":
        """Glyphs from left to right; spaces are gaps, as many producers write them."""
        place = x
        for glyph in glyphs:
            if glyph.text == " ":
                place += SPACE * size / 1000
                continue
            cid = self._cids.setdefault(glyph, len(self._cids) + 1)
            self.pages[-1].append(f"BT /F1 {size} Tf 1 0 0 1 {place:.2f} {y:.2f} Tm <{cid:04X}> Tj ET")
            place += ADVANCE * size / 1000
        return self

    def latin(self, text: str, *, x: float = 72, y: float = 700, size: float = 10) -> "PdfFile":
        return self.line([Glyph(ch) for ch in text], x=x, y=y, size=size)

    def picture(self) -> "PdfFile":
        """A picture over the whole page."""
        self.pages[-1].append("q 595 0 0 842 0 0 cm /Im1 Do Q")
        return self

    def damaged(self) -> "PdfFile":
        """Makes the content of the page that was begun last impossible to decode."""
        self.pages[-1] = [_DAMAGED]
        return self

    def to_bytes(self) -> bytes:
        objects: list[bytes] = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"",
            b"<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H"
            b" /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>",
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /FontDescriptor 5 0 R"
            b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
            b" /DW " + str(ADVANCE).encode() + b" >>",
            b"<< /Type /FontDescriptor /FontName /Made /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0"
            b" /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>",
            _stream(self._to_unicode()),
            _stream(
                b"\xff",
                b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray"
                b" /BitsPerComponent 8",
            ),
        ]
        kids = []
        for content in self.pages:
            if content == [_DAMAGED]:
                objects.append(b"<< /Length 3 /Filter /ASCII85Decode >>\nstream\n\xc5\xc5\xc5\nendstream")
            else:
                objects.append(_stream("\n".join(content).encode("ascii")))
            objects.append(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
                b" /Resources << /Font << /F1 3 0 R >> /XObject << /Im1 7 0 R >> >> >>" % len(objects)
            )
            kids.append(b"%d 0 R" % len(objects))
        objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
        return _file(objects)

    def _to_unicode(self) -> bytes:
        lines = [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /M def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
            f"{len(self._cids)} beginbfchar",
        ]
        for glyph, cid in self._cids.items():
            lines.append(f"<{cid:04X}> <{glyph.text.encode('utf-16-be').hex()}>")
        return "\n".join([*lines, "endbfchar", "endcmap end end"]).encode("ascii")


def _stream(data: bytes, extra: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    return b"<< %s /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (extra, len(packed), packed)


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
