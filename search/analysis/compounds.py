"""Compound words: joined, with ZWNJ or apart they are one term.

Compounds that no list has and only the corpus spells in one way are a matter of query repair
(`search.repair.spelling`): an analyzer that learnt from the corpus would have to count it all again.
"""

from search.analysis.lexicon import Lexicon
from search.analysis.wordlists import BOUND_PIECES, FUSED_FIRST, PRODUCTIVE_LAST

#: A word of this frequency class (2 log2 of its count) may be half of an unlisted compound.
FREQUENT_HALF = 40


class Compounds:
    """Looks compounds up in the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._splits = lexicon.compounds
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
