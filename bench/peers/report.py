"""What `kb bench peers` prints: tables for people, Markdown for documents, JSON for programs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from bench.dataset import Dataset
from bench.peers.compare import KindResult, Row
from bench.spelling import Spelling

_COSTS = ["p50 ms", "p95 ms", "index s", "MiB"]
_COLUMNS = ["peer", "nDCG@10", "hit@1", "hit@10", "MRR@10", *_COSTS]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table before it is laid out: cells are texts."""

    title: str
    columns: Sequence[str]
    lines: Sequence[Sequence[str]]


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

    def tables(self, *, brief: bool) -> list[Table]:
        """The sheets, for a terminal."""
        tables = []
        for sheet in self.sheets(brief=brief):
            table = Table(title=sheet.title)
            for name in sheet.columns:
                table.add_column(name, justify="left" if name == "peer" else "right")
            for line in sheet.lines:
                table.add_row(*line)
            tables.append(table)
        return tables

    def markdown(self, *, brief: bool) -> str:
        """The sheets, for a document."""
        parts = []
        for sheet in self.sheets(brief=brief):
            rows = [sheet.columns, ["---", *["---:"] * (len(sheet.columns) - 1)], *sheet.lines]
            table = "\n".join(
                "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows
            )
            parts.append(f"**{sheet.title}**\n\n{table}\n")
        return "\n".join(parts)

    def sheets(self, *, brief: bool) -> list[Sheet]:
        """One per kind of query with every measure; brief: one for all kinds with their nDCG@10."""
        counts = Counter(question.kind for question in self.dataset.questions)
        if brief:
            title = self._title(f"nDCG@10 of {sum(counts.values())} queries, p95 of the slowest kind")
            columns = ["peer", *counts, *_COSTS[1:]]
            return [Sheet(title, columns, [_brief_line(row, list(counts)) for row in self.rows])]
        return [
            Sheet(self._title(f"{count} queries ({kind})"), _COLUMNS, [_line(row, kind) for row in self.rows])
            for kind, count in counts.items()
        ]

    def _title(self, about: str) -> str:
        title = f"{self.dataset.name}: {len(self.dataset.corpus)} documents, {about}"
        return "; ".join(part for part in (title, str(self.spelling)) if part)


def _brief_line(row: Row, kinds: Sequence[str]) -> list[str]:
    if row.why is not None:
        return [f"{row.name}: {row.why}", *[""] * (len(kinds) + len(_COSTS) - 1)]
    found = {result.kind: f"{result.quality.ndcg_at_10:.3f}" for result in row.results}
    slowest = max(result.p95_ms for result in row.results)
    costs = [f"{slowest:.1f}", f"{row.index_seconds:.1f}", f"{row.memory_mib:.0f}"]
    return [row.name, *(found[kind] for kind in kinds), *costs]


def _line(row: Row, kind: str) -> list[str]:
    result = next((result for result in row.results if result.kind == kind), None)
    if result is None:
        return [f"{row.name}: {row.why}", *([""] * (len(_COLUMNS) - 1))]
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
