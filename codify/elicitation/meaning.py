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
        weights: [dimension, labels], for what differs from it.
    """

    centre: Floats
    weights: Floats
    exemplars: tuple[Exemplar, ...]

    def scores(self, vectors: Floats) -> Floats:
        """[clauses, labels], to be added to what the features weigh."""
        return np.asarray((vectors - self.centre) @ self.weights, np.float32)

    def nearest(self, element: Element, vector: Floats) -> Exemplar | None:
        """The exemplar of `element` that a clause is most like, by cosine."""
        own = [one for one in self.exemplars if one.element is element]
        centred = vector - self.centre
        return max(own, key=lambda one: float(one.vector @ centred), default=None)


def clause_vectors(embedder: PartsEmbedder, worded: Worded, clauses: Sequence[Clause]) -> Floats:
    """[clauses, dimension]; each clause is read with the marks behind it."""
    starts = [clause.span(worded.words)[0] for clause in clauses]
    edges = [0, *starts[1:], len(worded.text)]
    return embedder.embed_parts([worded.text[a:b].strip() for a, b in itertools.pairwise(edges)])


def read_meaning(raw: Mapping[str, Any], labels: Sequence[str | None]) -> Meaning:
    """What the part "meaning" of `weights.meaning.json` states."""
    weights = np.array([raw["weights"][label or "none"] for label in labels], np.float32).T
    exemplars = tuple(
        Exemplar(Element(one["element"]), one["text"], unpacked(one["vector"])) for one in raw["exemplars"]
    )
    return Meaning(np.array(raw["centre"], np.float32), weights, exemplars)


def packed(vector: Floats) -> str:
    """A vector's direction as text."""
    return base64.b64encode(np.rint(vector / np.abs(vector).max() * _STEPS).astype(np.int8)).decode()


def unpacked(text: str) -> Floats:
    """A vector of unit length from what `packed` wrote."""
    vector = np.frombuffer(base64.b64decode(text), np.int8).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)
