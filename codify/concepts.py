"""Terms to concepts: words of either language that mean the same in a support text become one term."""

from dataclasses import dataclass
from functools import lru_cache

from codify.concept_words import GENERIC, MODAL, NEGATIVE, OPPOSITES, SCOPES, SYNONYMS, VERBS
from search.analysis.analyzer import Analyzer
from search.analysis.fold import ZWNJ
from search.analysis.lexicon import Lexicon, load_lexicon
from search.analysis.terms import TermGroup
from search.analysis.tokens import Kind

#: marks a concept, so that it can never equal a term
MARK = "="
_LONGEST_PHRASE = 3


@dataclass(frozen=True, slots=True)
class Concepts:
    """Tables by terms of the analyzer.

    Args:
        phrases: one to three terms to their concept.
        openers: first terms of phrases of more than one.
        scopes: phrases to classes of scope.
        opposites: terms to the phrase that they deny.
    """

    phrases: dict[tuple[str, ...], str]
    openers: frozenset[str]
    modal: frozenset[str]
    negative: frozenset[str]
    generic: frozenset[str]
    verbs: frozenset[str]
    scopes: dict[tuple[str, ...], str]
    opposites: dict[str, str]
    lexicon: Lexicon

    def longest(self, terms: list[str], at: int) -> int:
        """How many terms from `at` are one phrase of the tables; 1 where none is."""
        if terms[at] not in self.openers:
            return 1
        for size in range(min(_LONGEST_PHRASE, len(terms) - at), 1, -1):
            key = tuple(terms[at : at + size])
            if key in self.phrases or key in self.scopes:
                return size
        return 1

    def concept(self, key: tuple[str, ...]) -> str:
        """The concept of a phrase, or its terms joined."""
        return self.phrases.get(key) or " ".join(key)

    def weight(self, term: str) -> float:
        """How much a term tells, 0.35 to 1: the rarer in the language, the more."""
        if term.startswith(MARK):
            return 0.8
        known = self.lexicon.frequency.get(term)
        if known is None:
            return 1.0
        return min(1.0, max(0.35, 1.0 - (known - 30) / 50))


def content(groups: list[TermGroup]) -> list[TermGroup]:
    """Groups that can be part of a phrase: no stop words but the one that a phrase is of."""
    return [group for group in groups if not group.is_stop]


def terms_of(analyzer: Analyzer, words: str) -> tuple[str, ...]:
    """The terms of a word or phrase of the tables, stop words dropped unless nothing else is there."""
    groups = analyzer.analyze(words.replace("_", " "))
    kept = content(groups) or groups
    return tuple(group.term for group in kept)


@lru_cache(maxsize=4)
def load_concepts(analyzer: Analyzer) -> Concepts:
    """The tables in terms of one analyzer; made once for each."""
    phrases: dict[tuple[str, ...], str] = {}
    for line in SYNONYMS.strip().splitlines():
        name, _, words = line.partition(":")
        for word in words.split():
            phrases.setdefault(terms_of(analyzer, word), MARK + name)
            joined = terms_of(analyzer, word.replace("_", ZWNJ))
            if "_" in word and len(joined) == 1:
                phrases.setdefault(joined, MARK + name)
    scopes: dict[tuple[str, ...], str] = {}
    for line in SCOPES.strip().splitlines():
        name, _, words = line.partition(":")
        for word in words.split():
            scopes.setdefault(terms_of(analyzer, word), name)
    opposites = {}
    for pair in OPPOSITES.split():
        word, _, denied = pair.partition("=")
        opposites[terms_of(analyzer, word)[0]] = terms_of(analyzer, denied)[0]
    openers = frozenset(key[0] for key in (*phrases, *scopes) if len(key) > 1)
    return Concepts(
        phrases=phrases,
        openers=openers,
        modal=_terms(analyzer, MODAL),
        negative=_terms(analyzer, NEGATIVE),
        generic=_terms(analyzer, GENERIC),
        verbs=_terms(analyzer, VERBS),
        scopes=scopes,
        opposites=opposites,
        lexicon=load_lexicon(),
    )


def _terms(analyzer: Analyzer, words: str) -> frozenset[str]:
    return frozenset(term for word in words.split() for term in terms_of(analyzer, word))


def is_name(group: TermGroup, surface: str) -> bool:
    """Whether a word names one thing: a code, a number, a word with a digit."""
    return group.kind is not Kind.WORD or any(char.isdigit() for char in surface)
