"""`kb ingest`: documents from disk, beside the running service or without it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import complain, print_json, print_table, say
from kb.vocabulary import Audience, Language

if TYPE_CHECKING:
    from cli.receipts import FileReceipt

_USAGE = 2


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files, and folders with everything in them.")],
    audience: Annotated[Audience, typer.Option(help="Who may find it.")] = Audience.INTERNAL,
    language: Annotated[Language | None, typer.Option(help="Else it is detected.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Repeat for more.")] = None,
    product: Annotated[list[str] | None, typer.Option(help="What it is about; repeat for more.")] = None,
    segment: Annotated[
        list[str] | None, typer.Option(help="A customer segment that it is for; repeat for more.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Return when all is searchable.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
) -> None:
    """Make documents searchable. A file that has not changed costs nothing, a changed one replaces itself.

    Exit code 0 when every file is searchable, 1 when some failed, 2 when a path does not exist.
    """
    from cli.opening import open_record
    from cli.paths import files_of
    from cli.receipts import look_up, store_files
    from cli.waiting import finish, progress_bar

    try:
        files = files_of(paths)
    except FileNotFoundError as error:
        complain(f"{error.filename}: {error.strerror}.")
        raise typer.Exit(_USAGE) from error
    if not files:
        complain("There are no files in there.")
        raise typer.Exit(_USAGE)
    with open_record(exclusive=wait, create=True) as opened:
        with progress_bar("Receiving", len(files), shown=not as_json) as received:
            receipts = store_files(
                opened,
                files,
                audience=audience,
                language=language,
                tags=tag or [],
                products=product or [],
                segments=segment or [],
                progress=received,
            )
        if wait:
            ids = {receipt.source_id for receipt in receipts if receipt.source_id is not None}
            with progress_bar("Indexing", len(ids), shown=not as_json) as indexed:
                finish(opened, ids, indexed)
            receipts = look_up(opened.database, receipts)
    _report(receipts, as_json=as_json)
    if any(receipt.status == "failed" for receipt in receipts):
        raise typer.Exit(1)


def _report(receipts: "list[FileReceipt]", *, as_json: bool) -> None:
    if as_json:
        print_json({"files": [receipt.as_dict() for receipt in receipts], "summary": _counts(receipts)})
        return
    print_table(
        ("file", "result", "passages", "reason or warning"),
        [(r.shown_path, r.status, r.passages or "", r.remark) for r in receipts],
    )
    say(", ".join(f"{count} {status}" for status, count in _counts(receipts).items()) + ".")


def _counts(receipts: "list[FileReceipt]") -> dict[str, int]:
    counts: dict[str, int] = {}
    for receipt in receipts:
        counts[receipt.status] = counts.get(receipt.status, 0) + 1
    return counts
