"""`kb prove-no-leaks`: whether anything comes out where it must not."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import complain, print_json, print_table, say

if TYPE_CHECKING:
    from cli.proving.prove import Proof

#: rows of the report; the rest is in --json
_MOST_SIGHTS = 40


def prove_no_leaks(
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer callers and places; about a tenth of the time.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Of the planted words.")] = 7,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Plant secrets in a temporary knowledge base, ask for them as everybody through every surface.

    Exit code 1 when one was seen by a caller who may not see it, or a surface is not registered. The
    knowledge base of this installation is not touched.
    """
    from cli.proving.declared import commands_of, compare_names, routes_of
    from cli.proving.planting import planted_base
    from cli.proving.prove import prove, routes_registered
    from cli.proving.prove_commands import prove_commands
    from cli.proving.registry import SURFACES
    from kb.settings import Settings

    configured = Settings()
    with _quiet(), _progress(shown=not as_json) as report:
        report("planting", 0, 1)
        with planted_base(models_dir=configured.models_path, quick=quick, seed=seed) as base:
            proof = prove(base, quick=quick, progress=report)
            compare_names(proof, routes_of(base.app), routes_registered())
            settings, world = base.settings, base.world
            base.close()
            if not quick:
                report("commands", 0, 1)
                prove_commands(settings, world, proof)
    from cli.main import app

    compare_names(proof, commands_of(app), SURFACES.keys() - routes_registered())
    if as_json:
        print_json(proof.as_json())
    else:
        show(proof)
    if not proof.holds:
        raise typer.Exit(1)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without log lines: documents that cannot be read are part of it."""
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(before)


def show(proof: "Proof") -> None:
    """The report for people."""
    if proof.sights:
        rows = [(one.who, one.surface, one.what, one.where) for one in proof.sights[:_MOST_SIGHTS]]
        print_table(("who", "surface", "what came out", "where"), rows, title=f"{len(proof.sights)} sights")
    for name in proof.unregistered:
        complain(
            f"{name} is not registered: declare it in cli/proving/surfaces, in one line:\n{_declare(name)}"
        )
    for name in proof.stale:
        complain(f"{name} is registered in cli/proving/surfaces, and is not there any more.")
    for name in proof.blind:
        complain(
            f"{name} showed nothing to anybody: its declaration asks the wrong thing, or says shows=False."
        )
    verdict = "nothing came out." if proof.holds else "this does not hold."
    asked = f"{proof.surfaces} surfaces, {proof.askers} callers, {proof.secrets} secrets"
    say(f"{asked}, {proof.requests} requests: {verdict}")


def _declare(name: str) -> str:
    """What could be its declaration."""
    words = name.split(" ")
    if words[0] == "kb":
        return f'    silent("{name}", why="...")'
    of = name.split("{")[1].split("}")[0].removesuffix("_id") if "{" in name else ""
    if words[0] == "GET":
        return f'    reads("{name}", of="{of}")' if of else f'    lists("{name}")'
    return f'    changes("{name}", of="{of}")' if of else f'    creates("{name}", json={{...}})'


@contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A line that says what is going on, for people."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from cli.output import console

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console(errors=True), transient=True, disable=not shown) as bar:
        line = bar.add_task("", total=1)

        def report(what: str, done: int, total: int) -> None:
            bar.update(line, description=what, completed=done, total=total)

        yield report
