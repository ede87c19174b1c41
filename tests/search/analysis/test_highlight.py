"""Highlights and snippets: original offsets, whole words, no cut inside a word's own marks."""

from hypothesis import given
from hypothesis import strategies as st

from search.analysis.analyzer import Analyzer
from search.analysis.fold import ZWNJ
from search.analysis.highlight import Snippet, best_snippet
from search.analysis.places import places_of

ANALYZER = Analyzer()


def shown(text: str, query: str, max_chars: int) -> Snippet:
    places = places_of(ANALYZER.analyze(text))
    return best_snippet(text, places, ANALYZER.query_terms(query), max_chars=max_chars)


TEXT = (
    "برای ورود به حساب، شماره‌ی خود را وارد کنید. اگر رمز عبورتان را فراموش کرده‌اید، روی «فراموشی رمز» بزنید. "
    "سپس کد پیامک‌شده را بنویسید."
)


def painted(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in shown(text, query, max_chars=len(text)).spans]


def test_whole_surface_words_are_painted_whatever_the_spelling() -> None:
    assert painted("کتابِ من و كتاب‌هايم و کتاب ها", "کتاب") == ["کتابِ", "كتاب‌هايم", "کتاب ها"]


def test_stop_words_and_light_verbs_are_not_painted_beside_content() -> None:
    assert painted("سفارش را ثبت کردم", "ثبت کردن سفارش را") == ["سفارش", "ثبت"]


def test_neighbouring_matches_become_one_span() -> None:
    assert painted("لغو سفارش من", "لغو سفارش") == ["لغو سفارش"]


def test_the_snippet_is_the_sentence_that_answers() -> None:
    snippet = best_snippet(
        TEXT, places_of(ANALYZER.analyze(TEXT)), ANALYZER.query_terms("فراموشی رمز عبور"), max_chars=90
    )
    assert TEXT[snippet.start : snippet.end].startswith("اگر رمز عبورتان")
    start, end = snippet.spans[0]
    assert TEXT[start:end] == "رمز عبورتان"


def test_a_long_sentence_is_cut_at_white_space() -> None:
    text = "کلمه " * 100 + "بازگشت وجه " + "کلمه " * 100
    snippet = best_snippet(
        text, places_of(ANALYZER.analyze(text)), ANALYZER.query_terms("بازگشت وجه"), max_chars=80
    )
    assert snippet.end - snippet.start <= 80
    assert "بازگشت وجه" in text[snippet.start : snippet.end]
    assert text[snippet.start - 1] == " "


@given(
    st.text(alphabet="کتاب هایمن.؟\n\u200cًـ۱abc", max_size=200),
    st.text(alphabet="کتاب های\u200cabc", max_size=20),
    st.integers(20, 120),
)
def test_spans_lie_inside_the_snippet_and_no_word_is_torn_at_a_mark(
    text: str, query: str, limit: int
) -> None:
    snippet = best_snippet(
        text, places_of(ANALYZER.analyze(text)), ANALYZER.query_terms(query), max_chars=limit
    )
    assert 0 <= snippet.start <= snippet.end <= len(text)
    assert snippet.end - snippet.start <= limit
    end = snippet.start
    for left, right in snippet.spans:
        assert end <= left < right <= snippet.end
        end = right
    if snippet.start < snippet.end < len(text):
        assert text[snippet.end] not in (ZWNJ, "\u064b") or text[snippet.end - 1].isspace()
