"""The words of the searchable corpus, with the groups that may read them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search.analysis.fold import ZWNJ, fold_text
from search.analysis.sparse import term_hash
from search.readers import GROUPS, group_bits
from search.repair.letters import encode
from search.repair.lexis import english_words, persian_words
from search.repair.value import Repair
from search.repair.wordlist import CODE, WordList

#: Part of a corpus's words from which on it counts as Persian, too.
LEAST_PERSIAN = 0.02
_COLUMNS = {group: column for column, group in enumerate(GROUPS)}


class WordCounts:
    """Collects the words of passages, edition by edition, to be added to `CorpusWords`."""

    def __init__(self) -> None:
        self.editions: list[str] = []
        #: per word and group, live passages that hold it, then the last edition's place in `editions`
        self.rows: dict[bytes, list[int]] = {}

    def add(self, edition_id: str, group: str, words: Iterable[bytes]) -> None:
        """Count one live passage's distinct words, encoded (`search.repair.letters`)."""
        if not self.editions or self.editions[-1] != edition_id:
            self.editions.append(edition_id)
        column, place, size = _COLUMNS[group], len(self.editions) - 1, len(_COLUMNS)
        for word in words:
            row = self.rows.get(word)
            if row is None:
                row = self.rows[word] = [0] * size + [-1] * size
            row[column] += 1
            row[column + size] = place


@dataclass(frozen=True, slots=True, eq=False)
class CorpusWords:
    """Surface words, without ZWNJ, as the analyzer joins them; immutable.

    Attributes:
        codes: [n] S24, sorted.
        counts: [n, groups] int32, live passages that hold the word.
        witnesses_at: [n, groups] int32, the place in `editions` of one edition that holds it; -1 for none.
        editions: ids of editions that went live.
    """

    codes: NDArray[np.bytes_] = field(default_factory=lambda: np.empty(0, CODE))
    counts: NDArray[np.int32] = field(default_factory=lambda: np.empty((0, len(_COLUMNS)), np.int32))
    witnesses_at: NDArray[np.int32] = field(default_factory=lambda: np.empty((0, len(_COLUMNS)), np.int32))
    editions: tuple[str, ...] = ()
    _visible: dict[int, WordList] = field(default_factory=dict)

    def adding(self, counted: WordCounts) -> "CorpusWords":
        """These words with those of more passages."""
        editions = (*self.editions, *counted.editions)
        if not counted.rows:
            return CorpusWords(self.codes, self.counts, self.witnesses_at, editions, self._visible)
        size = len(_COLUMNS)
        added = np.array(list(counted.rows), dtype=CODE)
        rows = np.array(list(counted.rows.values()), dtype=np.int32)
        places = rows[:, size:]
        places[places >= 0] += len(self.editions)
        codes, inverse = np.unique(np.concatenate([self.codes, added]), return_inverse=True)
        old, new = inverse[: len(self.codes)], inverse[len(self.codes) :]
        counts = np.zeros((len(codes), size), np.int32)
        counts[old] = self.counts
        counts[new] += rows[:, :size]
        witnesses = np.full((len(codes), size), -1, np.int32)
        witnesses[old] = self.witnesses_at
        witnesses[new] = np.maximum(witnesses[new], places)
        return CorpusWords(codes, counts, witnesses, editions)

    def visible(self, bits: int) -> WordList:
        """Words of passages that one of these groups (see `group_bits`) may read."""
        known = self._visible.get(bits)
        if known is None:
            columns = [column for column in _COLUMNS.values() if bits >> column & 1]
            counts = self.counts[:, columns].sum(axis=1)
            rows = counts > 0
            classes = (2 * np.log2(counts[rows] + 1)).astype(np.float32)
            known = self._visible[bits] = WordList(self.codes[rows], classes)
        return known

    def witnesses(self, repair: Repair, groups: Collection[str]) -> list[list[str]]:
        """For each word of a repair that only the corpus can have taught: editions that hold it.

        They did so for one of `groups` when the record was last looked at; an empty list stands for a word
        that none does. Words of the language are nobody's secret and need no witness.
        """
        bits = group_bits(groups)
        words = [part for word in repair.words for part in word.split()]
        words += [word for alternative in repair.alternatives for word, _ in alternative.words]
        joined = dict.fromkeys(fold_text(word).replace(ZWNJ, "") for word in words)
        taught = dict.fromkeys(filter(None, map(self._taught, joined)))
        return [self._holders(code, bits) for code in taught]

    def _taught(self, word: str) -> bytes | None:
        """The word of the corpus behind `word`, where no dictionary has it; it may have got an ending."""
        for end in range(len(word), 1, -1):
            part = word[:end]
            if part in persian_words() or part in english_words():
                return None
            code = encode(part)
            if code is not None and self._row(code) is not None:
                return code
        return None

    def _row(self, code: bytes) -> int | None:
        at = int(self.codes.searchsorted(np.bytes_(code)))
        return at if at < len(self.codes) and self.codes[at] == code else None

    def _holders(self, code: bytes, bits: int) -> list[str]:
        row = self._row(code)
        if row is None:
            return []
        places = [int(self.witnesses_at[row, column]) for column in _COLUMNS.values() if bits >> column & 1]
        return [self.editions[place] for place in places if place >= 0]


@dataclass(frozen=True, slots=True, eq=False)
class VisibleCorpus:
    """What one asker may see of the corpus.

    Args:
        words: surface words.
        terms: [m] uint32, sorted hashes of the terms of all passages.
        groups: [m] uint8, which groups may see each.
        bits: the asker's groups.
        remembered: what words were found to stand for (`search.repair.latin`), at most 20,000 of them.
    """

    words: WordList
    terms: NDArray[np.uint32]
    groups: NDArray[np.uint8]
    bits: int
    remembered: dict[str, object] = field(default_factory=dict, compare=False)

    @property
    def has_persian(self) -> bool:
        """Whether a fair part of the words is Persian; without any there is nothing Finglish could mean."""
        # Persian letters are encoded above all Latin ones, and words are sorted.
        first = int(self.words.codes.searchsorted(np.bytes_(encode("ا") or b"")))
        return len(self.words) - first > LEAST_PERSIAN * len(self.words)

    def knows(self, term: str) -> bool:
        """Whether a passage that the asker may see holds `term`."""
        if not len(self.terms):
            return False
        wanted = term_hash(term)
        at = int(self.terms.searchsorted(np.uint32(wanted)))
        return (
            at < len(self.terms) and int(self.terms[at]) == wanted and bool(int(self.groups[at]) & self.bits)
        )
