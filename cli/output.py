"""What commands print: tables and sentences for people, JSON for scripts."""

import functools
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

#: columns, where the output is no terminal and so has no width of its own
_PIPE_WIDTH = 160


@functools.cache
def console(*, errors: bool = False) -> "Console":
    """The terminal; Persian goes out as it is written, without reordering or cutting of lines."""
    from rich.console import Console

    width = None if (sys.stderr if errors else sys.stdout).isatty() else _PIPE_WIDTH
    # The stream itself is looked up whenever something is printed: it may have been replaced since.
    return Console(stderr=errors, width=width, highlight=False, markup=False, emoji=False)


def say(text: str) -> None:
    """One line for a person."""
    console().print(text, soft_wrap=True)


def complain(text: str) -> None:
    """One line on what went wrong, to standard error."""
    console(errors=True).print(text, soft_wrap=True)


def print_json(value: object) -> None:
    """`value` as indented JSON, Persian letters as they are."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n")


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None
) -> None:
    """A table without frames; long cells fold, none is cut."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(cell)) for cell in row))
    console().print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, (list, tuple, frozenset, set)):
        return ", ".join(str(item) for item in value)
    return str(value)


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)
