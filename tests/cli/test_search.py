"""How `kb search` shows an answer in the terminal."""

from typing import Any

import pytest

from cli.failures import refusal
from cli.search import answer_lines, snippet_lines
from tests.cli.conftest import Kb

SENTENCE: dict[str, Any] = {
    "text": "تا هفت روز.",
    "lead": None,
    "steps": [],
    "first_number": None,
    "rows": [],
    "is_whole": True,
}


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        ({}, ["تا هفت روز."]),
        (
            {
                "lead": {"text": "To cancel:"},
                "steps": [{"text": "Open it."}, {"text": "Tap.\nTwice."}],
                "first_number": 1,
            },
            ["To cancel:", "  1. Open it.", "  2. Tap.\n     Twice."],
        ),
        ({"steps": [{"text": "یک"}, {"text": "دو"}], "is_whole": False}, ["  - یک", "  - دو", "  …"]),
        (
            {
                "rows": [
                    [{"header": "روش", "text": "کارت"}, {"header": "زمان", "text": "۳ روز"}],
                    [{"header": "", "text": "هدیه"}],
                ]
            },
            ["  روش: کارت", "  زمان: ۳ روز", "", "  هدیه"],
        ),
    ],
)
def test_an_answer_is_shown_as_what_it_is(answer: dict[str, Any], lines: list[str]) -> None:
    assert answer_lines({**SENTENCE, **answer}) == lines


def _hit(snippet: str, highlights: list[tuple[int, int]], heading_path: list[str]) -> dict[str, Any]:
    spans = [{"start": start, "end": end} for start, end in highlights]
    return {"snippet": snippet, "highlights": spans, "heading_path": heading_path}


def test_every_line_of_a_snippet_stands_under_its_title() -> None:
    lines = snippet_lines(_hit("نام · مبلغ\n\nکیف پول · ۱", [(12, 19)], ["هزینه‌ها"]))
    assert [line.plain for line in lines] == ["   نام · مبلغ", "   کیف پول · ۱"]
    assert [(span.start, span.end, span.style) for span in lines[1].spans] == [(3, 10, "bold")]


def test_a_heading_is_not_said_twice() -> None:
    lines = snippet_lines(_hit("Refunds\n\nThree days.", [], ["Returns", "Refunds"]))
    assert [line.plain for line in lines] == ["   Three days."]
    assert [line.plain for line in snippet_lines(_hit("Refunds", [], ["Refunds"]))] == ["   Refunds"]


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (
            422,
            '{"code": "empty_text", "message": "query is empty. {Write}", "data": {}}',
            "query is empty. {Write}",
        ),
        (502, "<h1>Bad gateway</h1>", "The running service answered 502: <h1>Bad gateway</h1>"),
        (500, '["no problem of ours"]', 'The running service answered 500: ["no problem of ours"]'),
    ],
)
def test_a_refusal_of_the_service_is_said_in_its_words(status: int, body: str, said: str) -> None:
    assert refusal(status=status, body=body).message() == said


@pytest.mark.parametrize(
    ("query", "said"),
    [("  ", "query is empty. Write at least one word."), ("الف" * 1000, "query has 3000 characters")],
)
def test_a_question_that_cannot_be_asked_is_one_sentence(kb: Kb, query: str, said: str) -> None:
    kb("init")
    ran = kb("search", query)
    assert (ran.exit_code, ran.out) == (1, "")
    assert said in ran.err
