"""What clauses mean, beside what rules read in them: an embedding of each clause in its text, weighed.

Rules know the words they were written for; an embedding also knows others that mean the same. Its weights
are fitted together with those of the rules, and stay inspectable: evidence that no rule shows names the
labelled clause that it is most like.
"""

import base64
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codify.elicitation.clauses import Clause
from codify.elicitation.element import Element
from codify.elicitation.words import Worded
from search.embedding.e5_adapter import Adapter
from search.embedding.protocol import PartsEmbedder

#: In how many steps of the largest value an exemplar's vector is stored.
_STEPS = 127

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A labelled clause that others may be like; its vector is centred and of unit length."""

    element: Element
    text: str
    vector: Floats


@dataclass(frozen=True, slots=True)
class Meaning:
    """How embeddings of clauses are weighed.

    Attributes:
        centre: [dimension], the mean of all labelled clauses.
        weights: [4 * dimension, labels], for what differs from it: see `in_context`.
        adapter: what the embedder was turned with towards what clauses tell.
    """

    centre: Floats
    weights: Floats
    exemplars: tuple[Exemplar, ...]
    adapter: Adapter | None = None

    def scores(self, vectors: Floats) -> Floats:
        """[clauses, labels], to be added to what the features weigh.

        Args:
            vectors: of all clauses of a text, in their order.
        """
        return np.asarray(in_context(vectors - self.centre) @ self.weights, np.float32)

    def nearest(self, element: Element, vector: Floats) -> Exemplar | None:
        """The exemplar of `element` that a clause is most like, by cosine."""
        own = [one for one in self.exemplars if one.element is element]
        centred = vector - self.centre
        return max(own, key=lambda one: float(one.vector @ centred), default=None)


def in_context(vectors: Floats) -> Floats:
    """[clauses, 4 * dimension]: each clause, the one before it, the one after it, and the mean of all.

    A mechanism behind an action is a reason, behind a beginner's step the harm of that; at either end of a
    text the missing neighbour is zero.
    """
    nothing = np.zeros((1, vectors.shape[1]), np.float32)
    before, after = np.vstack([nothing, vectors[:-1]]), np.vstack([vectors[1:], nothing])
    mean = np.broadcast_to(vectors.mean(axis=0), vectors.shape)
    return np.hstack([vectors, before, after, mean], dtype=np.float32)


def clause_vectors(
    embedder: PartsEmbedder, worded: Worded, clauses: Sequence[Clause], adapter: Adapter | None
) -> Floats:
    """[clauses, dimension]."""
    return embedder.embed_parts(clause_texts(worded, clauses), adapter=adapter)


def clause_texts(worded: Worded, clauses: Sequence[Clause]) -> list[str]:
    """What is embedded of each clause: its text with the marks behind it."""
    starts = [clause.span(worded.words)[0] for clause in clauses]
    edges = [0, *starts[1:], len(worded.text)]
    return [worded.text[a:b].strip() for a, b in itertools.pairwise(edges)]


def read_meaning(raw: Mapping[str, Any], labels: Sequence[str | None], adapter: Adapter | None) -> Meaning:
    """What the part "meaning" of `weights.meaning.json` states."""
    weights = np.array([raw["weights"][label or "none"] for label in labels], np.float32).T
    exemplars = tuple(
        Exemplar(Element(one["element"]), one["text"], unpacked(one["vector"])) for one in raw["exemplars"]
    )
    return Meaning(np.array(raw["centre"], np.float32), weights, exemplars, adapter)


def packed(vector: Floats) -> str:
    """A vector's direction as text."""
    return base64.b64encode(np.rint(vector / np.abs(vector).max() * _STEPS).astype(np.int8)).decode()


def unpacked(text: str) -> Floats:
    """A vector of unit length from what `packed` wrote."""
    vector = np.frombuffer(base64.b64decode(text), np.int8).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)
