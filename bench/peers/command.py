"""`kb bench peers`."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.dataset import BrokenDataset, Dataset, read_dataset
from bench.options import DocumentZwnj, QueryTypos, QueryZwnj, Seed, progress_bar, read_spelling
from bench.peers.catalogue import PEERS
from bench.peers.compare import Options, Row, compare_peers
from bench.peers.report import Comparison
from bench.spelling import respell

_screen = Console(stderr=True)


def compare(
    sets: Annotated[
        list[Path],
        typer.Argument(help="BEIR-like folders, or the corpus file to use in one.", metavar="SET..."),
    ],
    queries: Annotated[str, typer.Option(help="Queries file in the folders.")] = "queries.jsonl",
    kind: Annotated[str | None, typer.Option(help="Only queries of this kind.")] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most so many queries a set, spread evenly.")
    ] = None,
    document_zwnj: DocumentZwnj = "keep",
    query_zwnj: QueryZwnj = "keep",
    query_typos: QueryTypos = 0,
    seed: Seed = 0,
    peers: Annotated[str, typer.Option(help="Comma-separated names.")] = ",".join(PEERS),
    postgres: Annotated[
        str | None, typer.Option(help="A PostgreSQL database; only a temporary table is made in it.")
    ] = None,
    lucene_jar: Annotated[
        Path | None, typer.Option(help="A jar that holds Lucene, where pyserini's is not installed.")
    ] = None,
    brief: Annotated[
        bool, typer.Option("--brief", help="One table a set: nDCG@10 of every kind of query, and the costs.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown tables.")] = False,
) -> None:
    """The same documents and queries through other search engines and through this one, side by side.

    Each runs in a process of its own; memory is the peak of that process. A query's time includes its
    embedding where it has one, and so does the index time.
    """
    names = [name.strip() for name in peers.split(",") if name.strip()]
    if unknown := [name for name in names if name not in PEERS]:
        raise typer.BadParameter(f"no such peer: {', '.join(unknown)} (there are {', '.join(PEERS)})")
    spelling = read_spelling(document_zwnj, query_zwnj, query_typos, seed)
    try:
        datasets = [_read(place, queries, kind) for place in sets]
    except BrokenDataset as error:
        _screen.print(str(error), markup=False, highlight=False)
        raise typer.Exit(2) from error
    found: list[Comparison] = []
    with progress_bar(_screen) as bar:
        task = bar.add_task("", total=len(datasets) * len(names))
        for dataset in datasets:
            respelt = respell(dataset, spelling, limit=limit)
            rows: list[Row] = []
            for measured in compare_peers(
                respelt,
                names,
                options=Options(postgres, lucene_jar),
                progress=lambda title: bar.update(task, description=title),
            ):
                rows += measured
                bar.advance(task)
            found.append(Comparison(respelt, spelling, rows))
    if as_json:
        print(json.dumps({"sets": [one.as_json() for one in found]}, ensure_ascii=False, indent=2))
    elif markdown:
        print("\n".join(one.markdown(brief=brief) for one in found))
    else:
        screen = Console(width=None if sys.stdout.isatty() else 140)  # a pipe has no width
        for one in found:
            for table in one.tables(brief=brief):
                screen.print(table)


def _read(place: Path, queries: str, kind: str | None) -> Dataset:
    """A folder, or a corpus file in it."""
    if place.is_file():
        return read_dataset(place.parent, corpus=place.name, queries=queries, kind=kind)
    return read_dataset(place, queries=queries, kind=kind)
