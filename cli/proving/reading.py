"""Reading answers: every word of them, in whatever they are wrapped, and their shape."""

import io
import json
import re
import zipfile
from collections.abc import Collection
from typing import Any

from cli.proving.base import Answer

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
#: differ from one answer to the next, whoever asks
_OWN_HEADERS = {"date", "x-request-id", "content-length", "server-timing"}
_REQUEST_ID = re.compile(r'"request_id": ?"[^"]*"|<code[^>]*>[^<]*</code>')
#: lists in an answer whose length a reader can count
_COUNTED = ("hits", "suggestions", "items", "lines")


def text_of(answer: Answer) -> str:
    """Status, headers, body (of an archive: every file in it), and what was sent on to other services."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return "\n".join([str(answer.status), headers, _body(answer.body), answer.sent_on])


def _body(body: bytes) -> str:
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            files = [name + "\n" + archive.read(name).decode(errors="replace") for name in archive.namelist()]
        return "\n".join(files)
    return body.decode(errors="replace")


def ids_in(text: str, echoes: Collection[str]) -> set[str]:
    """Ids of the record, less those that were sent."""
    return set(_ID.findall(text)).difference(echoes)


def likeness(answer: Answer, echoes: Collection[str]) -> object:
    """What must be the same of an answer about something hidden and of one about something absent."""
    headers = "\n".join(
        f"{name}: {value}" for name, value in answer.headers.items() if name not in _OWN_HEADERS
    )
    said = headers + "\n" + _REQUEST_ID.sub("", answer.body.decode(errors="replace"))
    for echo in echoes:
        said = said.replace(echo, "…")
    return answer.status, said


def shape(answer: Answer, _echoes: Collection[str] = ()) -> object:
    """What can be counted in an answer: hits, suggestions, pages, and whether something was repaired."""
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/html"):
        page = answer.body.decode(errors="replace")
        return answer.status, page.count('class="hit"'), page.count("<option"), 'class="repaired"' in page
    if not kind.startswith("application/json"):
        return (answer.status,)
    value = json.loads(answer.body)
    return answer.status, _counted(value)


def _counted(value: Any) -> object:
    if not isinstance(value, dict):
        return None
    counts = {name: len(value[name]) for name in _COUNTED if isinstance(value.get(name), list)}
    kinds = {name: value.get(name) is not None for name in ("repair", "next_cursor")}
    return counts, kinds


def next_page(answer: Answer) -> str | None:
    """The cursor of the page after this one."""
    if answer.status != 200 or not answer.headers.get("content-type", "").startswith("application/json"):
        return None
    value = json.loads(answer.body)
    cursor = value.get("next_cursor") if isinstance(value, dict) else None
    return cursor if isinstance(cursor, str) else None


def largest_number(answer: Answer) -> int:
    """The largest number that stands in an answer's fields."""
    value = json.loads(answer.body)
    numbers = [one for one in value.values() if isinstance(one, int)] if isinstance(value, dict) else []
    return max(numbers, default=0)
