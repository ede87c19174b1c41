"""`kb audit`: the ledger of everything that changed the record."""

from typing import Annotated

import typer

from cli.output import complain, print_json, print_table, say

app = typer.Typer(help="The hash-chained audit log: verify, list.", no_args_is_help=True)


@app.command("verify")
def verify(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Check the whole chain; exit code 1 when an entry was changed, removed or added later."""
    from cli.opening import open_record
    from kb.audit import verify_audit

    with open_record() as opened, opened.database.reading() as session:
        report = verify_audit(session)
    if as_json:
        print_json({"count": report.count, "head_hash": report.head_hash, "problems": list(report.problems)})
    elif not report.problems:
        say(f"{report.count} entries, chain unbroken. Last hash: {report.head_hash}")
    for problem in report.problems if not as_json else ():
        complain(problem)
    if report.problems:
        raise typer.Exit(1)


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    object_id: Annotated[str | None, typer.Option("--object", help="Only entries about this id.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List entries, newest first."""
    from cli.opening import open_record
    from kb.audit import list_audit
    from kb.visibility import OPERATOR

    with open_record() as opened, opened.database.reading() as session:
        page = list_audit(session, caller=OPERATOR, object_id=object_id, limit=limit)
        rows = [
            {
                "number": entry.number,
                "at": entry.at,
                "actor": entry.actor,
                "verb": entry.verb,
                "object_kind": entry.object_kind,
                "object_id": entry.object_id,
                "data": entry.data,
                "request_id": entry.request_id,
                "entry_hash": entry.entry_hash,
            }
            for entry in page.items
        ]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("number", "at", "actor", "verb", "object"),
        [(r["number"], r["at"], r["actor"], r["verb"], f"{r['object_kind']} {r['object_id']}") for r in rows],
    )
