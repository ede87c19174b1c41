"""Reasons of refusals are told in Persian, too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import InvalidInput
from kb.exchange.reasons import EXCHANGE_PERSIAN
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


def said_of_files() -> Iterator[str]:
    """The same of what is said about files of an import: errors, plans, records that are left out."""
    folders = (ROOT / "ingest/exchange", ROOT / "kb/exchange")
    for path in (path for folder in folders for path in folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            for value in reasons_in(node):
                operands = value.values if isinstance(value, ast.BoolOp) else [value]
                yield from (said for one in operands for said in template(one) if said.strip("{}"))


def reasons_in(node: ast.AST) -> list[ast.expr]:
    """The expressions of a node that give a reason."""
    match node:
        case ast.Call(func=ast.Name(id="ExchangeError" | "BrokenFile" | "NotAnExport")):
            return [one.value for one in node.keywords if one.arg == "reason"]
        case ast.Call(func=ast.Name(id="refused" | "left_out" | "ValueError") | ast.Attribute(attr="fail")):
            return node.args[-1:]
        case ast.Call(func=ast.Attribute(value=ast.Name(id="reasons"), attr="append")):
            return node.args
        case ast.Assign(targets=[ast.Name(id="reason")]):
            return [node.value]
        case ast.Assign(targets=[ast.Tuple()], value=ast.Tuple(elts=[_, said])):
            return [said]
        case _:
            return []


@pytest.mark.parametrize("english", sorted(set(raised())))
def test_every_reason_has_its_persian_sentence(english: str) -> None:
    assert english in PERSIAN


def test_no_persian_sentence_is_left_over() -> None:
    assert set(PERSIAN) - set(raised()) == set()


def test_what_is_said_of_files_of_an_import_is_said_in_persian() -> None:
    assert set(said_of_files()) - set(PERSIAN) == set(EXCHANGE_PERSIAN)


def test_both_languages_name_as_much() -> None:
    every = PERSIAN | EXCHANGE_PERSIAN
    assert [english for english, persian in every.items() if english.count("{}") != persian.count("{}")] == []


def test_a_refusal_gives_its_reason_in_the_readers_language() -> None:
    error = InvalidInput(field="limit", reason="it must be 1 to 200")
    assert error.message("en") == "limit cannot be used: it must be 1 to 200."
    assert error.message("fa") == "مقدار limit پذیرفتنی نیست: باید از ۱ تا 200 باشد."
    assert error.data["reason"] == "it must be 1 to 200"


def test_the_narrower_sentence_is_taken() -> None:
    assert in_persian("there is no article a1 to lead to") == "مقالهٔ a1 نیست که به آن برسد"
    assert in_persian("چیز دیگری") == "چیز دیگری"
