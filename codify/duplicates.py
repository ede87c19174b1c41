"""Near-duplicates: how alike two texts are, why, and which of their facts differ.

A pair that differs in a number is a near-duplicate still, with the differing facts shown; a pair that reads
alike but is about another product or place is not. Works for two short questions and for two long articles.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import exp

import numpy as np
from numpy.typing import NDArray

from codify.alignment import SOFT_SCOPES
from codify.contradictions import Contradiction, contradictions
from codify.facts.value import FactKind
from codify.profile import Profile, read_profile
from codify.spelling import same_word
from codify.statements import Statement
from codify.wording import VAGUE
from search.analysis.analyzer import Analyzer
from search.analysis.sparse import SparseVector
from search.analysis.verbs import MARK as VERB

#: A logistic model of the features of `_features`, fitted on the development half of `kb bench duplicates`;
#: on the half held out the limit of one half gives precision 0.97 at recall 0.98.
BIAS = -6.4
WORDS, GRAMS, APART, SWAPPED = 3.64, 6.85, -1.28, -3.27
#: With the cosine of two e5 vectors, fitted likewise on texts of up to 400 characters: held out, recall rises
#: from 0.977 to 0.990 at a precision of 0.97. Other models have other cosines: give none of theirs.
VECTOR_BIAS, VECTOR_KEPT, PER_COSINE, MIDDLE_COSINE = -1.13, 1.12, 72.0, 0.93
DUPLICATE_SCORE = 0.5
RELATED_SCORE = 0.1
#: texts of so many words in which a noun that comes again and again is another are about another thing
TWIN_WORDS, TWIN_SWAP = 7, 0.35
#: the largest score of what is about another thing
LARGEST_RELATED = 0.49
#: a name or a place counts for the whole in texts of so many words at most
SHORT_WORDS = 14
#: texts whose telling words are the same are as alike as those that share so much of their 3-grams
SAME_GRAMS = 0.8
#: so many edits of terms are looked for at most; longer lists are told by their 3-grams
_MOST_TYPOS = 40_000
SHOWN_WORDS = 12


class Verdict(StrEnum):
    """What two texts are to each other."""

    DUPLICATE = "duplicate"
    RELATED = "related"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class FactMention:
    """A fact of one text; offsets are code points of its Markdown."""

    kind: FactKind
    start: int
    end: int
    text: str
    normal: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two texts compare.

    Args:
        score: 0 to 1, the same whichever text comes first; 1 for two spellings of one text.
        shared: words that both have, the most telling first; as the first text writes them.
        only_left, only_right: words that only one has, likewise.
        differing: facts about the same thing that cannot both be true.
        facts_only_left, facts_only_right: facts that the other text has no equal of, in reading order.
        another_thing: they read alike, but where one names a thing the other names another throughout.
    """

    score: float
    verdict: Verdict
    shared: tuple[str, ...]
    only_left: tuple[str, ...]
    only_right: tuple[str, ...]
    differing: tuple[Contradiction, ...]
    facts_only_left: tuple[FactMention, ...]
    facts_only_right: tuple[FactMention, ...]
    another_thing: bool


@dataclass(frozen=True, slots=True)
class Features:
    """What the score is made of, each 0 to 1.

    Args:
        words: weighted Jaccard index of the terms, misspelt ones counted as what they are meant for.
        grams: cosine of the 3-grams, square roots of counts.
        apart: how much each side has that the other lacks: the smaller of both, as part of all.
        is_same: neither has a word that says something and the other lacks, and they share two such words.
        swapped: weight of the heaviest repeated noun that each side has alone, as part of the most.
    """

    words: float
    grams: float
    apart: float
    swapped: float
    is_same: bool


@dataclass(frozen=True, slots=True)
class _Overlap:
    shared: tuple[str, ...]
    left: tuple[str, ...]
    right: tuple[str, ...]
    features: Features


def compare(one: Profile, two: Profile, *, cosine: float | None = None) -> Comparison:
    """Compare two profiles.

    Args:
        cosine: of the texts' multilingual-e5-small vectors, -1 to 1, where they are at hand.
    """
    overlap = _overlap(one, two)
    swapped = about_another_thing(one, two, overlap.features)
    score = score_of(one, two, overlap.features, cosine=cosine)
    differing = tuple(contradictions(one.reading, two.reading)) if score >= RELATED_SCORE else ()
    facts_left, facts_right = _alone(one, two, differing)
    return Comparison(
        round(score, 4),
        _verdict(score),
        _surfaces(one, overlap.shared),
        _surfaces(one, overlap.left),
        _surfaces(two, overlap.right),
        differing,
        facts_left,
        facts_right,
        swapped,
    )


def compare_texts(
    one: str,
    two: str,
    *,
    one_title: str = "",
    two_title: str = "",
    cosine: float | None = None,
    analyzer: Analyzer,
) -> Comparison:
    """`compare` for two Markdown texts that were not read yet."""
    return compare(
        read_profile(one, title=one_title, analyzer=analyzer),
        read_profile(two, title=two_title, analyzer=analyzer),
        cosine=cosine,
    )


def quick_score(one: Profile, two: Profile, *, cosine: float | None = None) -> float:
    """The score alone, for many pairs."""
    return score_of(one, two, _overlap(one, two).features, cosine=cosine)


def score_of(one: Profile, two: Profile, features: Features, *, cosine: float | None = None) -> float:
    """0 to 1; `DUPLICATE_SCORE` and above are near-duplicates."""
    if one.key == two.key:
        return 1.0
    if not one.key or not two.key:
        return 0.0
    grams = max(features.grams, SAME_GRAMS) if features.is_same else features.grams
    value = BIAS + WORDS * features.words + GRAMS * grams
    value += APART * features.apart + SWAPPED * features.swapped
    if cosine is not None:
        value = VECTOR_BIAS + VECTOR_KEPT * value + PER_COSINE * (cosine - MIDDLE_COSINE)
    score = 1 / (1 + exp(-max(-60.0, min(60.0, value))))
    return min(score, LARGEST_RELATED) if about_another_thing(one, two, features) else score


def features_of(one: Profile, two: Profile) -> Features:
    """What the score of two profiles is made of."""
    return _overlap(one, two).features


def _verdict(score: float) -> Verdict:
    if score >= DUPLICATE_SCORE:
        return Verdict.DUPLICATE
    return Verdict.RELATED if score >= RELATED_SCORE else Verdict.DIFFERENT


def about_another_thing(one: Profile, two: Profile, features: Features) -> bool:
    """Whether two texts read alike but are about different things.

    Long ones: nouns that come again and again differ. Short ones: each has a name, a place, a plan or the
    like that the other lacks, or they ask for different things.
    """
    words = min(one.words, two.words)
    if words >= TWIN_WORDS and features.swapped >= TWIN_SWAP:
        return True
    if words > SHORT_WORDS:
        return False
    if one.asks and two.asks and not one.asks & two.asks:
        return True
    if one.names - two.names and two.names - one.names:
        return True
    return any(
        one.scopes[scope] - two.scopes[scope] and two.scopes[scope] - one.scopes[scope]
        for scope in (one.scopes.keys() & two.scopes.keys()) - SOFT_SCOPES
    )


def _overlap(one: Profile, two: Profile) -> _Overlap:
    mine, theirs = one.weights, two.weights
    pairs = _typos(one, two)
    meant = set(pairs.values())
    shared = {term: min(weight, theirs[term]) for term, weight in mine.items() if term in theirs}
    shared |= {term: min(mine[term], theirs[other]) for term, other in pairs.items()}
    left = {term: weight for term, weight in mine.items() if term not in shared}
    right = {term: weight for term, weight in theirs.items() if term not in mine and term not in meant}
    common = sum(shared.values())
    total = sum(mine.values()) + sum(theirs.values()) - common
    heaviest = max((*mine.values(), *theirs.values()), default=1.0)
    heavy = min(_heaviest(left, one), _heaviest(right, two))
    alone = min(_told(left), _told(right))
    features = Features(
        common / total if total else 0.0,
        _cosine(one.grams, two.grams),
        alone / (common + _told(left) + _told(right) + 1e-9),
        heavy / heaviest,
        not _told(left) and not _told(right) and sum(term not in VAGUE for term in shared) > 1,
    )
    return _Overlap(_ordered(shared), _ordered(left), _ordered(right), features)


def _typos(one: Profile, two: Profile) -> dict[str, str]:
    """Terms that only the first has, with the one of the second that they are a typo of, or that is one."""
    left = sorted(term for term in one.weights if term not in two.weights)
    right = sorted(term for term in two.weights if term not in one.weights)
    if len(left) * len(right) > _MOST_TYPOS:
        return {}
    found: dict[str, str] = {}
    taken: set[str] = set()
    for term in left:
        other = next(
            (other for other in right if other not in taken and same_word(one.stems[term], two.stems[other])),
            None,
        )
        if other:
            found[term] = other
            taken.add(other)
    return found


def _told(alone: dict[str, float]) -> float:
    return sum(weight for term, weight in alone.items() if term not in VAGUE)


def _heaviest(alone: dict[str, float], profile: Profile) -> float:
    """The weight of the heaviest repeated noun among the words that only one text has."""
    return max(
        (
            weight
            for term, weight in alone.items()
            if term in profile.repeated and term not in VAGUE and not term.startswith(VERB)
        ),
        default=0.0,
    )


def _cosine(one: SparseVector, two: SparseVector) -> float:
    _, left, right = np.intersect1d(one.indices, two.indices, assume_unique=True, return_indices=True)
    mine, theirs = np.sqrt(one.values), np.sqrt(two.values)
    norm = float(np.linalg.norm(mine) * np.linalg.norm(theirs))
    return float(mine[left] @ theirs[right]) / norm if norm else 0.0


def _ordered(weights: dict[str, float]) -> tuple[str, ...]:
    return tuple(sorted(weights, key=lambda term: (-weights[term], term)))


def _surfaces(profile: Profile, terms: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(profile.surfaces[term] for term in terms if term in profile.surfaces)[:SHOWN_WORDS]


def _alone(
    one: Profile, two: Profile, differing: tuple[Contradiction, ...]
) -> tuple[tuple[FactMention, ...], tuple[FactMention, ...]]:
    """Facts of either text whose value the other has nowhere, without those that differ."""
    left = {(found.left.start, found.left.end) for found in differing}
    right = {(found.right.start, found.right.end) for found in differing}
    mine, theirs = _mentions(one), _mentions(two)
    known, other = {(m.kind, m.normal) for m in mine}, {(m.kind, m.normal) for m in theirs}
    return (
        tuple(m for m in mine if (m.kind, m.normal) not in other and (m.start, m.end) not in left),
        tuple(m for m in theirs if (m.kind, m.normal) not in known and (m.start, m.end) not in right),
    )


def _mentions(profile: Profile) -> list[FactMention]:
    return [mention for statement in profile.reading.statements for mention in _of(statement)]


def _of(statement: Statement) -> list[FactMention]:
    return [
        FactMention(fact.kind, fact.start, fact.end, fact.text, str(fact.value))
        for clause in statement.clauses
        for fact in clause.facts
    ]


def cosine_of(one: NDArray[np.float32], two: NDArray[np.float32]) -> float:
    """The cosine of two vectors ([d] float32)."""
    return float(one @ two / (np.linalg.norm(one) * np.linalg.norm(two)))
