"""The words of a sentence as statements are compared by: concepts, scopes, negation; facts left out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from codify.concepts import MARK, Concepts, is_name, load_concepts
from search.analysis.analyzer import Analyzer
from search.analysis.fold import fold, fold_text
from search.analysis.terms import TermGroup
from search.analysis.verbs import MARK as VERB

_CONTRACTED = re.compile(r"n['’]t$|^(?:dont|cant|wont|isnt|arent|doesnt|didnt|wasnt|couldnt|shouldnt)$")
_NEGATING_PREFIX = re.compile(r"non-?(?=[a-z]{4})")
_COPULA = re.compile(r"[ \t\u200c]*(?:است|باشد|باشند|اند|ام|ایم|هست|بود)")
_NEGATED_PARTICIPLE = re.compile("(?:نشده|نکرده|نخورده|نشد)$")
_PERIOD = re.compile(
    r"(?<![a-z\u0621-\u06cc])(?:(?P<day>روزانه|روزی|در روز|هر روز|daily|(?:per|a|each|every) day|/day)"
    r"|(?P<week>هفتگی|هفته ای|در هفته|هر هفته|weekly|(?:per|a|each|every) week|/week)"
    r"|(?P<month>ماهانه|ماهیانه|ماهی|در ماه|هر ماه|monthly|(?:per|a|each|every) month|/mo(?:nth)?)"
    r"|(?P<year>سالانه|سالیانه|سالی|در سال|هر سال"
    r"|annual(?:ly)?|yearly|(?:per|a|each|every) year|per annum|/y(?:ea)?r))"
    r"(?![a-z\u0621-\u06cc])"
)


#: a verb tells less than what it is about
VERB_WEIGHT = 0.35


#: scopes of words that relate and name nothing: before, after, other
RELATIONS = frozenset(("stage", "alternative"))


PREDICATE_WEIGHT = 0.45
#: Persian verbs that make one verb with the word before them
LIGHT = frozenset(
    [
        "@کرد",
        "@شد",
        "@داد",
        "@زد",
        "@گرفت",
        "@داشت",
        "@نمود",
        "@کشید",
        "@برد",
        "@خورد",
        "@امد",
        "@یافت",
        "@گذاشت",
        "@گشت",
        "@گردید",
    ]
)
_IS = re.compile(r"[ \t]*(?:است|هست|نیست|هستند|نیستند|باشد|نباشد|می[ \u200c]?باشد)")


class Role(StrEnum):
    """What a word does in a statement."""

    CONTENT = "content"
    VERB = "verb"
    MODAL = "modal"
    GENERIC = "generic"
    #: before a light verb or "is": part of what is said, not of what it is said about
    PREDICATE = "predicate"


@dataclass(frozen=True, slots=True)
class Word:
    """One word or phrase.

    Args:
        term: a concept, or the analyzer's term; a scope's period is "per month".
        start, end: in the sentence.
        weight: how much it tells, 0.35 to 1.
        scope: the class of `codify.concept_words.SCOPES` it narrows by, else "".
        is_name: a code, number or word with digits: it names one thing.
        negates: it turns the sense of its clause.
        stem: the analyzer's terms, whatever concept they are of: what typos are looked for in.
    """

    term: str
    start: int
    end: int
    weight: float
    role: Role
    scope: str = ""
    is_name: bool = False
    negates: bool = False
    surface: str = ""
    stem: str = ""


def read_words(sentence: str, facts: Sequence[tuple[int, int]], analyzer: Analyzer) -> tuple[Word, ...]:
    """The words of a sentence outside `facts`, in order, without stop words unless they negate."""
    concepts = load_concepts(analyzer)
    groups = [
        group
        for group in analyzer.analyze(sentence)
        if not any(start < group.end and group.start < end for start, end in facts)
    ]
    kept = [group for group in groups if not group.is_stop or _negates(sentence, group, concepts, analyzer)]
    terms = [group.term for group in kept]
    found: list[Word] = []
    at = 0
    while at < len(kept):
        size = concepts.longest(terms, at)
        if any(_denies(sentence, group, concepts, analyzer) for group in kept[at : at + size]):
            size = 1
        found.append(_word(sentence, kept[at : at + size], concepts, analyzer))
        at += size
    found = [_predicate(sentence, word, found[at + 1 : at + 2]) for at, word in enumerate(found)]
    folded = fold(sentence)
    for match in _PERIOD.finditer(folded.text.replace("\u200c", " ")):
        start, end = folded.span(*match.span())
        if any(a < end and start < b for a, b in facts):
            continue
        found = [word for word in found if not (start < word.end and word.start < end)]
        found.append(Word(f"per {match.lastgroup}", start, end, 0.8, Role.CONTENT, scope="per"))
    return tuple(sorted(found, key=lambda word: word.start))


def _predicate(sentence: str, word: Word, following: Sequence[Word]) -> Word:
    """The word as a predicate where a light verb or a copula comes next: پرداخت می‌شود, آزاد است."""
    if word.role is not Role.CONTENT or word.scope or word.is_name or word.term.startswith(MARK):
        return word
    light = any(
        other.term in LIGHT and 0 <= other.start - word.end <= 1 and not word.term.isascii()
        for other in following
    )
    if light or _IS.match(sentence, word.end):
        return replace(word, role=Role.PREDICATE, weight=min(word.weight, PREDICATE_WEIGHT))
    return word


def _word(sentence: str, groups: Sequence[TermGroup], concepts: Concepts, analyzer: Analyzer) -> Word:
    first, last = groups[0], groups[-1]
    key = tuple(group.term for group in groups)
    surface = sentence[first.start : last.end]
    negates = len(groups) == 1 and _negates(sentence, first, concepts, analyzer)
    scope = concepts.scopes.get(key, "")
    term = concepts.concept(key)
    if surface.lower() in ("open", "opens", "opening"):
        return Word("=hours_open", first.start, last.end, 0.5, Role.PREDICATE, surface=surface)
    if len(groups) == 1:
        term, negates = _denied(first, surface, concepts, negates)
        if _NEGATED_PARTICIPLE.search(fold_text(surface)) and not negates:
            return Word("un-", first.start, last.end, 0.8, Role.GENERIC, scope="state", surface=surface)
        if (
            first.term in concepts.modal
            or first.is_stop
            or (negates and _CONTRACTED.search(fold_text(surface)))
        ):
            return Word(term, first.start, first.end, 0.35, Role.MODAL, negates=negates, surface=surface)
        if first.term in concepts.generic and not scope:
            return Word(term, first.start, first.end, 0.35, Role.GENERIC, negates=negates, surface=surface)
        if first.term in concepts.negative:
            return Word(term, first.start, first.end, 0.35, Role.MODAL, negates=True, surface=surface)
    is_verb = len(groups) == 1 and term == first.term and (term.startswith(VERB) or term in concepts.verbs)
    role = Role.VERB if is_verb else Role.CONTENT
    if scope in RELATIONS:
        role = Role.GENERIC
    weight = concepts.weight(term) * max(group.weight for group in groups)
    if is_verb:
        weight = min(weight, VERB_WEIGHT)
    named = len(groups) == 1 and is_name(first, surface)
    stem = " ".join(key)
    return Word(term, first.start, last.end, max(weight, 0.1), role, scope, named, negates, surface, stem)


def _denied(group: TermGroup, surface: str, concepts: Concepts, negates: bool) -> tuple[str, bool]:
    """The term and sign of a word that may deny another: unavailable, غیرفعال, non-refundable."""
    denied = concepts.opposites.get(group.term)
    if denied:
        return concepts.concept((denied,)), not negates
    folded = fold_text(surface).replace("\u200c", "")
    rest = ""
    if _NEGATING_PREFIX.match(folded):
        rest = next((term for term, _ in group.alternatives if term not in ("non", "un")), "")
    elif folded.startswith("غیر") and len(folded) > 6:
        rest = next((term for term, _ in group.alternatives if term != "غیر"), "")
    if rest:
        return concepts.concept((rest,)), not negates
    return concepts.concept((group.term,)), negates


def _negates(sentence: str, group: TermGroup, concepts: Concepts, analyzer: Analyzer) -> bool:
    surface = fold_text(sentence[group.start : group.end]).replace("\u200c", "").replace(" ", "")
    if group.term in concepts.negative or _CONTRACTED.search(surface):
        return True
    if not surface.startswith("ن") or len(surface) < 4:
        return False
    if surface in ("نیست", "نیستند", "نباید", "نبود"):
        return True
    if not group.term.startswith(VERB):
        return False
    if _NEGATED_PARTICIPLE.search(surface) and not _COPULA.match(sentence, group.end):
        return False
    return any(_same_verb(positive, group.term, analyzer) for positive in (surface[1:], "ا" + surface[2:]))


def _denies(sentence: str, group: TermGroup, concepts: Concepts, analyzer: Analyzer) -> bool:
    """Whether a word negates or is a negated participle: no part of a phrase then."""
    surface = fold_text(sentence[group.start : group.end]).replace("\u200c", "")
    return _negates(sentence, group, concepts, analyzer) or _NEGATED_PARTICIPLE.search(surface) is not None


def _same_verb(word: str, term: str, analyzer: Analyzer) -> bool:
    groups = analyzer.analyze(word)
    return len(groups) == 1 and groups[0].term == term
