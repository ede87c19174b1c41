"""Options and progress bars that the measuring commands share."""

from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bench.spelling import Spelling
from search.analysis.variants import Zwnj

DocumentZwnj = Annotated[
    str, typer.Option(help="ZWNJ of documents: keep, strip or space, as real ones have lost them.")
]
QueryZwnj = Annotated[str, typer.Option(help="ZWNJ of queries: keep, strip, space; several with commas.")]
QueryTypos = Annotated[int, typer.Option(min=0, help="Random typos in every query.")]
Seed = Annotated[int, typer.Option(help="Of the typos and made spellings.")]


def read_spelling(document_zwnj: str, query_zwnj: str, query_typos: int, seed: int) -> Spelling:
    """The options' values as one spelling; an unknown word raises `typer.BadParameter`."""
    queries = tuple(dict.fromkeys(_zwnj(word) for word in query_zwnj.split(",")))
    return Spelling(_zwnj(document_zwnj), queries, query_typos, seed)


def _zwnj(word: str) -> Zwnj:
    try:
        return Zwnj(word.strip())
    except ValueError as error:
        raise typer.BadParameter(f"ZWNJ: {word!r} is none of {', '.join(Zwnj)}") from error


def progress_bar(screen: Console) -> Progress:
    """A bar that is gone when the work is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=screen, transient=True)


def report_to(bar: Progress) -> Callable[[str, int, int], None]:
    """A function of (what, done, total) that keeps one line of the bar per `what`."""
    tasks: dict[str, TaskID] = {}

    def progress(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=total)
        bar.update(tasks[what], completed=done)

    return progress
