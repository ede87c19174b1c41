"""`kb bench duplicates` and `kb bench contradictions`."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bench import contradicting, duplicating
from bench.dataset import BrokenDataset
from bench.options import progress_bar, report_to
from bench.planted.conflicts import HALVES

_screen = Console(stderr=True)
_Json = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]
_Seed = Annotated[int, typer.Option(help="Of the made-up pairs.")]


def duplicates(
    directory: Annotated[
        Path | None,
        typer.Argument(help="Folder of public question sets; without it the demo's articles alone."),
    ] = None,
    seed: _Seed = 0,
    texts: Annotated[
        int, typer.Option(min=0, help="Texts to propose pairs among; 0 leaves it out.")
    ] = 10_000,
    as_json: _Json = False,
) -> None:
    """Near-duplicates against what only looks like them, on both halves; and candidates among many texts."""
    if directory is not None and not directory.is_dir():
        raise typer.BadParameter(f"no such folder: {directory}")
    measured: dict[str, Any] = {}
    tables = []
    try:
        with progress_bar(_screen) as bar:
            for half in HALVES:
                report = report_to(bar)
                scored = duplicating.score_pairs(directory, half, seed=seed, progress=partial(report, half))
                measured[half] = asdict(duplicating.figures(scored))
                tables.append((half, duplicating.by_kind(scored)))
    except BrokenDataset as error:
        _screen.print(str(error), markup=False, highlight=False)
        raise typer.Exit(2) from error
    if texts:
        measured["candidates"] = asdict(duplicating.measure_candidates(texts=texts, copies=texts // 20))
    _print(measured, tables, as_json)


def contradictions(seed: _Seed = 0, as_json: _Json = False) -> None:
    """Planted conflicts and near-twins without one through the contradiction finder, on both halves."""
    measured: dict[str, Any] = {}
    tables = []
    with progress_bar(_screen) as bar:
        for half in HALVES:
            report = report_to(bar)
            judged = contradicting.judge(half, seed=seed, progress=partial(report, half))
            measured[half] = asdict(contradicting.figures(judged))
            tables.append((half, contradicting.by_kind(judged)))
    _print(measured, tables, as_json)


def _print(
    measured: dict[str, Any], tables: Sequence[tuple[str, dict[str, tuple[int, int]]]], as_json: bool
) -> None:
    if as_json:
        print(json.dumps(measured, ensure_ascii=False, indent=2))
        return
    out = Console(width=None if sys.stdout.isatty() else 120)
    for half, kinds in tables:
        table = Table(title=half)
        table.add_column("kind")
        table.add_column("right", justify="right")
        table.add_column("of", justify="right")
        for kind, (right, total) in kinds.items():
            table.add_row(kind, str(right), str(total))
        out.print(table)
    for name, figures in measured.items():
        for figure, value in figures.items():
            print(
                f"{name}, {figure}: {value:,.4g}"
                if isinstance(value, float)
                else f"{name}, {figure}: {value:,}"
            )
