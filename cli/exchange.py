"""`kb export` and `kb import`: the knowledge base as a folder of Markdown or for other programs, and back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.output import complain, print_json, print_table, say
from kb.vocabulary import ArticleState, Audience, ConflictPolicy, ExportFormat, ImportFormat, Language

if TYPE_CHECKING:
    from cli.importing import Outcome
    from kb.exchange.plan import Plan

_SHOWN_CHARS = 60


def export(
    folder: Annotated[Path, typer.Argument(help="Where to write: a new or empty folder, or an export.")],
    audience: Annotated[
        Audience | None, typer.Option(help="Only what readers of this audience see; else everything.")
    ] = None,
    segment: Annotated[
        list[str] | None,
        typer.Option(help="With --audience: what is for this customer segment, too; repeat for more."),
    ] = None,
    state: Annotated[
        list[ArticleState] | None, typer.Option(help="Only articles in this state; repeat for more.")
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Change only what differs; keeps .git and other files.")
    ] = False,
    format_: Annotated[
        ExportFormat,
        typer.Option(
            "--format", help="markdown: a folder; the others: one file of what articles have there."
        ),
    ] = ExportFormat.MARKDOWN,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Write the knowledge base as Markdown with front matter: a file for each article, note and template.

    The same knowledge gives the same bytes, so the folder can be kept in git. Drafts of notes stay out.
    """
    from cli.export_folder import check_file, check_folder, write_file, write_folder
    from cli.importing import counting_bar
    from cli.opening import open_record
    from kb.exchange.read import export_scope
    from kb.visibility import OPERATOR
    from workers.exporting import export_articles, export_files

    scope = export_scope(OPERATOR, audience=audience, segments=segment or (), states=state or ())
    if format_ is not ExportFormat.MARKDOWN:
        check_file(folder, update=update)
        with open_record() as opened, opened.database.reading() as session:
            write_file(folder, export_articles(session, scope, format_))
        say(f"Written to {folder}.")
        return
    check_folder(folder, update=update)
    with (
        open_record() as opened,
        opened.database.reading() as session,
        counting_bar("Exporting", shown=not as_json) as progress,
    ):
        written = write_folder(folder, export_files(session, scope, progress=progress), update=update)
    if as_json:
        print_json({"written": written.written, "unchanged": written.unchanged, "removed": written.removed})
    elif update:
        say(f"{written.written} files written, {written.unchanged} unchanged, {written.removed} removed.")
    else:
        say(f"{written.written} files written to {folder}.")


def import_(
    path: Annotated[
        Path,
        typer.Argument(
            help="What `kb export` wrote (a folder or a ZIP archive of it), or another program's JSON or CSV."
        ),
    ],
    apply: Annotated[
        bool, typer.Option("--apply", help="Do it; without this the plan is printed and nothing is changed.")
    ] = False,
    on_conflict: Annotated[
        ConflictPolicy,
        typer.Option(
            help="Where both sides were edited: theirs: the file counts; ours: the knowledge base counts; "
            "new: the file becomes an article of its own."
        ),
    ] = ConflictPolicy.FAIL,
    owner: Annotated[
        str | None, typer.Option(help="Login of who owns what people who are not here owned.")
    ] = None,
    format_: Annotated[
        ImportFormat,
        typer.Option("--format", help="faq: questions and answers; auto finds it out."),
    ] = ImportFormat.AUTO,
    audience: Annotated[
        Audience | None,
        typer.Option(help="Of everything new from other programs; else as they say, and internal."),
    ] = None,
    language: Annotated[
        Language | None, typer.Option(help="Of what comes from other programs; else it is detected.")
    ] = None,
    people: Annotated[
        bool, typer.Option("--people", help="Add people who are not here, as agents without a password.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Return when all is searchable.")] = True,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Bring articles, notes and templates in; prints what would change, and changes it with --apply.

    Exit code 0 when everything can be (or was) imported, 1 when something cannot, 2 for wrong usage.
    """
    from cli.importing import Importing, counting_bar, run_import
    from cli.opening import open_record

    asked = Importing(
        path,
        on_conflict,
        apply=apply,
        owner=owner,
        people=people,
        wait=wait,
        format=format_,
        audience=audience,
        language=language,
    )
    with (
        open_record(exclusive=apply and wait) as opened,
        counting_bar("Importing", shown=not as_json) as progress,
    ):
        outcome = run_import(opened, asked, progress)
    if as_json:
        print_json(_as_dict(outcome))
    else:
        _show(outcome, apply=apply)
    if outcome.is_bad:
        raise typer.Exit(1)


def _show(outcome: "Outcome", *, apply: bool) -> None:
    rows = [row for row in outcome.rows if row["result"] != "unchanged"]
    if rows:
        print_table(
            ("file", "result", "title", "reason"),
            [(r["file"], r["result"], r["title"][:_SHOWN_CHARS], r["reason"]) for r in rows],
        )
    if not apply:
        _show_changes(outcome.plan)
    say(", ".join(f"{count} {name}" for name, count in outcome.counts.items() if count) + ".")
    if outcome.blocked:
        complain("Nothing was imported: mend what failed, and decide on conflicts with --on-conflict.")
    elif not apply and rows:
        say("Nothing was changed yet; --apply does it.")


def _show_changes(plan: "Plan") -> None:
    from cli.importing import change_lines

    for item in plan.items:
        if item.changes:
            say(f"{item.filename}:")
            for line in change_lines(item):
                say(f"  {line}")


def _as_dict(outcome: "Outcome") -> dict[str, Any]:
    return {"applied": outcome.applied, "counts": outcome.counts, "files": outcome.rows}
