"""The likelihood of labelled chains of clauses, and the weights that make it largest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STEPS = 250
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chain:
    """One note: features [clauses, names], sentence numbers, label numbers."""

    features: NDArray[np.float32]
    sentences: NDArray[np.int_]
    labels: NDArray[np.int_]


@dataclass(frozen=True, slots=True)
class Weights:
    """What was fitted: [names, labels], and what staying with a label adds within and across sentences."""

    table: Floats
    stay: float
    stay_across: float


@dataclass(frozen=True, slots=True)
class _Batch:
    """All notes side by side, the shorter ones padded.

    Args:
        features: [real clauses, names], note after note.
        labels: [notes, clauses, labels], one-hot, zero in the padding.
        real: [notes, clauses], whether there is a clause.
        same, follows: [notes, clauses - 1], whether the next is of the same sentence, whether there is one.
    """

    features: NDArray[np.float32]
    labels: Floats
    real: NDArray[np.bool_]
    same: NDArray[np.bool_]
    follows: NDArray[np.bool_]


def fit_chains(chains: Sequence[Chain], *, prior: Floats, ridge: Floats) -> Weights:
    """The most likely weights under a penalty, by Adam (Kingma & Ba 2015) on all chains at once.

    Args:
        chains: of at least one clause each.
        prior: [names, labels], to which weights are pulled.
        ridge: [names], twice the penalty of a squared difference from it.
    """
    batch = _padded(chains, prior.shape[1])
    theta = [prior.copy(), np.zeros(2)]
    first = [np.zeros_like(one) for one in theta]
    second = [np.zeros_like(one) for one in theta]
    for step in range(1, STEPS + 1):
        slopes = _slopes(theta[0], theta[1], batch)
        slopes[0] += ridge[:, None] * (theta[0] - prior)
        rate = 0.1 * min(1.0, 2.0 * (1.0 - step / STEPS) + 0.02)
        for at, slope in enumerate(slopes):
            first[at] = 0.9 * first[at] + 0.1 * slope
            second[at] = 0.999 * second[at] + 0.001 * slope**2
            theta[at] -= (
                rate * (first[at] / (1 - 0.9**step)) / (np.sqrt(second[at] / (1 - 0.999**step)) + 1e-8)
            )
    return Weights(theta[0], float(theta[1][0]), float(theta[1][1]))


def _padded(chains: Sequence[Chain], size: int) -> _Batch:
    longest = max(len(chain.labels) for chain in chains)
    labels = np.zeros((len(chains), longest, size))
    real = np.zeros((len(chains), longest), dtype=bool)
    same = np.zeros((len(chains), longest - 1), dtype=bool)
    for row, chain in enumerate(chains):
        length = len(chain.labels)
        labels[row, np.arange(length), chain.labels] = 1.0
        real[row, :length] = True
        same[row, : length - 1] = chain.sentences[1:] == chain.sentences[:-1]
    return _Batch(np.concatenate([chain.features for chain in chains]), labels, real, same, real[:, 1:])


def _slopes(table: Floats, stay: Floats, batch: _Batch) -> list[Floats]:
    """Gradients of the negative log-likelihood; a weak penalty holds what staying adds."""
    scores = np.zeros(batch.labels.shape)
    scores[batch.real] = batch.features @ table.astype(np.float32)
    chances, stayed = _sums(scores, np.where(batch.same, stay[0], stay[1]), batch)
    wrong = (chances - batch.labels)[batch.real].astype(np.float32)
    surplus = (stayed - (batch.labels[:, 1:] * batch.labels[:, :-1]).sum(axis=2)) * batch.follows
    staying = 0.01 * stay + np.array([surplus[batch.same].sum(), surplus[~batch.same].sum()])
    return [(batch.features.T @ wrong).astype(np.float64), staying]


def _sums(scores: Floats, stays: Floats, batch: _Batch) -> tuple[Floats, Floats]:
    """Chances of labels [notes, clauses, labels], and of staying between neighbours [notes, clauses - 1]."""
    longest = scores.shape[1]
    forward, backward = scores.copy(), np.zeros_like(scores)
    for at in range(1, longest):
        onward = scores[:, at] + _step(forward[:, at - 1], stays[:, at - 1])
        forward[:, at] = np.where(batch.real[:, at, None], onward, forward[:, at - 1])
    for at in range(longest - 2, -1, -1):
        back = _step(scores[:, at + 1] + backward[:, at + 1], stays[:, at])
        backward[:, at] = np.where(batch.follows[:, at, None], back, backward[:, at + 1])
    total = _logsum(forward[:, -1])
    chances = np.exp(forward + backward - total[:, None, None])
    together = forward[:, :-1] + scores[:, 1:] + backward[:, 1:] + stays[:, :, None]
    return chances, np.exp(together - total[:, None, None]).sum(axis=2)


def _step(scores: Floats, stay: Floats) -> Floats:
    """Log-sums [notes, labels] over the label of a neighbour, which adds `stay` where it is the same."""
    top = scores.max(axis=1, keepdims=True)
    parts = np.exp(scores - top)
    total = parts.sum(axis=1, keepdims=True) + np.expm1(stay)[:, None] * parts
    return np.asarray(top + np.log(total))


def _logsum(values: Floats) -> Floats:
    """Over the last axis."""
    top = values.max(axis=-1, keepdims=True)
    return np.asarray(np.log(np.exp(values - top).sum(axis=-1)) + top[..., 0])
