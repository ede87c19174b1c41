"""The rules that find elements in a text: readable data beside this module, one file for each language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from codify.elicitation.element import Element
from codify.elicitation.pattern import compile_pattern
from codify.elicitation.rule_files import read_file
from kb.vocabulary import Language


class Weight(StrEnum):
    """How much a rule says by itself."""

    SURE = "sure"
    LIKELY = "likely"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a file; its fields are described at the head of `rules/fa.yml`."""

    id: str
    element: Element
    weight: Weight
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    quoted: bool
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


@lru_cache(maxsize=2)
def load_rules(language: Language) -> tuple[Rule, ...]:
    """All rules of a language, in the order of its file."""
    return read_rules(read_file(language))


def read_rules(raw: dict[str, Any]) -> tuple[Rule, ...]:
    """Rules from what a rule file holds.

    Raises:
        BrokenPattern: names the pattern.
        KeyError, ValueError: an element or a weight that does not exist, a rule without patterns.
    """
    classes: dict[str, list[str]] = raw["classes"]
    return tuple(
        _rule(element, stated, classes) for element in Element for stated in raw.get(element.value, ())
    )


def _rule(element: Element, stated: dict[str, Any], classes: dict[str, list[str]]) -> Rule:
    def compiled(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(compile_pattern(pattern, classes) for pattern in patterns)

    return Rule(
        id=stated["id"],
        element=element,
        weight=Weight(stated["weight"]),
        patterns=compiled(stated["match"]),
        unless=compiled(stated.get("unless", ())),
        quoted=stated.get("quoted") == "true",
        examples=tuple(stated.get("examples", ())),
        counterexamples=tuple(stated.get("counterexamples", ())),
    )
