"""Slips of the pen: typos, words written together and words torn apart, against the corpus's own words."""

from collections.abc import Callable

from search.analysis.fold import ZWNJ
from search.repair.corpus import VisibleCorpus
from search.repair.heard import Heard
from search.repair.latin import Meant
from search.repair.lexis import english_words, lexicon, persian_words
from search.repair.typos import near

#: What a frequency class in the corpus is worth beside the cost of a slip.
_CLASS_WORTH = 0.03
#: Other corrections this near the best one are kept for the lexical leg.
_NEAR = 0.25
_MOST = 3
#: A listed word is taken for a slip only where it is this many classes rarer than the word beside it,
#: and the slip is one of sound or a neighbouring key.
_FAR_RARER = 14.0
_LIGHT_SLIP = 0.6
#: The cost of a missing space, beside which typos are judged; halves this short are endings, not words.
_SPACE_COST = 0.7
_SHORTEST_HALF = 3

Knows = Callable[[str], bool]


def correct(word: Heard, corpus: VisibleCorpus) -> Meant | None:
    """The word of the corpus that `word` is a misspelling of; None where it may well be a word of its own."""
    limit = _slip_limit(word)
    if limit < 0:
        return None
    found = [
        (cost - _CLASS_WORTH * value, other)
        for other, cost, value in near(word.word, corpus.words)
        if cost <= limit and _same_script(word, other) and _far_commoner(word, other)
    ]
    if not found:
        return None
    found.sort()
    best = found[0][0]
    others = [(other, round(1.0 - (score - best) / (2 * _NEAR), 3)) for score, other in found[1:]]
    kept = tuple((other, share) for other, share in others if share > 0.5)
    return Meant(found[0][1], kept[:_MOST], best)


def split(word: Heard, corpus: VisibleCorpus) -> Meant | None:
    """Two words of the corpus that `word` is made of, the pair whose rarer word is most frequent."""
    text = word.word
    if _is_listed(word) or len(text) < 2 * _SHORTEST_HALF:
        return None
    best: tuple[float, str] | None = None
    for cut in range(_SHORTEST_HALF, len(text) - _SHORTEST_HALF + 1):
        left, right = text[:cut], text[cut:]
        rarer = min(corpus.words.class_of(left), corpus.words.class_of(right))
        if rarer >= 0 and (best is None or rarer > best[0]):
            best = rarer, f"{left} {right}"
    return Meant(best[1], (), _SPACE_COST - _CLASS_WORTH * best[0]) if best else None


def join(left: Heard, right: Heard, corpus: VisibleCorpus) -> Meant | None:
    """The word of the corpus that two neighbours spell together; Persian halves are shown with a ZWNJ."""
    joined = left.word + right.word
    if left.is_stop or right.is_stop or len(joined) < 2 * _SHORTEST_HALF - 1:
        return None
    if not left.persian and joined not in english_words() and _is_listed(left) and _is_listed(right):
        return None  # two English words, and their names in code: between elements
    value = corpus.words.class_of(joined)
    if value < 0:
        return None
    shown = left.word + ZWNJ + right.word if left.persian else joined
    return Meant(shown, (), _SPACE_COST - _CLASS_WORTH * value)


def _same_script(word: Heard, other: str) -> bool:
    return word.persian != (other[0] <= "z")


def _is_listed(word: Heard) -> bool:
    """Whether the language has the word, whatever the corpus holds."""
    if word.persian:
        return word.recognised or word.word in lexicon().frequency
    return word.word in english_words()


def _slip_limit(word: Heard) -> float:
    """The dearest slip to look for; -1 for words that are not to be corrected."""
    if word.recognised or not word.word.isalpha():
        return -1.0
    if not word.persian:
        if _is_listed(word) or len(word.word) < 4:
            return -1.0
        return 1.0 if word.is_name else 2.0
    return _LIGHT_SLIP if _is_listed(word) else 2.0


def _far_commoner(word: Heard, other: str) -> bool:
    """Whether `other` is so much commoner that a listed word is rather a slip of it."""
    if not word.persian or not _is_listed(word):
        return True
    own = lexicon().frequency[word.word]
    return persian_words().class_of(other) >= max(own, 18) + _FAR_RARER


def as_persian(word: Heard, corpus: VisibleCorpus) -> float:
    """How well a word that matches nothing is explained as Persian; lower is better."""
    if word.is_stop:
        return -4.0
    listed = 40.0 if word.recognised else persian_words().class_of(word.word)
    score = -0.06 * listed if listed >= 0 else 0.0
    slip = correct(word, corpus)
    return min(score, slip.score - 1.0) if slip else score
