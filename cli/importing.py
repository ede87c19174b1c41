"""What `kb import` does: reads the files, plans, applies, waits until it is searchable."""

import difflib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cli.opening import Opened
from cli.waiting import finish
from ingest.exchange.foreign import DATA_FILE_LIMIT_BYTES, Defaults
from ingest.exchange.formats import SingleFile, read_import
from ingest.exchange.layout import read_people
from ingest.exchange.package import Archive, Folder, Package
from kb.clock import utc_now
from kb.exchange.errors import ExchangeError, NotAnExport
from kb.exchange.plan import Plan, PlanItem
from kb.visibility import OPERATOR
from kb.vocabulary import Audience, ConflictPolicy, ImportFormat, Language
from workers.importing import NOBODY, Applied, apply_plan, attachments_of, plan_import

#: what archives on this machine may unpack to
UNPACKED_LIMIT_BYTES = 8 * 1024**3
_SINGLE = frozenset([".json", ".csv", ".tsv", ".txt"])
_SHOWN_CHARS = 80
_SHOWN_LINES = 40


@dataclass(frozen=True, slots=True)
class Importing:
    """What was asked for."""

    path: Path
    policy: ConflictPolicy
    apply: bool
    owner: str | None
    people: bool
    wait: bool
    format: ImportFormat = ImportFormat.AUTO
    audience: Audience | None = None
    language: Language | None = None

    @property
    def defaults(self) -> Defaults:
        return Defaults(self.audience, self.language, self.owner)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The plan, and what was done of it."""

    plan: Plan
    rows: list[dict[str, Any]]
    counts: dict[str, int]
    applied: bool
    blocked: bool

    @property
    def is_bad(self) -> bool:
        """Whether something could not be imported."""
        return self.blocked or any(row["result"] == "failed" for row in self.rows)


def run_import(opened: Opened, asked: Importing, progress: Callable[[int, int], None]) -> Outcome:
    """Plan, and apply where that was asked for and nothing stands against it.

    Raises:
        ExchangeError, InvalidInput.
    """
    with open_package(asked.path) as package:
        files = read_import(package, asked.format, asked.defaults, now=utc_now())
        coming = read_people(package) if asked.people else NOBODY
        common: dict[str, Any] = {"caller": OPERATOR, "stand_in": asked.owner, "coming": coming}
        plan = plan_import(opened.database, files=files, **common)
        blocked = plan.blocks(asked.policy)
        if blocked or not asked.apply:
            return Outcome(plan, [_planned(item) for item in plan.items], plan.counts, False, blocked)
        applied = apply_plan(
            opened.database,
            plan,
            bytes_of=attachments_of(package, limit_bytes=opened.settings.upload_limit_bytes),
            policy=asked.policy,
            text_limit=opened.settings.text_limit_chars,
            progress=progress,
            **common,
        )
    if asked.wait:
        finish(opened, {one.id for one in applied if one.id is not None})
    counts = dict.fromkeys(("created", "changed", "unchanged", "skipped", "failed"), 0)
    for one in applied:
        counts[one.outcome] += 1
    return Outcome(plan, [_done(one) for one in applied], counts, True, False)


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """The files of a folder, of a ZIP archive, or one JSON or CSV file.

    Raises:
        NotAnExport: it is neither. ExchangeError: the archive cannot be used.
    """
    if path.is_dir():
        yield Folder(path)
        return
    if not path.is_file():
        raise NotAnExport(filename=str(path), reason="there is no such file or folder")
    with path.open("rb") as file:
        if zipfile.is_zipfile(file) or path.suffix.lower() not in _SINGLE:
            yield Archive(path.name, file, unpacked_limit_bytes=UNPACKED_LIMIT_BYTES)
            return
        file.seek(0)
        data = file.read(DATA_FILE_LIMIT_BYTES + 1)
    if len(data) > DATA_FILE_LIMIT_BYTES:
        limit = DATA_FILE_LIMIT_BYTES // (1024 * 1024)
        raise ExchangeError(filename=path.name, reason=f"it is larger than {limit} MiB; split it")
    yield SingleFile(path.name, data)


def change_lines(item: PlanItem) -> list[str]:
    """A plan's item for a person: a line for each field, texts of several lines as a diff."""
    lines: list[str] = []
    for change in item.changes:
        before, after = _shown(change.before), _shown(change.after)
        if "\n" in before + after:
            diff = list(difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=1))[2:]
            lines += [f"{change.field}:", *(f"  {line}" for line in diff[:_SHOWN_LINES])]
            if len(diff) > _SHOWN_LINES:
                lines.append(f"  ... and {len(diff) - _SHOWN_LINES} lines more")
        else:
            lines.append(f"{change.field}: {_cut(before)} -> {_cut(after)}")
    return lines


@contextmanager
def counting_bar(label: str, *, shown: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error; gives the function that moves it to so many of so many."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from cli.output import console

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console(errors=True),
        disable=not shown,
        transient=True,
    )
    task = bar.add_task(label, total=None)
    with bar:
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _planned(item: PlanItem) -> dict[str, Any]:
    reason = item.error.message() if item.error is not None else item.reason
    changes = [
        {"field": one.field, "before": _plain(one.before), "after": _plain(one.after)} for one in item.changes
    ]
    return {
        "file": item.filename,
        "result": item.status.value,
        "id": item.current_id,
        "title": item.title,
        "reason": reason,
        "changes": changes,
    }


def _done(one: Applied) -> dict[str, Any]:
    reason = "" if one.error is None else one.error.message()
    return _planned(one.item) | {"result": one.outcome, "id": one.id or one.item.current_id, "reason": reason}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(str, value)) + "]"
    return "(nothing)" if value is None else str(_plain(value))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…"
