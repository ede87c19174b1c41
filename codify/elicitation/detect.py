"""Find the elements of a told experience in a text: rules first, then a small sum of named features."""

import re
from collections.abc import Sequence

from codify.elicitation.clauses import Clause, cut_clauses
from codify.elicitation.element import Detection, Element, Evidence
from codify.elicitation.firing import Fired, fire, surface
from codify.elicitation.rules import Rule, Weight, load_rules
from codify.elicitation.scoring import Scorer, load_scorer
from codify.elicitation.words import Worded, read_words
from kb.vocabulary import Language

_PERSIAN = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_LATIN = re.compile("[A-Za-z]{2}")


def detect(text: str, *, scorer: Scorer | None = None) -> Detection:
    """The elements that `text` tells, each with the spans that show it.

    Persian and English rules are read according to the letters of the text, so that mixed text needs no word
    about its language.

    Args:
        scorer: what weighs the features; the package's own if None.
    """
    worded = read_words(text)
    clauses = cut_clauses(worded)
    fired = fire(worded, clauses, rules_for(text))
    return Detection(tuple(_evidence(worded, clauses, fired, scorer or load_scorer())))


def rules_for(text: str) -> tuple[Rule, ...]:
    """Rules of the languages whose letters the text holds."""
    rules: tuple[Rule, ...] = ()
    if _PERSIAN.search(text):
        rules += load_rules(Language.PERSIAN)
    if _LATIN.search(text):
        rules += load_rules(Language.ENGLISH)
    return rules


def _evidence(
    worded: Worded, clauses: Sequence[Clause], fired: Sequence[Fired], scorer: Scorer
) -> list[Evidence]:
    found: list[Evidence] = []
    for element in Element:
        strengths = scorer.strengths(element, worded, clauses, fired)
        for first, last in _runs(clauses, [strength >= 0.5 for strength in strengths]):
            found.append(_join(element, worded, clauses, fired, (first, last), max(strengths[first : last + 1])))
    return sorted(found, key=lambda one: (one.start, one.end, one.element))


def _runs(clauses: Sequence[Clause], present: Sequence[bool]) -> list[tuple[int, int]]:
    """Inclusive runs of neighbouring clauses of one sentence that show the element."""
    runs: list[tuple[int, int]] = []
    for at, shown in enumerate(present):
        if not shown:
            continue
        if runs and runs[-1][1] == at - 1 and clauses[at - 1].sentence == clauses[at].sentence:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs


_ORDER = {Weight.SURE: 0, Weight.LIKELY: 1, Weight.HINT: 2}


def _join(
    element: Element,
    worded: Worded,
    clauses: Sequence[Clause],
    fired: Sequence[Fired],
    run: tuple[int, int],
    strength: float,
) -> Evidence:
    own = [one for one in fired if one.rule.element is element and one.first <= run[1] and one.last >= run[0]]
    own.sort(key=lambda one: (_ORDER[one.rule.weight], one.words))
    start, end = clauses[run[0]].span(worded.words)[0], clauses[run[1]].span(worded.words)[1]
    at = surface(worded.words, own[0].words) if own else (start, end)
    rules = tuple(dict.fromkeys(one.rule.id for one in own))
    return Evidence(element, start, end, rules, round(strength, 3), (max(start, at[0]), min(end, at[1])))
