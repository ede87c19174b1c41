"""Persian words that were typed in Latin letters: found by their consonants, ranked by a channel model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.repair.channel import NEVER, costs_of, is_typed, keys_of, sound_keys
from search.repair.wordlist import WordList

#: What a frequency class is worth beside the channel's costs.
CLASS_WORTH = 0.06
#: A word that the corpus holds is this much likelier than its frequency in the language says.
IN_CORPUS = 0.8
#: The class of a corpus word that no dictionary lists.
UNLISTED = 22.0
_CANDIDATES = 8
#: An ending is tried where no whole word costs less than this a typed letter.
_GOOD_COST = 0.16
_ENDING_COST = 0.35
#: Endings that Persian writers add to any word, as typed and as written; longer ones first.
_ENDINGS = (
    ("hashoon hashun", "هاشون"),
    ("hamoon hamun", "هامون"),
    ("hatoon hatun", "هاتون"),
    ("eshan ashan", "شان"),
    ("eshoon eshun ashoon ashun", "شون"),
    ("emoon emun amoon amun", "مون"),
    ("etoon etun atoon atun", "تون"),
    ("eman aman", "مان"),
    ("etan atan", "تان"),
    ("haye hayeh haie hay", "های"),
    ("haro", "هارو"),
    ("hash", "هاش"),
    ("ham", "هام"),
    ("hat", "هات"),
    ("hai haei haee", "هایی"),
    ("tarin", "ترین"),
    ("ha", "ها"),
    ("tar", "تر"),
    ("esh ash", "ش"),
    ("et at", "ت"),
    ("am em", "م"),
    ("and an", "ند"),
    ("im eem", "یم"),
    ("id een in", "ید"),
    ("ro o", "رو"),
    ("a", "ا"),
    ("i y ee", "ی"),
    ("e eh", "ه"),
)
_TYPED_ENDINGS = [(typed, written) for many, written in _ENDINGS for typed in many.split()]
_SHORTEST_BASE = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A Persian word that may have been meant.

    Args:
        cost: the channel's, lower is better.
        score: cost less what its frequency is worth; comparable between readings of one word.
    """

    word: str
    cost: float
    score: float


def readings(typed: str, corpus: WordList, language: WordList) -> list[Reading]:
    """The likeliest words for `typed` (folded Latin letters and apostrophes), best first, at most eight.

    Args:
        corpus: words that the asker may see.
        language: words of the language.
    """
    if not is_typed(typed) or len(typed) > 30:
        return []
    found = _whole(typed, corpus, language)
    good = _GOOD_COST * len(typed)
    if len(typed) > _SHORTEST_BASE and all(reading.cost > good for reading in found[:3]):
        found += _with_ending(typed, corpus, language)
    best: dict[str, Reading] = {}
    for reading in sorted(found, key=lambda reading: reading.score):
        best.setdefault(reading.word, reading)
    return list(best.values())[:_CANDIDATES]


def _whole(typed: str, corpus: WordList, language: WordList) -> list[Reading]:
    """Words that the whole of `typed` may stand for, best first."""
    parts = [_candidates(typed, words) for words in (language, corpus)]
    (of_language, _), (of_corpus, _) = parts
    rows = np.concatenate([of_language, of_corpus])
    if not len(rows):
        return []
    own = len(of_language)  # the first so many are words of the language
    costs = costs_of(typed, np.concatenate([letters for _, letters in parts]))
    worth = CLASS_WORTH * np.concatenate(
        [language.classes[of_language], corpus.classes[of_corpus] + UNLISTED]
    )
    worth[own:] += IN_CORPUS
    scores = costs - worth
    found: dict[str, Reading] = {}
    for at in np.argsort(scores, kind="stable")[: 2 * _CANDIDATES].tolist():
        cost, score = float(costs[at]), float(scores[at])
        if cost >= NEVER:
            break
        (word,) = (language if at < own else corpus).words(rows[at : at + 1])
        if at >= own and (listed := language.class_of(word)) > UNLISTED:
            score -= CLASS_WORTH * (listed - UNLISTED)
        if word not in found or score < found[word].score:
            found[word] = Reading(word, cost, score)
    return sorted(found.values(), key=lambda reading: reading.score)[:_CANDIDATES]


def _candidates(typed: str, words: WordList) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
    """Rows with the consonants of `typed` and a possible length, and their letters."""
    rows = np.concatenate([words.bucket(sound_keys, key) for key in keys_of(typed)])
    lengths = words.lengths[rows]
    rows = rows[(lengths <= len(typed) + 2) & (3 * lengths >= len(typed) - 1)]
    return rows, words.letters[rows]


def _with_ending(typed: str, corpus: WordList, language: WordList) -> list[Reading]:
    """Readings of what stands before an ending, with the ending."""
    found = []
    tried: set[str] = set()
    for ending, written in _TYPED_ENDINGS:
        stem = typed.removesuffix(ending)
        if stem != typed and len(stem) >= _SHORTEST_BASE and written not in tried:
            tried.add(written)
            found += [
                Reading(base.word + written, base.cost + _ENDING_COST, base.score + 2 * _ENDING_COST)
                for base in _whole(stem, corpus, language)[:2]
                if not base.word.endswith(written)
            ]
            if len(tried) == 3:
                break
    return found
