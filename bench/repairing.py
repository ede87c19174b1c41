"""`kb bench repair`: what query repair costs against the words of a large corpus.

The passages are made of dictionary words, each as often as in the language, so that the corpus has about as
many different words as a real one of its size; the demo's sentences would give it a few hundred.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.measures import percentile
from bench.speed import long_passages
from kb.vocabulary import Audience
from search.analysis.analyzer import Analyzer
from search.analysis.fold import fold_text
from search.analysis.sparse import term_hash
from search.analysis.variants import with_typos
from search.readers import group_bits
from search.repair import QueryRepairer
from search.repair.corpus import CorpusWords, VisibleCorpus, WordCounts
from search.repair.layout import to_latin
from search.repair.letters import decode, is_persian
from search.repair.lexis import english_words, persian_words

#: distinct words of a passage of about 900 characters
WORDS_PER_PASSAGE = 90
#: part of them that is English, as in Persian technical writing
ENGLISH_SHARE = 0.1
QUERY_WORDS = 6
#: a plain spelling of each letter, good enough to ask for any word in Latin letters
_ROMAN = dict(zip("ابپتثجحدذرزسصضطظعفکگلمنوهی", "abptsjhdzrzsszttafkglmnohi", strict=True))
_ROMAN |= {"چ": "ch", "خ": "kh", "ژ": "zh", "ش": "sh", "غ": "gh", "ق": "gh"}


@dataclass(frozen=True, slots=True)
class RepairFigures:
    """Milliseconds of processor time a query, by what was wrong with it; every query is asked once."""

    passages: int
    words: int
    memory_mib: float
    load_seconds: float
    clean_p95_ms: float
    typo_p50_ms: float
    typo_p95_ms: float
    finglish_p50_ms: float
    finglish_p95_ms: float
    layout_p50_ms: float
    layout_p95_ms: float


def measure_repair(*, passages: int, asked: int) -> RepairFigures:
    """Repair `asked` queries of each kind against a made-up corpus of `passages`."""
    started = time.perf_counter()
    QueryRepairer.warm_up()
    load_seconds = time.perf_counter() - started
    corpus, memory = made_up_corpus(passages)
    repairer = QueryRepairer(Analyzer())
    clean = _questions(asked)
    known = [" ".join(_some(corpus, seed)) for seed in range(asked)]
    kinds: dict[str, Sequence[str]] = {
        "warm": known[:20],
        "clean": known,
        "typo": [with_typos(text, 2, seed) for seed, text in enumerate(clean)],
        "finglish": [
            " ".join("".join(_ROMAN.get(c, c) for c in word) for word in text.split()) for text in clean
        ],
        "layout": [" ".join((to_latin(word) or [word])[0] for word in text.split()) for text in clean],
    }
    times = {kind: _times(repairer.repair, texts, corpus) for kind, texts in kinds.items()}
    return RepairFigures(
        passages,
        len(corpus.words),
        memory,
        load_seconds,
        percentile(times["clean"], 0.95),
        percentile(times["typo"], 0.5),
        percentile(times["typo"], 0.95),
        percentile(times["finglish"], 0.5),
        percentile(times["finglish"], 0.95),
        percentile(times["layout"], 0.5),
        percentile(times["layout"], 0.95),
    )


def made_up_corpus(passages: int, *, seed: int = 5) -> tuple[VisibleCorpus, float]:
    """A corpus of dictionary words, and the mebibytes of its arrays."""
    chance = np.random.default_rng(seed)
    drawn = []
    for words, share in ((persian_words(), 1 - ENGLISH_SHARE), (english_words(), ENGLISH_SHARE)):
        weights = np.exp2(words.classes.astype(np.float64) / 2)
        size = (passages, round(WORDS_PER_PASSAGE * share))
        drawn.append(words.codes[chance.choice(len(words), size=size, p=weights / weights.sum())])
    counted = WordCounts()
    for number, row in enumerate(np.concatenate(drawn, axis=1)):
        counted.add(str(number // 10), Audience.PUBLIC.value, set(row.tolist()))
    bits = group_bits((Audience.PUBLIC.value,))
    found = CorpusWords().adding(counted)
    words = found.visible(bits)
    terms = np.unique(np.array([term_hash(decode(code)) for code in words.codes.tolist()], dtype=np.uint32))
    corpus = VisibleCorpus(words, terms, np.full(len(terms), bits, np.uint8), bits)
    arrays = (found.codes, found.counts, found.witnesses_at, words.codes, words.classes, words.letters)
    # The list's keys, their order, lengths and letter masks: 8 + 8 + 1 + 8 bytes a word.
    return corpus, (sum(array.nbytes for array in arrays) + 25 * len(words)) / 2**20


def _some(corpus: VisibleCorpus, seed: int) -> list[str]:
    """Words that the corpus holds."""
    chance = random.Random(seed)  # noqa: S311 - a measurement
    return corpus.words.words(chance.sample(range(len(corpus.words)), QUERY_WORDS))


def _questions(count: int) -> list[str]:
    """Different stretches of the demo's Persian sentences, folded."""
    words = [word for text in long_passages(60) for word in fold_text(text).replace("\u200c", "").split()]
    words = [word for word in dict.fromkeys(words) if is_persian(word)]
    return [" ".join(words[(3 * at + n) % len(words)] for n in range(QUERY_WORDS)) for at in range(count)]


def _times(
    repair: Callable[[str, VisibleCorpus], object], texts: Sequence[str], corpus: VisibleCorpus
) -> list[float]:
    times = []
    for text in texts:
        started = time.thread_time()
        repair(text, corpus)
        times.append((time.thread_time() - started) * 1000)
    return times
