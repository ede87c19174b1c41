"""Cut Persian and English text into sentences."""

import re

from search.analysis.fold import fold_text
from search.analysis.wordlists import ABBREVIATIONS

_END = re.compile(r"[.؟?!…]+[»”\"')\]}]*|\n+")
_LAST_TOKEN = re.compile(r"[^\s(«\"']*$")
_PERSIAN = re.compile("[\u0620-\u06ff]")


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of `text`, in order, trimmed of white space; together they hold every letter.

    A sentence ends at . ؟ ? ! … or a line end, but not inside 2.1, a file name or an abbreviation, nor after
    a list number.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if _ends_here(text, start, match):
            _append(spans, text, start, match.end())
            start = match.end()
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip())
    right = len(inner.rstrip())
    if left < right:
        spans.append((start + left, start + right))


def _ends_here(text: str, start: int, match: re.Match[str]) -> bool:
    mark = match.group()
    if mark[0] in "\n؟?!…":
        return True
    following = text[match.end() : match.end() + 1]
    before = text[start : match.start()]
    if following and not following.isspace():
        # A missing space after a Persian sentence is common; a dot inside a name or number is not an end.
        return bool(_PERSIAN.match(following)) and bool(re.search("[\u0620-\u06ff]{2}$", before))
    found = _LAST_TOKEN.search(before)
    token = fold_text(found.group()) if found else ""
    if not token or token in ABBREVIATIONS or (len(token) == 1 and token.isalpha()):
        return not following
    # "1. text" at the start of a line is a list number, not a sentence.
    return not (token.isdigit() and before.strip() == token)
