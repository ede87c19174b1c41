"""The rules that find elements in a text: readable data beside this module, one file for each language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from codify.elicitation.element import Element
from codify.elicitation.pattern import compile_pattern, either
from codify.elicitation.rule_files import read_file
from kb.vocabulary import Language


class Weight(StrEnum):
    """How much a rule says by itself."""

    #: its words hardly ever mean anything else
    CERTAIN = "certain"
    SURE = "sure"
    LIKELY = "likely"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a file; its fields are described at the head of `rules/fa.yml`.

    Attributes:
        element: None for a signal, which no single element owns.
        feature: under which name it is weighed.
    """

    id: str
    element: Element | None
    feature: str
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...] = ()
    quoted: bool = False
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()


@lru_cache(maxsize=2)
def load_rules(language: Language) -> tuple[Rule, ...]:
    """All rules of a language, in the order of its file, then its signals."""
    raw = read_file(language.value)
    return read_rules(raw) + read_signals(read_file(f"signals.{language}"), raw["classes"])


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


def read_signals(raw: dict[str, Any], classes: dict[str, list[str]]) -> tuple[Rule, ...]:
    """Signals from what their file holds, each with all its patterns as one."""
    return tuple(
        Rule(name, None, name, (either(patterns, classes),)) for name, patterns in raw["signals"].items()
    )


def _rule(element: Element, stated: dict[str, Any], classes: dict[str, list[str]]) -> Rule:
    def compiled(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(compile_pattern(pattern, classes) for pattern in patterns)

    return Rule(
        id=stated["id"],
        element=element,
        feature=f"{element}.{Weight(stated['weight'])}",
        patterns=compiled(stated["match"]),
        unless=compiled(stated.get("unless", ())),
        quoted=stated.get("quoted") == "true",
        examples=tuple(stated.get("examples", ())),
        counterexamples=tuple(stated.get("counterexamples", ())),
    )
