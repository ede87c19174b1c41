"""The rule files: every rule fires on its own examples, and not on what only looks like them."""

import pytest

from codify.elicitation.clauses import cut_clauses
from codify.elicitation.element import Element
from codify.elicitation.firing import fire
from codify.elicitation.model import load_model
from codify.elicitation.pattern import BrokenPattern
from codify.elicitation.rules import Rule, load_rules, read_rules
from codify.elicitation.words import read_words
from kb.vocabulary import Language

RULES = [rule for language in Language for rule in load_rules(language) if rule.element]


def fires(rule: Rule, text: str) -> bool:
    worded = read_words(text)
    return bool(fire(worded, cut_clauses(worded), [rule]))


@pytest.mark.parametrize(
    ("rule", "text"), [pytest.param(rule, text, id=rule.id) for rule in RULES for text in rule.examples]
)
def test_a_rule_fires_on_its_examples(rule: Rule, text: str) -> None:
    assert fires(rule, text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [pytest.param(rule, text, id=rule.id) for rule in RULES for text in rule.counterexamples],
)
def test_a_rule_does_not_fire_on_its_counterexamples(rule: Rule, text: str) -> None:
    assert not fires(rule, text)


def test_every_rule_has_examples_and_an_id_of_its_own() -> None:
    assert all(rule.examples for rule in RULES)
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("language", list(Language))
def test_every_element_has_rules_in_every_language(language: Language) -> None:
    assert {rule.element for rule in load_rules(language)} >= set(Element)


def test_every_rule_and_signal_is_weighed() -> None:
    weights = load_model().weights
    missing = {rule.feature for language in Language for rule in load_rules(language)} - set(weights)
    assert missing <= {f"{element}.{weight}" for element in Element for weight in ("certain", "hint")}


def test_what_stands_in_quotation_marks_fires_no_rule() -> None:
    because = next(rule for rule in RULES if rule.id == "en.reason.because")
    assert fires(because, "I did it because it works")
    assert not fires(because, 'she said "because I say so"')


def test_a_broken_rule_file_names_the_pattern() -> None:
    stated = {"classes": {}, "cue": [{"id": "x", "weight": "sure", "match": ["<nobody>"]}]}
    with pytest.raises(BrokenPattern, match="nobody"):
        read_rules(stated)
