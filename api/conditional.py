"""ETags and the conditions that go with them (RFC 9110, section 13)."""

import re

from starlette.requests import Request
from starlette.responses import Response

from api.request_errors import PreconditionRequired
from kb.errors import InvalidInput, StaleEdit
from kb.visibility import Caller, CallerKind

#: how a route that needs If-Match describes it
IF_MATCH = {
    "parameters": [
        {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "schema": {"type": "string"},
            "description": 'The ETag that was read, such as `"3"` / همان ETagی که خوانده شد',
        }
    ]
}

_VERSION = re.compile(r'"(\d{1,9})"')


def etag(version: int) -> str:
    return f'"{version}"'


def expected_version(request: Request, caller: Caller) -> int | None:
    """The version the caller read, from If-Match.

    Returns:
        None for `*` from the operator, who may change a thing whatever it has become.

    Raises:
        PreconditionRequired: no If-Match; nobody edits what they have not read.
        StaleEdit, InvalidInput: an ETag that no version here ever had.
    """
    header = request.headers.get("if-match")
    if header is None:
        raise PreconditionRequired
    value = header.strip()
    if value == "*" and caller.kind is CallerKind.OPERATOR:
        return None
    match = _VERSION.fullmatch(value)
    if match:
        return int(match[1])
    if value.startswith('W/"'):
        raise StaleEdit(expected=value[:40], current="?")
    raise InvalidInput(field="If-Match", reason='send the ETag as it was given, such as "3"')


def is_unchanged(request: Request, tag: str) -> bool:
    """Whether If-None-Match already holds `tag` (weak comparison)."""
    header = request.headers.get("if-none-match", "")
    offered = {part.strip().removeprefix("W/") for part in header.split(",")}
    return tag in offered or header.strip() == "*"


def not_modified(tag: str) -> Response:
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "private, no-cache"})
