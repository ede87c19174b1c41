"""Markdown becomes HTML that can hurt nobody and reads well right to left."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.links import heading_anchor
from api.marked import marked_html
from api.web.markdown import render_markdown

#: after the OWASP filter evasion cheat sheet and markdown-specific tricks
XSS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "![x](javascript:alert(1))",
    '![x](https://e.example/a.png "onerror=alert(1)")',
    '[x](https://e.example "><script>alert(1)</script>")',
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "```<script>alert(1)</script>\ncode\n```",
    '```"onmouseover="alert(1)\ncode\n```',
    "`<script>alert(1)</script>`",
    "<style>@import 'https://e.example/x.css';</style>",
    "<form action=https://e.example><input name=password></form>",
    '<base href="https://e.example/">',
    '<meta http-equiv="refresh" content="0;url=https://e.example">',
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "# <img src=x onerror=alert(1)>",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "a\u202e<script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    '<a href="https://e.example" style="position:fixed;inset:0" onclick="alert(1)">x</a>',
]
#: what a tag of the rendered text may look like; text itself is escaped, so it opens none
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^>]*)>")
_HARMLESS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "code", "pre", "blockquote",
    "ul", "ol", "li", "a", "img", "table", "thead", "tbody", "tr", "th", "td", "div",
}  # fmt: skip


def assert_harmless(html: str) -> None:
    for _, name, attributes in _TAG.findall(html):
        assert name in _HARMLESS, html
        assert not re.search(r"\bon\w+\s*=", re.sub(r'"[^"]*"', '""', attributes)), html
        assert "style=" not in re.sub(r'="[^"]*"', "=", attributes) + " ", html
        for address in re.findall(r'(?:href|src)="([^"]*)"', attributes):
            scheme = re.match(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):", address)
            assert scheme is None or scheme[1].lower() in {"http", "https", "mailto", "tel"}, html


@pytest.mark.parametrize("hostile", XSS)
def test_hostile_markdown_becomes_harmless_html(hostile: str) -> None:
    assert_harmless(render_markdown(hostile))
    assert_harmless(render_markdown(f"متن **پیش** از {hostile} و پس از آن"))


@given(st.lists(st.sampled_from([*XSS, "\n", "> ", "- ", "|", "**", "`", "متن"]), max_size=6).map("".join))
def test_no_mixture_of_hostile_pieces_gets_through(text: str) -> None:
    assert_harmless(render_markdown(text))


def test_structure_survives() -> None:
    html = render_markdown("# یک\n\n## دو\n\n| الف | ب |\n|---|---|\n| ۱ | ۲ |\n\n1. قدم\n\n```\nkod\n```\n")
    assert '<h2 id="h-یک">یک</h2>' in html
    assert '<h2 id="h-دو">دو</h2>' in html
    assert '<div class="table" role="region" tabindex="0"><table>' in html
    assert "<ol>" in html
    assert '<code dir="ltr">' in html


def test_equal_headings_have_places_of_their_own() -> None:
    html = render_markdown("## همان\n\n## همان\n\n## **همان**")
    assert re.findall(r'id="([^"]*)"', html) == ["h-همان", "h-همان-2", "h-همان-3"]


def test_zwnj_survives_rendering_and_anchors() -> None:
    assert "می\u200cشود" in render_markdown("می\u200cشود")
    assert heading_anchor("هزینهٔ پشتیبانی\u200cها؟") == "h-هزینهٔ-پشتیبانی\u200cها"
    assert heading_anchor("؟!") == "h-section"


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=8),
)
def test_marking_changes_no_letter(text: str, marks: list[tuple[int, int]]) -> None:
    import html

    marked = marked_html(text, marks)
    assert html.unescape(marked.replace("<mark>", "").replace("</mark>", "")) == text.replace(
        "<mark>", "<mark>"
    ) or "<mark>" in html.escape(text)
    assert marked.count("<mark>") == marked.count("</mark>")


def test_marks_are_cut_merged_and_escaped() -> None:
    assert marked_html("a<b>c", [(1, 4)]) == "a<mark>&lt;b&gt;</mark>c"
    assert marked_html("abcdef", [(0, 3), (2, 4), (5, 99)]) == "<mark>abc</mark><mark>d</mark>e<mark>f</mark>"
