"""Reads the data files of rules and signals; they lie in `data`, two for each language."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from kb.vocabulary import Language
from search.analysis.english import stem_english
from search.analysis.fold import ZWNJ, fold_text

DIRECTORY = Path(__file__).with_name("data")


@lru_cache(maxsize=4)
def read_file(name: str) -> dict[str, Any]:
    """What a file holds; every scalar is text, also `no` and `on`."""
    text = (DIRECTORY / f"{name}.yml").read_text("utf-8")
    raw: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes texts, lists and maps only
    return raw


@lru_cache(maxsize=1)
def word_classes() -> dict[str, frozenset[str]]:
    """For each term or verb key the names of the word classes that list it, of both languages."""
    classes: dict[str, set[str]] = {}
    for language in Language:
        for name, words in read_file(f"signals.{language}")["words"].items():
            for word in words.split():
                spelt = fold_text(word.replace(ZWNJ, ""))
                keys = (stem_english(spelt), f"@{spelt}") if spelt.isascii() else (spelt,)
                for key in keys:
                    classes.setdefault(key, set()).add(name)
    return {key: frozenset(names) for key, names in classes.items()}
