"""A text as near-duplicates are told by: its words with their weights, its 3-grams, its names, its facts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from codify.clauses import Clause
from codify.reading import Reading, read
from codify.wording import ASKED
from codify.words import Role, Word, read_words
from search.analysis.analyzer import Analyzer
from search.analysis.fold import fold_text
from search.analysis.sparse import SparseVector, gram_vector
from search.plain import plain

_LONGEST_QUESTION = 200
_ASKED = {
    name: re.compile(rf"(?<![a-z\u0621-\u06cc])(?:{said})(?![a-z\u0621-\u06cc])")
    for name, said in ASKED.items()
}
#: of a word in the title, beside the same word in the text
TITLE_WEIGHT = 1.5


@dataclass(frozen=True, slots=True)
class Profile:
    """One text, read once, to be compared with many.

    Args:
        key: folded and joined text; equal for all spellings of one text.
        weights: terms of what it is about, with how much of it they are.
        surfaces: a term as it was first written.
        scopes: terms that narrow it down, by class.
        repeated: nouns that come more than once; a near-twin about another thing has others in their place.
        names: terms that name one thing: codes, numbers that are no fact, words with digits.
        asks: what its questions ask for, of `codify.concept_words.ASKED`.
        stems: what a term was written as, for typos.
        words: how many words that say something it has.
        reading: its statements and facts.
    """

    key: str
    weights: dict[str, float]
    surfaces: dict[str, str]
    scopes: dict[str, frozenset[str]]
    repeated: frozenset[str]
    names: frozenset[str]
    asks: frozenset[str]
    stems: dict[str, str]
    grams: SparseVector
    words: int
    reading: Reading


def read_profile(text: str, *, title: str = "", analyzer: Analyzer) -> Profile:
    """The profile of a Markdown text; of an article give issue lines and resolution together as `text`."""
    whole = f"{title}\n{text}" if title else text
    joined = analyzer.joined_text(plain(whole).text)
    reading = read(text, title=title, analyzer=analyzer)
    said = [word for s in reading.statements for word in _words(s.clauses)]
    labels = {word for s in reading.statements for word in s.labels}
    heads = {word for s in reading.statements for word in s.headings}
    titled = read_words(title, (), analyzer) if title else ()
    every = [*titled, *heads, *said, *labels]
    told = [word for word in every if word.role in (Role.CONTENT, Role.PREDICATE, Role.VERB)]
    return Profile(
        joined,
        _weights(told, titled),
        {word.term: word.surface for word in reversed(told)},
        _scopes(every),
        _repeated(told),
        frozenset(word.term for word in told if word.is_name),
        _asks(whole),
        {word.term: word.stem for word in reversed(told)},
        gram_vector(joined),
        len(told),
        reading,
    )


def _words(clauses: Iterable[Clause]) -> Iterable[Word]:
    for clause in clauses:
        yield from clause.words
        yield from clause.condition


def _weights(told: list[Word], titled: tuple[Word, ...]) -> dict[str, float]:
    """The weight of a word, more the oftener it comes (logarithmically) and where the title has it."""
    counts: dict[str, int] = {}
    weights: dict[str, float] = {}
    for word in told:
        counts[word.term] = counts.get(word.term, 0) + 1
        weights[word.term] = max(weights.get(word.term, 0.0), word.weight)
    top = {word.term for word in titled}
    return {
        term: weight * (1 + log(counts[term])) * (TITLE_WEIGHT if term in top else 1.0)
        for term, weight in weights.items()
    }


def _repeated(told: list[Word]) -> frozenset[str]:
    nouns = [word.term for word in told if word.role is Role.CONTENT]
    return frozenset(term for term in set(nouns) if nouns.count(term) > 1)


def _asks(text: str) -> frozenset[str]:
    """What a short text asks for; nothing where it is long: an article answers more than one question."""
    if len(text) > _LONGEST_QUESTION:
        return frozenset()
    folded = fold_text(text).replace("\u200c", " ")
    return frozenset(name for name, pattern in _ASKED.items() if pattern.search(folded))


def _scopes(words: list[Word]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for word in words:
        if word.scope:
            found.setdefault(word.scope, set()).add(word.term)
    return {scope: frozenset(terms) for scope, terms in found.items()}
