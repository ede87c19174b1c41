"""Reads the data files of rules; they lie in `rules`, one for each language."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from kb.vocabulary import Language

DIRECTORY = Path(__file__).with_name("rules")


@lru_cache(maxsize=2)
def read_file(language: Language) -> dict[str, Any]:
    """What the rule file of a language holds; every scalar is text, also `no` and `on`."""
    text = (DIRECTORY / f"{language}.yml").read_text("utf-8")
    raw: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes texts, lists and maps only
    return raw
