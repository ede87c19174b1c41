"""Markdown becomes HTML that can hurt nobody and reads well right to left."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.marked import marked_html
from api.web.markdown import render_markdown
from codify.anchors import heading_anchor
from tests.hostile import HOSTILE, WRITTEN, what_could_run


def assert_harmless(html: str) -> None:
    assert what_could_run(html, only=WRITTEN) == [], html


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_markdown_becomes_harmless_html(hostile: str) -> None:
    assert_harmless(render_markdown(hostile))
    assert_harmless(render_markdown(f"متن **پیش** از {hostile} و پس از آن"))


@given(
    st.lists(st.sampled_from([*HOSTILE, "\n", "> ", "- ", "|", "**", "`", "متن"]), max_size=6).map("".join)
)
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
