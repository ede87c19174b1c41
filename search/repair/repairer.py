"""Decides what a query was meant to say: pure, from its text and the words that the asker may see.

A word that matches is never touched. For the others there are rival explanations (English as it stands,
Finglish, the wrong keyboard, a slip) whose scores are costs less what the frequency of the words is worth;
what was typed stands unless another explanation is clearly better.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from search.analysis.analyzer import Analyzer
from search.analysis.fold import ZWNJ
from search.analysis.verbs import MARK
from search.repair import latin, spelling
from search.repair.corpus import VisibleCorpus
from search.repair.finglish import readings
from search.repair.heard import Chunk, Heard, heard
from search.repair.latin import Meant
from search.repair.letters import is_persian
from search.repair.lexis import english_words, persian_words
from search.repair.typos import near
from search.repair.value import Alternative, Kind, Repair
from search.repair.wordlist import NO_WORDS

#: Questions are short; texts pasted into the box are not repaired beyond this many chunks.
MOST_CHUNKS = 40
#: Of the chunks that match nothing, so many must be words on the other keyboard.
_MOST_CHUNKS_SHARE = 0.6
_DURATIVE = re.compile("(ن?می)(?=..)")


@dataclass(frozen=True, slots=True)
class _Change:
    """A stretch of the query and what stands in its place."""

    start: int
    end: int
    meant: Meant
    kind: Kind


class QueryRepairer:
    """Repairs queries with one analyzer; safe for several threads."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._terms = lru_cache(maxsize=50_000)(self._terms_of)

    @staticmethod
    def warm_up() -> None:
        """Load the word lists; otherwise the first query does (half a second)."""
        english_words()
        readings("salam", NO_WORDS, persian_words())
        near("سلام", persian_words())

    def repair(self, text: str, corpus: VisibleCorpus) -> Repair | None:
        """The query as it was probably meant; None where it may stand as it is.

        Args:
            text: one line.
            corpus: what the asker may see; no other word of the corpus is ever offered.
        """
        chunks = heard(text, self._analyzer, corpus)[:MOST_CHUNKS]
        if all(word.matches or word.fixed for chunk in chunks for word in chunk.words):
            return None
        changes = self._keyboard(chunks, corpus)
        touched = {change.start for change in changes}
        left = [chunk for chunk in chunks if chunk.start not in touched]
        words = [word for chunk in left for word in chunk.words]
        changes += self._finglish([w for chunk in left if not chunk.has_keys for w in chunk.words], corpus)
        touched = {change.start for change in changes}
        changes += self._spelling(text, [w for w in words if w.start not in touched], corpus)
        return self._applied(text, changes) if changes else None

    def _applied(self, text: str, changes: list[_Change]) -> Repair:
        """The text with the changes made, and where the changed words now stand."""
        parts: list[str] = []
        words: list[str] = []
        alternatives: list[Alternative] = []
        at = length = 0
        for change in sorted(changes, key=lambda change: change.start):
            kept, word = text[at : change.start], self._spelt(change.meant.word)
            start = length + len(kept)
            parts += [kept, word]
            length = start + len(word)
            words.append(word)
            if change.meant.others:
                alternatives.append(Alternative(start, length, change.meant.others))
            at = change.end
        parts.append(text[at:])
        made = {change.kind for change in changes}
        return Repair(
            text, "".join(parts), tuple(k for k in Kind if k in made), tuple(words), tuple(alternatives)
        )

    def _spelt(self, word: str) -> str:
        """A joined word as it is printed: with a ZWNJ after می and before ها."""
        if not is_persian(word):
            return word
        (term, *more) = self._terms(word) or ("",)
        verb = _DURATIVE.match(word)
        if verb and term.startswith(MARK) and not more:
            return verb[1] + ZWNJ + word[verb.end() :]
        if word.startswith(term) and word[len(term) :].startswith("ها") and not more:
            return term + ZWNJ + word[len(term) :]
        return word

    def _knows(self, word: str, corpus: VisibleCorpus) -> bool:
        """Whether a visible passage holds a form of `word`."""
        return any(corpus.knows(term) for term in self._terms(word))

    def _terms_of(self, word: str) -> tuple[str, ...]:
        return tuple(entry.term for _, _, entry in self._analyzer.words(word))

    def _keyboard(self, chunks: list[Chunk], corpus: VisibleCorpus) -> list[_Change]:
        """All chunks that match nothing, if most of them are words on the other keyboard."""
        open_chunks = [c for c in chunks if not any(w.matches or w.fixed for w in c.words)]
        meant = [latin.as_wrong_keyboard(chunk, corpus) for chunk in open_chunks]
        if sum(word is not None for word in meant) < _MOST_CHUNKS_SHARE * len(open_chunks):
            return []
        found: list[_Change] = []
        evidence = 0.0
        # Whoever typed other words that match had the right keyboard on: then only the corpus's words count.
        scripts = {word.persian for chunk in chunks for word in chunk.words if word.matches}
        for chunk, word in zip(open_chunks, meant, strict=True):
            rival = self._chunk_as_it_stands(chunk, corpus)
            if word is None:
                evidence -= max(0.0, latin.UNKNOWN - rival)
            elif chunk.words[0].persian not in scripts or latin.is_sure(chunk, word, corpus):
                evidence += latin.bounded(rival - word.score)
                if word.score < rival:
                    found.append(_Change(chunk.start, chunk.end, word, Kind.LAYOUT))
        return found if evidence > latin.LAYOUT_MARGIN else []

    def _chunk_as_it_stands(self, chunk: Chunk, corpus: VisibleCorpus) -> float:
        if chunk.has_keys:
            return latin.UNKNOWN
        return sum(self._as_it_stands(word, corpus) for word in chunk.words) / len(chunk.words)

    def _as_it_stands(self, word: Heard, corpus: VisibleCorpus) -> float:
        """How well the word is explained without the other keyboard."""
        if word.persian:
            return spelling.as_persian(word, corpus)
        own = latin.as_english(word)
        meant = latin.as_finglish(word, corpus, lambda other: self._knows(other, corpus))
        return min(own, meant.score) if meant else own

    def _finglish(self, words: list[Heard], corpus: VisibleCorpus) -> list[_Change]:
        typed = [word for word in words if not word.persian and not word.fixed and len(word.word) > 1]
        if not corpus.has_persian or all(word.matches or word.is_stop for word in typed):
            return []
        meant = [latin.as_finglish(word, corpus, lambda other: self._knows(other, corpus)) for word in typed]
        english = [latin.as_english(word) for word in typed]
        if not latin.is_finglish(typed, english, meant):
            return []
        return [
            _Change(word.start, word.end, reading, Kind.FINGLISH)
            for word, own, reading in zip(typed, english, meant, strict=True)
            if reading is not None and (word.is_stop or not word.matches) and latin.is_converted(own, reading)
        ]

    def _spelling(self, text: str, words: list[Heard], corpus: VisibleCorpus) -> list[_Change]:
        changes: list[_Change] = []
        done = -1
        for place, word in enumerate(words):
            if word.start < done or word.matches or word.is_stop or word.fixed:
                continue
            options: list[tuple[float, _Change]] = []
            for meant, kind in (
                (spelling.correct(word, corpus), Kind.TYPO),
                (spelling.split(word, corpus), Kind.SPLIT),
            ):
                if meant:
                    options.append((meant.score, _Change(word.start, word.end, meant, kind)))
            for left, right in _pairs(text, words, place):
                joined = spelling.join(left, right, corpus)
                if joined and left.start >= done:
                    options.append((joined.score, _Change(left.start, right.end, joined, Kind.JOINED)))
            if options:
                best = min(options, key=lambda option: option[0])[1]
                changes = [change for change in changes if change.end <= best.start]
                changes.append(best)
                done = best.end
        return changes


def _pairs(text: str, words: list[Heard], place: int) -> list[tuple[Heard, Heard]]:
    """The word with its neighbour before and after, where nothing but a blank stands between."""
    found = []
    for at in (place - 1, place):
        if 0 <= at < len(words) - 1:
            left, right = words[at], words[at + 1]
            same = left.persian == right.persian and not left.fixed and not right.fixed
            if same and not text[left.end : right.start].strip(" \u200c") and left.end < right.start:
                found.append((left, right))
    return found
