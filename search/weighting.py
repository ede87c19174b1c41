"""BM25's share of a passage: term counts to weights; the query's share is the index's IDF."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from search.analysis.sparse import SparseVector

#: saturation and length normalisation, the defaults of Robertson & Zaragoza (2009), section 3.5, as in Lucene
K1 = 1.2
B = 0.75
#: before there is anything to average: about one passage of Persian prose
DEFAULT_TERMS = 90.0
DEFAULT_GRAMS = 500.0
#: a query's 3-grams are looked up in so many passages all in all: the commonest cost most and say least. It
#: begins to matter at some 30,000 passages; with as few for the size of a set as 200,000 passages have,
#: nDCG@10 of seven kinds of queries moves by -.009 to +.010, in the mean by +.001
MOST_POSTINGS = 150_000


@dataclass(frozen=True, slots=True)
class Averages:
    """Mean passage length, in counted terms and in counted character 3-grams."""

    terms: float
    grams: float

    @classmethod
    def of(cls, terms: float, grams: float, passages: float) -> Self:
        """From totals; the defaults where nothing was counted."""
        if not passages:
            return cls(DEFAULT_TERMS, DEFAULT_GRAMS)
        return cls(max(1.0, terms / passages), max(1.0, grams / passages))


def bm25_weights(counts: NDArray[np.float32], average_length: float) -> NDArray[np.float32]:
    """Saturated, length-normalised weights ([n] float32) of a passage's term counts ([n] float32)."""
    length = float(counts.sum())
    norm = K1 * (1.0 - B + B * length / average_length)
    return (counts * (K1 + 1.0) / (counts + norm)).astype(np.float32)


def rarest(
    grams: SparseVector, frequencies: NDArray[np.int64], *, most_postings: int = MOST_POSTINGS
) -> SparseVector:
    """The query's `grams` that the fewest passages hold, as many as `most_postings` allows, in their order.

    Args:
        frequencies: [n], how many passages hold each.
    """
    if int(frequencies.sum()) <= most_postings:
        return grams
    rarest_first = np.argsort(frequencies, kind="stable")
    kept = np.sort(rarest_first[np.cumsum(frequencies[rarest_first]) <= most_postings])
    return SparseVector(grams.indices[kept], grams.values[kept])
