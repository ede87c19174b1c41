"""An export or an import as the desk's pages show it: how far it is, and what becomes of each file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from api.stored_errors import stored_message, stored_reason
from api.web.texts import TEXTS, translate
from kb.article.diff import DiffLine, diff_texts
from kb.errors import MessageLanguage
from kb.exchange.transfer import Transfer
from kb.outbox import list_jobs
from kb.reasons import in_persian
from kb.vocabulary import JobState, TransferState

#: what needs a person first
RESULTS = ("failed", "conflict", "changed", "created", "new", "skipped", "unchanged")
#: of a report, on one page
ROWS = 50
#: the messages of these name options of the command line
_AT_DESK = {
    "unknown_people": "exchange_unknown_people",
    "not_an_export": "exchange_not_an_export",
    "import_blocked": "exchange_blocked",
    "export_too_large": "exchange_too_large",
}
_PAGES = {"notes/": "/desk/notes/", "templates/": "/desk/templates/"}


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a transfer is.

    Attributes:
        is_open: whether more will come of it without anybody doing something.
        done: of `total`; 0 of 0 where that is not known yet.
        problem: why nothing (more) comes of it.
    """

    is_open: bool
    done: int
    total: int
    problem: str


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field of what is here already: its changed lines, and those beside them."""

    name: str
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One file or record; `href` leads to what it is here."""

    file: str
    title: str
    result: str
    why: str
    href: str
    changes: tuple[ChangedField, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One page of a report.

    Attributes:
        counts: (result, how many) of those that there are, what needs a person first.
        next_start: where the next page begins; None at the end.
        is_cut: whether the record keeps fewer rows than there are.
    """

    counts: tuple[tuple[str, int], ...]
    rows: tuple[ReportRow, ...]
    next_start: int | None
    is_cut: bool

    def count(self, *results: str) -> int:
        return sum(count for result, count in self.counts if result in results)


def progress_of(session: Session, transfer: Transfer, language: MessageLanguage) -> Progress:
    """How far the transfer is, by its newest job."""
    jobs = list_jobs(session, subject_id=transfer.id, limit=1).items
    job = jobs[0] if jobs else None
    is_open = transfer.state in (TransferState.WAITING, TransferState.APPLYING)
    problem = _message(transfer.error_code, transfer.error_data, language)
    if is_open and job is not None and job.state is JobState.FAILED:
        is_open, problem = False, stored_message(job.error_code or "", job.error_data, language)
    if job is None:
        return Progress(is_open, 0, 0, problem)
    return Progress(is_open, job.progress_done, job.progress_total, problem)


def report_of(
    kept: Mapping[str, Any] | None, language: MessageLanguage, *, show: str = "", start: int = 0
) -> Report:
    """A page of what the record keeps of a plan, or of what was done.

    Args:
        show: one result; "": every one. start: how many rows come before.
    """
    kept = kept or {"counts": {}, "items": []}
    counts = tuple((result, count) for result in RESULTS if (count := kept["counts"].get(result, 0)))
    items: Sequence[dict[str, Any]] = kept["items"]
    told = sum(count for result, count in counts if result != "unchanged")
    wanted = [one for one in items if show in ("", one["result"])]
    wanted.sort(key=lambda one: RESULTS.index(one["result"]))
    end = start + ROWS
    return Report(
        counts=counts,
        rows=tuple(_row(one, language) for one in wanted[start:end]),
        next_start=end if end < len(wanted) else None,
        is_cut=told > len(items),
    )


def _row(kept: dict[str, Any], language: MessageLanguage) -> ReportRow:
    return ReportRow(
        file=kept["file"],
        title=kept["title"],
        result=kept["result"],
        why=_message(kept["error_code"], kept["error_data"], language)
        or stored_reason(kept["reason"], language),
        href=_href(kept["file"], kept["id"]) if kept["id"] else "",
        changes=tuple(_changed(one, language) for one in kept["changes"]),
    )


def _changed(kept: dict[str, Any], language: MessageLanguage) -> ChangedField:
    lines = diff_texts(kept["field"], _shown(kept["before"]), _shown(kept["after"]))
    near = {place + step for place, line in enumerate(lines) if line.kind != "same" for step in (-1, 0, 1)}
    shown = tuple(line for place, line in enumerate(lines) if place in near)
    return ChangedField(_field(kept["field"], language), shown)


def _href(file: str, id: str) -> str:
    """The page of what a file is here: archives have a folder for each kind, other programs articles."""
    page = next((page for folder, page in _PAGES.items() if file.startswith(folder)), "/desk/articles/")
    return f"{page}{id}"


def _message(code: str | None, data: Mapping[str, Any] | None, language: MessageLanguage) -> str:
    if code is None:
        return ""
    if code in _AT_DESK:
        known = dict(data or {})
        if language == "fa" and "reason" in known:
            known["reason"] = in_persian(known["reason"])
        return translate(_AT_DESK[code], language, **known)
    return stored_message(code, data, language)


def _field(name: str, language: MessageLanguage) -> str:
    key = f"article_{name.removeprefix('working.')}"
    words = translate(key, language) if key in TEXTS else name
    return translate("exchange_working", language, field=words) if name.startswith("working.") else words


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return "" if value is None else str(value)
