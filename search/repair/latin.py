"""What Latin letters may mean: English as it stands, Finglish, or Persian on the wrong keyboard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search.analysis.fold import fold_text
from search.repair.corpus import VisibleCorpus
from search.repair.finglish import CLASS_WORTH, IN_CORPUS, Reading, readings
from search.repair.heard import Chunk, Heard
from search.repair.layout import to_latin, to_persian
from search.repair.letters import is_latin, is_persian
from search.repair.lexis import english_words, persian_words

#: English classes come from fewer words; this brings them level with the Persian ones.
ENGLISH_LIFT = 16.0
#: Score of a word that is neither English nor in the corpus: a name, a brand, a coinage.
UNKNOWN = -0.6
#: Score of a word that the corpus holds as it stands.
MATCHES = -3.4
#: One word says at most so much for or against an explanation.
_MOST_EVIDENCE = 2.0
#: How much better than English Finglish must be, over the query, and for at least one word of its own.
FINGLISH_MARGIN = 0.5
_OWN_MARGIN = 0.4
#: In a Finglish query a word is converted unless English is better by this.
_SLACK = 0.6
#: What the wrong keyboard costs beforehand: it is rarer than Finglish.
_LAYOUT_COST = 0.5
LAYOUT_MARGIN = 0.6
#: Keys of so many letters give a word by chance.
_CHANCE_LENGTH = 3
#: Readings offered beside the likeliest.
MOST_READINGS = 4
_MOST_REMEMBERED = 20_000
_LEAST_LIKELIHOOD = 0.15
#: Readings are compared with the rest of their word's; this turns a difference of scores into a ratio.
_SHARPNESS = 1.2
#: Readings this much worse than the first are not looked at again.
_FAR_BEHIND = 1.5


@dataclass(frozen=True, slots=True)
class Meant:
    """A word that was probably meant, other readings with their likelihood beside it, and its score."""

    word: str
    others: tuple[tuple[str, float], ...]
    score: float


Knows = Callable[[str], bool]


def as_english(word: Heard) -> float:
    """How well `word` is explained as English or as what it is; lower is better."""
    if word.matches and not word.is_stop:
        return MATCHES
    listed = english_words().class_of(word.word.split("'")[0].replace("-", ""))
    return min(UNKNOWN, -CLASS_WORTH * (listed + ENGLISH_LIFT)) if listed >= 0 else UNKNOWN


def as_finglish(word: Heard, corpus: VisibleCorpus, knows: Knows) -> Meant | None:
    """The Persian word that `word` may stand for, with its other readings."""
    typed = word.word.replace("-", "")
    if typed not in corpus.remembered:
        if len(corpus.remembered) >= _MOST_REMEMBERED:
            corpus.remembered.clear()
        corpus.remembered[typed] = _transliterated(typed, corpus, knows)
    found = corpus.remembered[typed]
    return found if isinstance(found, Meant) else None


def _transliterated(typed: str, corpus: VisibleCorpus, knows: Knows) -> Meant | None:
    found = readings(typed, corpus.words, persian_words())
    if not found:
        return None
    worst = found[0].score + _FAR_BEHIND
    ranked = sorted(
        ((_in_corpus(reading, corpus, knows), reading) for reading in found if reading.score < worst),
        key=lambda pair: pair[0],
    )
    best_score, best = ranked[0]
    others = []
    for score, reading in ranked[1:]:
        likelihood = 2.0 ** (-_SHARPNESS * (score - best_score) * 2)
        if likelihood >= _LEAST_LIKELIHOOD and knows(reading.word):
            others.append((reading.word, round(likelihood, 3)))
    return Meant(best.word, tuple(others[:MOST_READINGS]), best_score)


def _in_corpus(reading: Reading, corpus: VisibleCorpus, knows: Knows) -> float:
    """The score with what it is worth that the corpus holds another form of the word."""
    if reading.word in corpus.words:
        return reading.score
    return reading.score - IN_CORPUS * 0.75 if knows(reading.word) else reading.score


def is_finglish(english: Sequence[float], finglish: Sequence[Meant | None]) -> bool:
    """Whether Finglish explains these words of one query better than English does.

    Among them must be one that is no English word: short Persian words look like English ones (in, bad, pool).
    """
    margins = [
        bounded(own - meant.score) if meant else -_MOST_EVIDENCE
        for own, meant in zip(english, finglish, strict=True)
    ]
    foreign = [margin for margin, own in zip(margins, english, strict=True) if own >= UNKNOWN]
    return sum(margins) > FINGLISH_MARGIN and max(foreign, default=0.0) > _OWN_MARGIN


def is_converted(english: float, meant: Meant | None) -> bool:
    """Whether a word of a Finglish query is converted."""
    return meant is not None and meant.score < english + _SLACK


def as_wrong_keyboard(chunk: Chunk, corpus: VisibleCorpus) -> Meant | None:
    """What the keys of a chunk give on the other keyboard, if that is a word."""
    best: Meant | None = None
    latin = not any(word.persian for word in chunk.words)
    if latin and not corpus.has_persian:
        return None
    other = to_persian if latin else to_latin
    typed = chunk.text.strip(".?!؟:")  # a comma is a letter on the other keyboard
    for text in [*other(typed), *other(typed.strip(",،"))]:
        word = fold_text(text)
        if latin and is_persian(word):
            listed = persian_words().class_of(word)
        elif not latin and is_latin(word):
            listed = english_words().class_of(word)
            listed += ENGLISH_LIFT if listed >= 0 else 0
        else:
            continue
        own = corpus.words.class_of(word)
        if max(listed, own) < 0 or len(word) < 2:
            continue
        score = _LAYOUT_COST - CLASS_WORTH * max(listed, 22.0 + own if own >= 0 else 0.0)
        score -= IN_CORPUS if own >= 0 else 0.0
        if best is None or score < best.score:
            best = Meant(text, (), score)
    return best


def is_sure(chunk: Chunk, meant: Meant, corpus: VisibleCorpus) -> bool:
    """Whether the other keyboard gives a word of the corpus that is too long to be one by chance."""
    return len(chunk.text) > _CHANCE_LENGTH and fold_text(meant.word) in corpus.words


def bounded(margin: float) -> float:
    """A difference of scores as evidence: no single word decides alone."""
    return max(-_MOST_EVIDENCE, min(_MOST_EVIDENCE, margin))
