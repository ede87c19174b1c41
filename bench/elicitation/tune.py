"""Fits the weights and, with them, an adapter that turns the embedder towards what clauses tell.

Needs PyTorch (the extra `sentence-transformers` brings it); what is fitted needs it no more. The lower four
layers stay as they are, so they are run once; low-rank changes of the next four are learnt by the likelihood
of the labelled chains of clauses, together with all weights.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codify.elicitation.detect import Observed
from codify.elicitation.meaning import Meaning, clause_texts
from codify.elicitation.model import LABELS, Model
from search.embedding import E5Embedder
from search.embedding.e5 import PARTS_LAYERS
from search.embedding.e5_adapter import Adapter
from search.embedding.e5_weights import DIMENSION, EPSILON, FEED_FORWARD, HEADS, E5Weights

#: layers that stay as they are
FROZEN_LAYERS = 4
RANK = 8
EPOCHS = 5
BATCH = 16
#: of hidden states and of clauses' vectors
DROPOUT = 0.2
#: highest steps of the adapter, of the features' weights, of those of vectors, and of what staying adds
RATES = (3e-3, 2e-2, 2e-3, 1e-2)
WARM_STEPS = 50
DECAY = 0.01
#: twice the penalty of a squared weight of a clause's own vector, and of those around it
MEANING_RIDGE, CONTEXT_RIDGE = 120.0, 300.0
SEED = 1405
#: rows and columns of the matrices that are changed
MATRICES = {
    "q": (DIMENSION, DIMENSION), "k": (DIMENSION, DIMENSION), "v": (DIMENSION, DIMENSION),
    "ao": (DIMENSION, DIMENSION), "fi": (FEED_FORWARD, DIMENSION), "fo": (DIMENSION, FEED_FORWARD),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prepared:
    """A note as it is fitted on.

    Attributes:
        states: per window hidden states [tokens, 384] float16 and tokens of each part.
        columns, values: of the features of each clause, in `names`.
    """

    states: list[tuple[NDArray[np.float16], dict[int, tuple[int, int]]]]
    columns: list[NDArray[np.int64]]
    values: list[NDArray[np.float32]]
    sentences: NDArray[np.int_]
    labels: NDArray[np.int_]

    @property
    def tokens(self) -> int:
        return sum(len(states) for states, _ in self.states)


def prepare(
    observed: Observed, labels: NDArray[np.int_], names: dict[str, int], embedder: E5Embedder
) -> Prepared:
    """What fitting reads of a note of at least one clause.

    Args:
        names: the features that are weighed, with their columns.
    """
    reader = embedder.lower_part(FROZEN_LAYERS)
    texts = clause_texts(observed.worded, observed.clauses)
    known = [{n: v for n, v in features.items() if n in names} for features in observed.features]
    return Prepared(
        [(states.astype(np.float16), spans) for states, spans in reader.read(texts)],
        [np.array([names[name] for name in features], np.int64) for features in known],
        [np.array(list(features.values()), np.float32) for features in known],
        np.array([clause.sentence for clause in observed.clauses]),
        labels,
    )


def tune(
    prepared: Sequence[Prepared],
    *,
    names: Sequence[str],
    prior: NDArray[np.float64],
    ridge: float,
    weights: E5Weights,
) -> Model:
    """The most likely weights and adapter under their penalties, by AdamW (Loshchilov & Hutter 2019).

    Args:
        prior: [names, labels], to which the features' weights are pulled.
        ridge: twice the penalty of their squared difference from it.
    """
    import torch

    torch.manual_seed(SEED)
    order = np.random.default_rng(SEED)
    network = _Network(prior, weights)
    network.standardise(prepared[:: max(1, len(prepared) // 400)])
    optimiser = torch.optim.AdamW(
        [
            {"params": part, "lr": rate, "weight_decay": DECAY if part is network.thin else 0.0}
            for part, rate in zip(network.parts, RATES, strict=True)
        ]
    )
    prior_table = torch.tensor(prior, dtype=torch.float32)
    pulls = torch.cat([torch.full((DIMENSION,), MEANING_RIDGE), torch.full((3 * DIMENSION,), CONTEXT_RIDGE)])
    steps = EPOCHS * math.ceil(len(prepared) / BATCH)
    step = 0
    for _ in range(EPOCHS):
        for batch in _batches(prepared, order):
            share = min(1.0, (step + 1) / WARM_STEPS) * max(0.02, 1.0 - step / steps)
            for group, rate in zip(optimiser.param_groups, RATES, strict=True):
                group["lr"] = rate * share
            penalty = ridge / 2 * ((network.table - prior_table) ** 2).sum()
            penalty = penalty + 0.5 * (pulls[:, None] * network.head**2).sum()
            loss = network.surprise(batch).mean() + penalty / len(prepared)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.thin, 1.0)
            optimiser.step()
            step += 1
    return network.model(names)


def _batches(prepared: Sequence[Prepared], order: np.random.Generator) -> list[list[Prepared]]:
    """All notes once, those of like length together, in an order that differs every time."""
    shuffled = order.permutation(len(prepared))
    batches = []
    for start in range(0, len(shuffled), 16 * BATCH):
        some = sorted(
            (prepared[at] for at in shuffled[start : start + 16 * BATCH]), key=lambda one: one.tokens
        )
        batches += [some[at : at + BATCH] for at in range(0, len(some), BATCH)]
    return [batches[at] for at in order.permutation(len(batches))]


class _Network:
    """The tuned layers, the tables of weights, and the chain's likelihood, as PyTorch computes them."""

    def __init__(self, prior: NDArray[np.float64], weights: E5Weights) -> None:
        import torch

        self._torch: Any = torch
        self._fixed: dict[str, Any] = {}
        self._thin: dict[str, tuple[Any, Any]] = {}
        for layer in range(FROZEN_LAYERS, PARTS_LAYERS):
            for part, (rows, columns) in MATRICES.items():
                name = f"l{layer}.{part}"
                matrix = weights.matrix(f"{name}.w", rows=rows, columns=columns)
                self._fixed[f"{name}.w"] = torch.tensor(matrix)
                self._fixed[f"{name}.b"] = torch.tensor(weights.vector(f"{name}.b").copy())
                down = torch.randn(RANK, columns) / math.sqrt(columns)
                self._thin[f"{name}.w"] = (down.requires_grad_(), torch.zeros(rows, RANK, requires_grad=True))
            for norm in (f"l{layer}.aln", f"l{layer}.oln"):
                for end in ("w", "b"):
                    self._fixed[f"{norm}.{end}"] = torch.tensor(weights.vector(f"{norm}.{end}").copy())
        self.table = torch.tensor(prior, dtype=torch.float32, requires_grad=True)
        self.head = torch.zeros(4 * DIMENSION, len(LABELS), requires_grad=True)
        self.bias = torch.zeros(len(LABELS), requires_grad=True)
        self.stay = torch.tensor([0.5, 0.2], requires_grad=True)
        self.centre, self.spread = torch.zeros(DIMENSION), 1.0
        self.thin = [one for pair in self._thin.values() for one in pair]
        self.parts = (self.thin, [self.table], [self.head, self.bias], [self.stay])

    def standardise(self, some: Sequence[Prepared]) -> None:
        """Take the mean and the spread of clauses from `some`, as the model reads them before tuning."""
        with self._torch.no_grad():
            vectors = self._torch.cat(
                [
                    one
                    for at in range(0, len(some), BATCH)
                    for one in self._vectors(some[at : at + BATCH], 0.0)
                ]
            )
            self.centre = vectors.mean(0)
            self.spread = float((vectors - self.centre).std())

    def surprise(self, batch: Sequence[Prepared]) -> Any:
        """[notes], how unlikely their labels are: negative log-likelihoods of the chains."""
        torch = self._torch
        scores = [
            self._scores(note, own) for note, own in zip(batch, self._vectors(batch, DROPOUT), strict=True)
        ]
        longest = max(map(len, scores))
        padded = torch.stack([torch.nn.functional.pad(one, (0, 0, 0, longest - len(one))) for one in scores])
        real = torch.zeros(len(batch), longest, dtype=torch.bool)
        same = torch.zeros(len(batch), longest - 1, dtype=torch.bool)
        labels = torch.zeros(len(batch), longest, dtype=torch.long)
        for row, note in enumerate(batch):
            length = len(note.labels)
            real[row, :length] = True
            same[row, : length - 1] = torch.tensor(note.sentences[1:] == note.sentences[:-1])
            labels[row, :length] = torch.tensor(note.labels)
        stays = torch.where(same, self.stay[0], self.stay[1])
        forward = padded[:, 0]
        for at in range(1, longest):
            onward = torch.logsumexp(
                forward[:, :, None] + stays[:, at - 1, None, None] * torch.eye(len(LABELS)), 1
            )
            forward = torch.where(real[:, at, None], onward + padded[:, at], forward)
        told = (padded.gather(2, labels[:, :, None])[:, :, 0] * real).sum(1)
        told = told + (stays * (labels[:, 1:] == labels[:, :-1]) * real[:, 1:]).sum(1)
        return torch.logsumexp(forward, 1) - told

    def model(self, names: Sequence[str]) -> Model:
        """What was learnt, as the service reads it."""
        table = self.table.detach().double().numpy()
        bias = self.bias.detach().double().numpy()
        rows = {name: row + bias if name == "bias" else row for name, row in zip(names, table, strict=True)}
        head = (self.head.detach() / self.spread).numpy().astype(np.float32)
        adapter = Adapter(
            {
                name: (down.detach().numpy().astype(np.float32), up.detach().numpy().astype(np.float32))
                for name, (down, up) in self._thin.items()
            }
        )
        stay, stay_across = (float(value) for value in self.stay.detach())
        return Model(
            {name: tuple(float(value) for value in row) for name, row in rows.items()},
            stay,
            stay_across,
            (1.0, *(0.3 for _ in LABELS[1:])),
            Meaning(self.centre.numpy().astype(np.float32), head, (), adapter),
        )

    def _scores(self, note: Prepared, vectors: Any) -> Any:
        """[clauses, labels]."""
        torch = self._torch
        own = torch.nn.functional.dropout((vectors - self.centre) / self.spread, DROPOUT)
        nothing = torch.zeros(1, DIMENSION)
        around = [
            own,
            torch.cat([nothing, own[:-1]]),
            torch.cat([own[1:], nothing]),
            own.mean(0).expand_as(own),
        ]
        starts = np.concatenate([[0], np.cumsum([len(one) for one in note.columns])[:-1]])
        features = torch.nn.functional.embedding_bag(
            torch.from_numpy(np.concatenate(note.columns)),
            self.table,
            torch.from_numpy(starts.astype(np.int64)),
            mode="sum",
            per_sample_weights=torch.from_numpy(np.concatenate(note.values)),
        )
        return torch.cat(around, 1) @ self.head + self.bias + features

    def _vectors(self, batch: Sequence[Prepared], dropout: float) -> list[Any]:
        """Per note [clauses, 384]: the mean of each clause's tokens after the tuned layers."""
        torch = self._torch
        windows = [(row, states, spans) for row, note in enumerate(batch) for states, spans in note.states]
        longest = max(len(states) for _, states, _ in windows)
        hidden = torch.zeros(len(windows), longest, DIMENSION)
        mask = torch.zeros(len(windows), 1, 1, longest, dtype=torch.bool)
        for at, (_, states, _) in enumerate(windows):
            hidden[at, : len(states)] = torch.from_numpy(states.astype(np.float32))
            mask[at, :, :, : len(states)] = True
        for layer in range(FROZEN_LAYERS, PARTS_LAYERS):
            hidden = self._layer(hidden, mask, f"l{layer}", dropout)
        found: list[dict[int, Any]] = [{} for _ in batch]
        for at, (row, _, spans) in enumerate(windows):
            for part, (start, end) in spans.items():
                found[row][part] = hidden[at, start:end].mean(0) if end > start else torch.zeros(DIMENSION)
        return [torch.stack([own[part] for part in sorted(own)]) for own in found]

    def _layer(self, hidden: Any, mask: Any, layer: str, dropout: float) -> Any:
        """One layer of the encoder, as `build_encoder` writes it."""
        functional = self._torch.nn.functional
        texts, tokens, _ = hidden.shape

        def heads(part: str) -> Any:
            return self._linear(hidden, f"{layer}.{part}").view(texts, tokens, HEADS, -1).transpose(1, 2)

        mixed = functional.scaled_dot_product_attention(heads("q"), heads("k"), heads("v"), attn_mask=mask)
        out = self._linear(mixed.transpose(1, 2).reshape(texts, tokens, DIMENSION), f"{layer}.ao")
        hidden = self._norm(hidden + functional.dropout(out, dropout), f"{layer}.aln")
        fed = self._linear(functional.gelu(self._linear(hidden, f"{layer}.fi")), f"{layer}.fo")
        return self._norm(hidden + functional.dropout(fed, dropout), f"{layer}.oln")

    def _linear(self, value: Any, name: str) -> Any:
        down, up = self._thin[f"{name}.w"]
        return self._torch.nn.functional.linear(
            value, self._fixed[f"{name}.w"] + up @ down, self._fixed[f"{name}.b"]
        )

    def _norm(self, value: Any, name: str) -> Any:
        return self._torch.nn.functional.layer_norm(
            value, (DIMENSION,), self._fixed[f"{name}.w"], self._fixed[f"{name}.b"], EPSILON
        )
