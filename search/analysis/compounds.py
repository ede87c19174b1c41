"""Compound words: joined, with ZWNJ or apart they are one term; the table grows from the index itself."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from search.analysis.lexicon import Lexicon
from search.analysis.wordlists import BOUND_PIECES, FUSED_FIRST, PRODUCTIVE_LAST

#: A word of this frequency class (2 log2 of its count) may be half of an unlisted compound.
FREQUENT_HALF = 40


@dataclass(frozen=True)
class CompoundTable:
    """What an index has taught about its own compounds; a value to store beside the index.

    Attributes:
        splits: joined word -> pieces as they were written somewhere.
        vocabulary: joined words of the index that the lexicon does not know.
    """

    splits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vocabulary: frozenset[str] = frozenset()

    def merged(self, other: "CompoundTable") -> "CompoundTable":
        """Both tables; of two splits of one word the first stays."""
        return CompoundTable({**other.splits, **self.splits}, self.vocabulary | other.vocabulary)

    def to_json(self) -> dict[str, object]:
        """A JSON value that `from_json` reads back; equal tables give equal text."""
        return {
            "splits": {word: list(self.splits[word]) for word in sorted(self.splits)},
            "vocabulary": sorted(self.vocabulary),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> "CompoundTable":
        """Read back what `to_json` wrote. Raises ValueError on any other shape."""
        splits, vocabulary = value.get("splits"), value.get("vocabulary")
        if not isinstance(splits, Mapping) or not isinstance(vocabulary, list):
            raise ValueError("a compound table needs 'splits' (object) and 'vocabulary' (list)")
        return cls({str(w): tuple(map(str, p)) for w, p in splits.items()}, frozenset(map(str, vocabulary)))


class Compounds:
    """Looks compounds up in the lexicon and in the learnt table."""

    def __init__(self, lexicon: Lexicon, table: CompoundTable) -> None:
        self._lexicon = lexicon
        self.table = table
        self._splits = {**lexicon.compounds, **table.splits}
        by_head: dict[str, list[str]] = {}
        for joined, pieces in self._splits.items():
            by_head.setdefault(pieces[0], []).append(joined)
        self.heads = {head: tuple(joined) for head, joined in by_head.items()}
        self.bridges = frozenset(pieces[0] + pieces[1] for pieces in self._splits.values() if len(pieces) > 2)

    def __contains__(self, joined: str) -> bool:
        return joined in self._splits

    def pieces(self, joined: str) -> tuple[str, ...]:
        """Pieces of a listed compound, or of an unlisted word that two known words make; else ()."""
        found = self._splits.get(joined)
        if found is not None:
            return found
        if len(joined) < 5 or joined in self._lexicon.frequency:
            return ()
        return self._guess(joined)

    def _guess(self, joined: str) -> tuple[str, ...]:
        """Split off a half that makes compounds freely, else where the rarer half is most frequent."""
        frequency = self._lexicon.frequency
        best: tuple[str, ...] = ()
        best_class = FREQUENT_HALF - 1
        for cut in range(2, len(joined) - 1):
            left, right = joined[:cut], joined[cut:]
            if right in PRODUCTIVE_LAST and left in frequency:
                return left, right
            if left in FUSED_FIRST and frequency.get(right, -1) >= FREQUENT_HALF:
                return left, right
            rarer = min(frequency.get(left, -1), frequency.get(right, -1))
            if rarer > best_class and cut > 2 < len(right) and BOUND_PIECES.isdisjoint((left, right)):
                best, best_class = (left, right), rarer
        return best


@dataclass(frozen=True, slots=True)
class Seen:
    """What one text shows about compounds: ZWNJ splits, unknown words, adjacent pairs."""

    splits: tuple[tuple[str, ...], ...]
    unknown: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


def learn_compounds(seen: Iterable[Seen]) -> CompoundTable:
    """Table from what texts show: words split by ZWNJ, and pairs whose joined form is a word of the index."""
    splits: dict[str, Counter[tuple[str, ...]]] = {}
    unknown: set[str] = set()
    pairs: Counter[tuple[str, str]] = Counter()
    for text in seen:
        for pieces in text.splits:
            splits.setdefault("".join(pieces), Counter())[pieces] += 1
        unknown.update(text.unknown)
        pairs.update(text.pairs)
    for pair, count in pairs.items():
        if "".join(pair) in unknown:
            splits.setdefault("".join(pair), Counter())[pair] += count
    chosen = {
        word: max(found.items(), key=lambda item: (item[1], item[0]))[0] for word, found in splits.items()
    }
    return CompoundTable(chosen, frozenset(unknown))
