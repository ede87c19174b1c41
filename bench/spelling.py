"""The spelling matrix: a dataset as it reads after its documents and its queries were spelt in other ways."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bench.dataset import Dataset, Question, spread
from search.analysis.variants import Zwnj, with_typos, with_zwnj


@dataclass(frozen=True, slots=True)
class Spelling:
    """How documents and queries are spelt.

    Args:
        documents: what becomes of the ZWNJ in titles and texts.
        queries: the same for queries; several, and each query is asked once in each way.
        typos: random edits a query, made before its ZWNJ are touched: the same ones in every way.
        seed: of the typos; every query has its own stream, whatever the limit is.
    """

    documents: Zwnj = Zwnj.KEEP
    queries: tuple[Zwnj, ...] = (Zwnj.KEEP,)
    typos: int = 0
    seed: int = 0

    def as_json(self) -> dict[str, Any]:
        """The settings as `--json` shows them."""
        return {
            "document_zwnj": self.documents.value,
            "query_zwnj": [how.value for how in self.queries],
            "query_typos": self.typos,
            "seed": self.seed,
        }

    def __str__(self) -> str:
        """The settings as titles show them; empty where nothing was changed."""
        if self == Spelling(seed=self.seed):
            return ""
        ways = ", ".join(self.queries)
        typos = (
            f", {self.typos} typo{'s' * (self.typos > 1)} a query (seed {self.seed})" if self.typos else ""
        )
        return f"document ZWNJ {self.documents}, query ZWNJ {ways}{typos}"


def respell(dataset: Dataset, spelling: Spelling, *, limit: int | None = None) -> Dataset:
    """The dataset in that spelling, with at most `limit` queries, spread evenly, before they are multiplied.

    Where queries are spelt in several ways, the way is part of their kind: "heading, zwnj strip".
    """
    corpus = tuple(
        replace(
            entry,
            title=with_zwnj(entry.title, spelling.documents),
            text=with_zwnj(entry.text, spelling.documents),
        )
        for entry in dataset.corpus
    )
    return replace(
        dataset,
        corpus=corpus,
        questions=_respelt(spread(dataset.questions, limit), spelling),
        unanswerable=_respelt(spread(dataset.unanswerable, limit), spelling),
    )


def _respelt(questions: Sequence[Question], spelling: Spelling) -> tuple[Question, ...]:
    made = []
    for question in questions:
        seed = zlib.crc32(f"{spelling.seed} {question.id}".encode())
        text = with_typos(question.text, spelling.typos, seed) if spelling.typos else question.text
        for how in spelling.queries:
            kind = question.kind if len(spelling.queries) == 1 else f"{question.kind}, zwnj {how}"
            made.append(Question(question.id, with_zwnj(text, how), kind))
    return tuple(made)
