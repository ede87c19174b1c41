"""Reasons of refusals are told in Persian, too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import InvalidInput
from kb.reasons import PERSIAN, in_persian

ROOT = Path(__file__).parents[2]
PACKAGES = ("kb", "search", "codify", "ingest", "workers", "api")


def raised() -> Iterator[str]:
    """The reason of every `InvalidInput` in the code, `{}` for what is filled in."""
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "InvalidInput":
                for keyword in node.keywords:
                    if keyword.arg == "reason":
                        yield from template(keyword.value)


def template(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in value.values]
        yield "".join(str(part) for part in parts)


@pytest.mark.parametrize("english", sorted(set(raised())))
def test_every_reason_has_its_persian_sentence(english: str) -> None:
    assert english in PERSIAN


def test_no_persian_sentence_is_left_over() -> None:
    assert set(PERSIAN) - set(raised()) == set()


def test_both_languages_name_as_much() -> None:
    assert [
        english for english, persian in PERSIAN.items() if english.count("{}") != persian.count("{}")
    ] == []


def test_a_refusal_gives_its_reason_in_the_readers_language() -> None:
    error = InvalidInput(field="limit", reason="it must be 1 to 200")
    assert error.message("en") == "limit cannot be used: it must be 1 to 200."
    assert error.message("fa") == "مقدار limit پذیرفتنی نیست: باید از ۱ تا 200 باشد."
    assert error.data["reason"] == "it must be 1 to 200"


def test_the_narrower_sentence_is_taken() -> None:
    assert in_persian("there is no article a1 to lead to") == "مقالهٔ a1 نیست که به آن برسد"
    assert in_persian("چیز دیگری") == "چیز دیگری"
