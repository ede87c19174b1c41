"""HTML, XML, e-mail, captions, delimited text."""

import pytest

from ingest.convert import convert
from ingest.document import BlockKind, Extracted
from kb.conversion import EmptyDocument, EncryptedDocument, UnreadableDocument


def outline(extracted: Extracted) -> list[tuple[str, str]]:
    return [(block.kind.value, extracted.text[block.start : block.end]) for block in extracted.blocks]


PAGE = """<!DOCTYPE html><html><head><title>بازگشت کالا</title><style>p{}</style></head><body>
<nav><a href=/>خانه</a></nav><script>alert(1)</script>
<main><h1>بازگشت&nbsp;کالا</h1><p>کد شش‌رقمی را <b>وارد</b> کنید.<br>سپس تأیید کنید.</p>
<ul><li>فاکتور<ul><li>کاغذی</li></ul></li><li>کارتن</li></ul>
<table><thead><tr><th>نوع</th><th>مهلت</th></tr></thead><tr><td>گوشی | تبلت</td><td>۷ روز</td></tr></table>
<pre><code class="language-py">x = 1
  y</code></pre><blockquote>نقل</blockquote></main><footer>تماس</footer></body></html>"""


def test_a_page_keeps_structure_and_zwnj_and_drops_furniture() -> None:
    extracted = convert(PAGE.encode(), filename="x.html")
    assert extracted.title == "بازگشت کالا"
    assert outline(extracted) == [
        ("heading", "# بازگشت کالا"),
        ("paragraph", "کد شش‌رقمی را وارد کنید.\nسپس تأیید کنید."),
        ("list_item", "- فاکتور"),
        ("list_item", "  - کاغذی"),
        ("list_item", "- کارتن"),
        ("table", "| نوع | مهلت |\n| --- | --- |\n| گوشی \\| تبلت | ۷ روز |"),
        ("code", "```py\nx = 1\n  y\n```"),
        ("quote", "> نقل"),
    ]


def test_the_declared_charset_of_a_page_is_honoured() -> None:
    page = '<html><head><meta charset="windows-1256"></head><body><p>سلام</p></body></html>'
    assert convert(page.encode("cp1256"), filename="x.html").text == "سلام"


def test_deep_nesting_is_read_as_running_text() -> None:
    page = "<div>" * 5000 + "ته" + "</div>" * 5000
    assert convert(page.encode(), filename="x.html").text == "ته"


def test_hidden_parts_and_layout_tables_are_not_taken_for_data() -> None:
    page = "<body><table><tr><td><p>یک</p><p>دو</p></td></tr></table><p hidden>سه</p></body>"
    assert convert(page.encode(), filename="x.html").text == "یک\n\nدو"


def test_xml_leaves_are_named_values_and_entities_stay_closed() -> None:
    doctype = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    xml = f'<?xml version="1.0"?>{doctype}<a><c><n>تهران</n><t>021 &e;</t></c></a>'
    assert convert(xml.encode(), filename="x.xml").text == "n: تهران\nt: 021 &e;"


def test_broken_xml_says_where() -> None:
    with pytest.raises(UnreadableDocument) as caught:
        convert(b"<?xml version='1.0'?><a><b></a>", filename="x.xml")
    assert "line 1" in caught.value.data["reason"]


MAIL = """From: =?utf-8?b?2LPYp9ix2Kc=?= <sara@example.ir>
To: support@example.ir
Subject: =?windows-1256?B?0+Hj?=
Date: Sat, 21 Mar 2026 10:00:00 +0330
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

سفارش من نرسید.

> پیام پیشین
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename="invoice.pdf"

%PDF
--b--
"""


def test_a_mail_has_subject_people_body_and_named_attachments() -> None:
    extracted = convert(MAIL.encode(), filename="x.eml")
    assert extracted.title == "سلم"
    assert extracted.metadata["from"] == "سارا <sara@example.ir>"
    assert extracted.metadata["sent_at"] == "2026-03-21T10:00:00+03:30"
    assert [kind for kind, _ in outline(extracted)] == [
        "heading",
        "paragraph",
        "paragraph",
        "quote",
        "paragraph",
    ]
    assert [notice.data["names"] for notice in extracted.notices] == ["invoice.pdf"]


def test_an_html_only_mail_keeps_its_structure() -> None:
    head = "From: a@b.ir\nTo: c@d.ir\nSubject: x\nContent-Type: text/html; charset=utf-8\n\n"
    mail = head + "<h2>خبر</h2><p>متن</p>"
    assert ("heading", "## خبر") in outline(convert(mail.encode(), filename="x.eml"))


def test_encrypted_mail_is_refused() -> None:
    mail = (
        b"From: a@b.ir\nContent-Type: multipart/encrypted; boundary=x\n\n"
        b"--x\nContent-Type: application/pgp-encrypted\n\n1\n--x--"
    )
    with pytest.raises(EncryptedDocument):
        convert(mail, filename="x.eml")


def test_rows_of_delimited_text_are_table_rows_under_their_header() -> None:
    extracted = convert('کالا;قیمت\n"گوشی؛ نو";۱۲\nتبلت;۲۰\n'.encode(), filename="x.csv")
    (table,) = extracted.blocks
    assert table.has_header
    assert [extracted.text[row.start : row.end] for row in table.rows] == [
        "| کالا | قیمت |\n| --- | --- |",
        "| گوشی؛ نو | ۱۲ |",
        "| تبلت | ۲۰ |",
    ]


def test_captions_become_sentences_and_times_go() -> None:
    first = "1\n00:00.000 --> 00:02.000\n<v سارا>سلام،\n\n"
    vtt = f"WEBVTT\n\nNOTE x\n\n{first}00:02.000 --> 00:03.000\n<v سارا>چطور کمک کنم؟\n"
    assert convert(vtt.encode(), filename="x.vtt").text == "سارا: سلام، چطور کمک کنم؟"


def test_captions_with_broken_times_are_read_with_a_notice() -> None:
    srt = "1\n00:00:00,500 --> 00:00:07,000\nfirst\n\n2\n00:00:07,000 -->\nsecond\n"
    extracted = convert(srt.encode(), filename="x.srt")
    assert extracted.text == "first second"
    assert [(notice.code, notice.data["count"]) for notice in extracted.notices] == [("malformed_cues", 1)]


@pytest.mark.parametrize(("name", "text"), [("x.srt", "1\nnot a time\n"), ("x.sbv", "no captions")])
def test_a_caption_file_without_captions_is_unreadable(name: str, text: str) -> None:
    with pytest.raises(UnreadableDocument):
        convert(text.encode(), filename=name)


def test_a_caption_file_with_a_header_alone_is_empty() -> None:
    with pytest.raises(EmptyDocument):
        convert(b"WEBVTT\n", filename="x.vtt")


def test_light_markup_keeps_its_text_as_written() -> None:
    rst = "Title\n=====\n\nIntro::\n\n   code\n\nPart\n----\n\n- item\n"
    extracted = convert(rst.encode(), filename="x.rst")
    assert extracted.text == rst
    assert [(block.kind, block.level) for block in extracted.blocks if block.kind is BlockKind.HEADING] == [
        (BlockKind.HEADING, 1),
        (BlockKind.HEADING, 2),
    ]
    org = "* یک\nمتن\n** دو\n| a | b |\n|---+---|\n| 1 | 2 |\n"
    assert [block.label for block in convert(org.encode(), filename="x.org").blocks[:1]] == ["یک"]
