"""The `kb` command. Modules behind the commands are imported when one runs, so that `kb --help` is quick."""

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cli import (
    audit,
    demo,
    doctor,
    exchange,
    ingest,
    init,
    jobs,
    key,
    reindex,
    relay,
    search,
    serve,
    sources,
    team,
    user,
    version,
)
from cli.failures import explain
from cli.proving import command as proving

#: commands that live in `bench.command` (a typer app of its own), with their line in `kb --help`
_MEASURING = {
    "eval": "Measure retrieval on a BEIR-like folder.",
    "bench": "Measure speed and memory of this installation.",
}


class _Commands(TyperGroup):
    """The command group, which imports the measuring commands only when one of them is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *_MEASURING]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in _MEASURING:
            return super().get_command(ctx, cmd_name)
        if ctx.resilient_parsing or sys.argv[1:] in ([], ["--help"]):
            return typer.core.TyperCommand(cmd_name, help=_MEASURING[cmd_name])
        from bench.command import app as measuring

        group = typer.main.get_command(measuring)
        assert isinstance(group, TyperGroup)
        return group.get_command(ctx, cmd_name)


app = typer.Typer(
    name="kb",
    cls=_Commands,
    help="Nagofte: what support people know, put in front of the right person at the right time.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _options(
    data_dir: Annotated[
        Path | None,
        typer.Option("--data-dir", help="Where the data lives (else KB_DATA_DIR, else ./data)."),
    ] = None,
) -> None:
    if data_dir is not None:
        os.environ["KB_DATA_DIR"] = str(data_dir)


app.command("serve")(serve.serve)
app.command("init")(init.init)
app.command("demo")(demo.demo)
app.command("ingest")(ingest.ingest)
app.command("search")(search.search)
app.command("export")(exchange.export)
app.command("import")(exchange.import_)
app.command("reindex")(reindex.reindex)
app.add_typer(sources.app, name="sources")
app.add_typer(jobs.app, name="jobs")
app.add_typer(user.app, name="user")
app.add_typer(team.app, name="team")
app.add_typer(key.app, name="key")
app.add_typer(audit.app, name="audit")
app.command("doctor")(doctor.doctor)
app.command("prove-no-leaks")(proving.prove_no_leaks)
app.command("relay")(relay.relay)
app.command("version")(version.version)


def main() -> None:
    """Run the command line; expected failures become one sentence on standard error and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that cannot show a letter is shown its number
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except Exception as error:
        failure = explain(error)
        if failure is None:
            raise
        from cli.output import complain

        complain(failure.sentence)
        sys.exit(failure.exit_code)
