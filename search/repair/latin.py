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
#: How much better than English Finglish must be on average, and the part of the words that must be foreign
#: to English. Typed Persian has a mean of 1.9 and nine foreign words in ten, English questions -0.4 and none.
FINGLISH_MARGIN = 0.5
_LEAST_FOREIGN = 0.4
#: This margin needs no foreign word: pool, kart.
_SURE_MARGIN = 1.2
#: English words from this class on are hardly ever loans.
_COMMON_ENGLISH = 36.0
_LOAN_SHARE = 0.25
_VOWELS = frozenset("aeiou")
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


def is_finglish(words: Sequence[Heard], english: Sequence[float], finglish: Sequence[Meant | None]) -> bool:
    """Whether Finglish explains these Latin words of one query better than English does.

    Enough of them must be no English words, since short Persian words look like English ones (in, bad, pool);
    rarer English words count little against it, since Finglish is full of them (password, login).
    """
    evidence = foreign = counted = 0.0
    for word, own, meant in zip(words, english, finglish, strict=True):
        if not _VOWELS.intersection(word.word):
            continue  # vs, ssr, ltd: initials tell nothing
        counted += 1
        margin = bounded(own - meant.score) if meant else -_MOST_EVIDENCE
        if own >= UNKNOWN:
            foreign += 1
        elif margin < 0 and english_words().class_of(word.word) < _COMMON_ENGLISH:
            margin *= _LOAN_SHARE
        evidence += margin
    if foreign > 0 and foreign >= _LEAST_FOREIGN * counted:
        return evidence > FINGLISH_MARGIN * counted
    return counted > 0 and evidence > _SURE_MARGIN * counted


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
