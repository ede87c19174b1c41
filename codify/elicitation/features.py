"""What each clause of a text shows, as named features: rules, signals, words, place."""

import re
from collections.abc import Mapping, Sequence

from codify.elicitation.clauses import CONDITIONS, Clause
from codify.elicitation.firing import Fired
from codify.elicitation.subject import About, about
from codify.elicitation.words import Word, Worded

_LIST_ITEM = re.compile(r"(?:^|\n)[ \t]*(?:[-–•*]|\(?[\d۰-۹]{1,2}[.)\-]?)[ \t]*$")
_QUESTION = re.compile("^[\\s»”\"')]*[?؟]")
#: Word classes that are features of a clause by themselves.
_CLASSES = ("requester", "trouble", "observable", "mechanism", "kinds", "harm")

#: Single words say less than what rules and signals read; they begin smaller so that fitting trusts them less.
SPELT_VALUE = 0.7

Features = Mapping[str, float]


def features_of(worded: Worded, clauses: Sequence[Clause], fired: Sequence[Fired]) -> list[Features]:
    """For each clause its features; those that are absent are left out."""
    found: list[dict[str, float]] = [{"bias": 1.0} for _ in clauses]
    for one in fired:
        for at in range(one.first, one.last + 1):
            found[at][one.rule.feature] = 1.0
    for at, clause in enumerate(clauses):
        found[at].update(dict.fromkeys(_own(worded, clauses, at, clause), 1.0))
        spelt = _spelt(worded.words[clause.first : clause.last + 1])
        found[at].update(dict.fromkeys(spelt, SPELT_VALUE))
    return list(found)


def _own(worded: Worded, clauses: Sequence[Clause], at: int, clause: Clause) -> list[str]:
    words = worded.words[clause.first : clause.last + 1]
    tags = {tag for word in words for tag in word.tags}
    names = [f"word.{name}" for name in _CLASSES if name in tags]
    if len({word.lemma for word in words if "observable" in word.tags}) > 1:
        names.append("word.observable.several")
    if len({word.lemma for word in words if "mechanism" in word.tags}) > 1:
        names.append("word.mechanism.several")
    start, end = clause.span(worded.words)
    if _LIST_ITEM.search(worded.text[max(0, start - 12) : start]):
        names.append("place.item")
    if _QUESTION.search(worded.text[end : end + 4]):
        names.append("place.question")
    if len(words) < 4:
        names.append("place.short")
    if any(word in worded.quoted for word in range(clause.first, clause.last + 1)):
        names.append("place.quoted")
    if clause.sentence == clauses[0].sentence:
        names.append("place.first")
    if clause.sentence == clauses[-1].sentence and clause.sentence != clauses[0].sentence:
        names.append("place.last")
    names += _grammar(tags)
    one = about(words)
    names += _about(one)
    kind = "condition" if words[0].form in CONDITIONS else one.tense
    names += [f"word.{name}.{kind}" for name in (*_CLASSES, "staff") if name in tags]
    return names


def _spelt(words: Sequence[Word]) -> set[str]:
    """The words themselves, and those with which a clause begins and ends; only usual ones carry a weight."""
    names = {f"form.{word.form}" for word in words} | {f"form.{word.lemma}" for word in words}
    names |= {f"opens.{word.form}" for word in words[:2]}
    names.add(f"ends.{words[-1].form}")
    return names


def _about(one: About) -> list[str]:
    """Subject and tense by themselves and together."""
    names = [f"about.{one.subject}", f"about.{one.tense}", f"about.{one.subject}.{one.tense}"]
    if one.negated:
        names.append(f"about.not.{one.tense}")
    if one.fronted:
        names.append("about.fronted")
    if one.bare:
        names += ["about.bare", f"about.bare.{one.tense}"]
        if one.negated:
            names.append("about.bare.not")
    if one.definite:
        names.append(f"about.definite.{one.tense}")
    return names


def _grammar(tags: set[str]) -> list[str]:
    """Tense and person of a clause's verbs, of either language."""
    names = []
    if "past" in tags:
        names.append("verb.past")
    if "dur" in tags and "pres" in tags or "3rd" in tags or "base" in tags:
        names.append("verb.present")
    if "dur" in tags and "past" in tags:
        names.append("verb.imperfect")
    if "neg" in tags:
        names.append("verb.negated")
    if "modal" in tags:
        names.append("verb.modal")
    if "1" in tags:
        names.append("verb.first")
    if "ing" in tags:
        names.append("verb.ing")
    return names
