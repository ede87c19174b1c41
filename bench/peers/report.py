"""What `kb bench peers` prints: tables for people, Markdown for documents, JSON for programs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from bench.dataset import Dataset
from bench.peers.compare import KindResult, Row
from bench.spelling import Spelling

COLUMNS = ("peer", "nDCG@10", "hit@1", "hit@10", "MRR@10", "p50 ms", "p95 ms", "index s", "MiB")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One dataset through every peer."""

    dataset: Dataset
    spelling: Spelling
    rows: Sequence[Row]

    def as_json(self) -> dict[str, Any]:
        """A row per peer, leg and kind of query; a peer without figures has `why`."""
        return {
            "dataset": self.dataset.name,
            "docs": len(self.dataset.corpus),
            "spelling": self.spelling.as_json(),
            "rows": [figures for row in self.rows for figures in _figures(row)],
        }

    def tables(self) -> list[Table]:
        """One table per kind of query."""
        tables = []
        for title, lines in self._lines():
            table = Table(title=title)
            for name in COLUMNS:
                table.add_column(name, justify="left" if name == "peer" else "right")
            for line in lines:
                table.add_row(*line)
            tables.append(table)
        return tables

    def markdown(self) -> str:
        """One table per kind of query, under its heading."""
        parts = []
        for title, lines in self._lines():
            head = "| " + " | ".join(COLUMNS) + " |\n|---|" + "---:|" * (len(COLUMNS) - 1)
            body = "\n".join(
                "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
            )
            parts.append(f"**{title}**\n\n{head}\n{body}\n")
        return "\n".join(parts)

    def _lines(self) -> Iterator[tuple[str, list[list[str]]]]:
        kinds = dict.fromkeys(question.kind for question in self.dataset.questions)
        for kind in kinds:
            count = sum(question.kind == kind for question in self.dataset.questions)
            about = f"{self.dataset.name}: {len(self.dataset.corpus)} documents, {count} queries ({kind})"
            title = "; ".join(part for part in (about, str(self.spelling)) if part)
            yield title, [_line(row, kind) for row in self.rows]


def _line(row: Row, kind: str) -> list[str]:
    result = next((result for result in row.results if result.kind == kind), None)
    if result is None:
        return [f"{row.name}: {row.why}", *([""] * (len(COLUMNS) - 1))]
    q = result.quality
    figures = [f"{figure:.3f}" for figure in (q.ndcg_at_10, q.hit_at_1, q.hit_at_10, q.mrr_at_10)]
    times = [f"{result.p50_ms:.1f}", f"{result.p95_ms:.1f}"]
    return [row.name, *figures, *times, f"{row.index_seconds:.1f}", f"{row.memory_mib:.0f}"]


def _figures(row: Row) -> list[dict[str, Any]]:
    if row.why is not None:
        return [{"peer": row.title, "why": row.why}]
    return [_kind_figures(row, result) for result in row.results]


def _kind_figures(row: Row, result: KindResult) -> dict[str, Any]:
    q = result.quality
    return {
        "peer": row.title,
        "leg": row.leg or None,
        "kind": result.kind,
        "queries": q.queries,
        "ndcg@10": round(q.ndcg_at_10, 4),
        "hit@1": round(q.hit_at_1, 4),
        "hit@10": round(q.hit_at_10, 4),
        "mrr@10": round(q.mrr_at_10, 4),
        "p50_ms": round(result.p50_ms, 2),
        "p95_ms": round(result.p95_ms, 2),
        "index_seconds": round(row.index_seconds, 2),
        "memory_mib": round(row.memory_mib, 1),
    }
