"""How `kb search` shows an answer in the terminal."""

from typing import Any

import pytest

from cli.search import answer_lines

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
