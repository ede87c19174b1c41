"""What a file is, by its bytes: what a sender declares is never believed. Pure."""

import re
from pathlib import PureWindowsPath

import filetype

FILENAME_LIMIT_CHARS = 200
OTHER = "application/octet-stream"
TEXT = "text/plain"
#: pictures that a browser may show by itself; they hold nothing that could run
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

#: enough for the signatures of office documents, which stand inside their archives
_SNIFFED_BYTES = 8192
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
#: control signs, and marks that turn the direction of writing so that a name can look like another
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]")


def sniffed_type(data: bytes) -> str:
    """The media type that the bytes show; markup and scripts are plain text here, and stay so."""
    guess = filetype.guess(data[:_SNIFFED_BYTES])
    if guess is not None and _MEDIA_TYPE.fullmatch(guess.mime):
        return str(guess.mime)
    if b"\0" in data:
        return OTHER
    try:
        data.decode()
    except UnicodeDecodeError:
        return OTHER
    return TEXT


def clean_filename(name: str) -> str:
    """A name without folders and without signs that nobody sees; "unnamed" where nothing is left.

    What is too long loses its middle, not its ending.
    """
    base = PureWindowsPath(_HIDDEN.sub("", name.replace("\\", "/"))).name
    base = " ".join(base.split()).strip(". ")
    if len(base) > FILENAME_LIMIT_CHARS:
        suffix = PureWindowsPath(base).suffix[:20]
        base = base[: FILENAME_LIMIT_CHARS - len(suffix)] + suffix
    return base or "unnamed"
