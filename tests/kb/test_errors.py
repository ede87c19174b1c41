import ast
import inspect
import pkgutil
import re
from importlib import import_module
from string import Formatter

import pytest

import kb
from kb import errors
from kb.errors import InvalidInput, KbError, NotFound

for _module in pkgutil.walk_packages(kb.__path__, "kb."):
    if not _module.name.startswith("kb.migrations"):
        import_module(_module.name)


def all_errors() -> list[type[KbError]]:
    found: list[type[KbError]] = []
    waiting: list[type[KbError]] = [KbError]
    while waiting:
        error = waiting.pop()
        found.append(error)
        waiting += error.__subclasses__()
    return [error for error in found if error.__module__.startswith("kb.")]


@pytest.mark.parametrize("error", all_errors(), ids=lambda error: error.__name__)
def test_each_error_says_the_same_in_both_languages(error: type[KbError]) -> None:
    def fields(template: str) -> set[str]:
        # A part that is itself a phrase stands in the data once per language.
        return {name.removesuffix("_fa") for _, name, _, _ in Formatter().parse(template) if name}

    assert fields(error.en) == fields(error.fa)
    assert re.search("[آ-ی]", error.fa)
    assert not re.search("[آ-ی]", error.en)


def test_codes_are_stable_names_and_no_two_errors_share_one() -> None:
    codes = [error.code for error in all_errors()]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch("[a-z]+(_[a-z]+)*", code) for code in codes)


def test_the_tree_drawn_atop_the_module_names_every_error_in_it() -> None:
    tree = errors.__doc__ or ""
    defined = {
        node.name for node in ast.parse(inspect.getsource(errors)).body if isinstance(node, ast.ClassDef)
    }
    assert defined - set(re.findall(r"\w+", tree)) == set()


def test_messages_are_filled_from_the_data() -> None:
    error = NotFound(what="article", id="a1")
    assert error.message("en") == "There is no article a1 here, or you may not see it."
    assert "a1" in error.message("fa")
    assert str(error) == error.message()
    assert error.data == {"what": "article", "id": "a1"}


def test_braces_in_data_are_taken_as_they_are() -> None:
    error = InvalidInput(field="title", reason="{x} {0} {")
    assert "{x} {0} {" in error.message("fa")
