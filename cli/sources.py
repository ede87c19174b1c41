"""`kb sources`: received documents."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.output import print_json, print_table, say
from kb.vocabulary import SourceStatus

if TYPE_CHECKING:
    from kb.source import Source

app = typer.Typer(help="Received documents: list, show, delete.", no_args_is_help=True)


@app.command("list")
def list_(
    status: Annotated[SourceStatus | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List sources, newest first."""
    from cli.opening import open_record
    from kb.source import list_sources
    from kb.visibility import OPERATOR, visibility_of

    sight = visibility_of(OPERATOR, portal_public=False)
    with open_record() as opened, opened.database.reading() as session:
        page = list_sources(session, caller_visibility=sight, status=status, limit=limit)
        rows = [_as_dict(source) for source in page.items]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("id", "file", "title", "audience", "status", "reason"),
        [(r["id"], r["filename"], r["title"], r["audience"], r["status"], r["error_code"]) for r in rows],
    )


@app.command("show")
def show(
    source_id: Annotated[str, typer.Argument()], as_json: Annotated[bool, typer.Option("--json")] = False
) -> None:
    """Show one source."""
    from cli.opening import open_record
    from kb.source import get_source
    from kb.visibility import OPERATOR, visibility_of

    sight = visibility_of(OPERATOR, portal_public=False)
    with open_record() as opened, opened.database.reading() as session:
        source = _as_dict(get_source(session, source_id=source_id, caller_visibility=sight))
    if as_json:
        print_json(source)
    else:
        print_table(("", ""), list(source.items()))


@app.command("delete")
def delete(source_id: Annotated[str, typer.Argument()]) -> None:
    """Delete a source; it disappears from searches at once."""
    from cli.opening import open_record
    from kb.source import delete_source
    from kb.visibility import OPERATOR

    with open_record() as opened, opened.database.transaction() as session:
        delete_source(session, caller=OPERATOR, source_id=source_id)
    say(f"Deleted {source_id}.")


def _as_dict(source: "Source") -> dict[str, Any]:
    return {
        "id": source.id,
        "locator": source.locator,
        "filename": source.filename,
        "title": source.title,
        "media_type": source.media_type,
        "language": source.language.value if source.language else None,
        "audience": source.audience.value,
        "tags": list(source.tags),
        "products": list(source.products),
        "segments": list(source.segments),
        "status": source.status.value,
        "size_bytes": source.size_bytes,
        "sha256": source.sha256,
        "error_code": source.error_code,
        "error": source.error_data,
        "warnings": source.warnings,
        "version": source.version,
        "created_at": source.created_at,
        "updated_at": source.updated_at,
    }
