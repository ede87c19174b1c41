"""Files as answers: bytes that somebody sent are never run by the reader's browser."""

import re
from urllib.parse import quote

from starlette.responses import Response

from kb.article.media import PICTURES

_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
_OTHER = "application/octet-stream"
_PLAIN_NAME = re.compile(r"[^A-Za-z0-9._ -]")


def download(data: bytes, *, filename: str, media_type: str, tag: str) -> Response:
    """The bytes under their name; pictures may be shown, everything else is saved.

    Args:
        media_type: as the bytes show it.
        tag: the ETag.
    """
    shown = "inline" if media_type in PICTURES else "attachment"
    plain = _PLAIN_NAME.sub("_", filename).strip() or "file"
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f"{shown}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    known = media_type if _MEDIA_TYPE.fullmatch(media_type) else _OTHER
    return Response(data, media_type=known, headers=headers)
