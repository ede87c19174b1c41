"""Which language the caller reads: asked for, their own, their browser's, else Persian."""

from starlette.requests import HTTPConnection

from kb.errors import MessageLanguage
from kb.visibility import Caller

LANGUAGE_COOKIE = "kb_lang"


def language_of(connection: HTTPConnection) -> MessageLanguage:
    """`?lang=`, then the page's language cookie, the signed-in person's, Accept-Language, Persian."""
    asked = connection.query_params.get("lang") or connection.cookies.get(LANGUAGE_COOKIE)
    if asked in ("fa", "en"):
        return "fa" if asked == "fa" else "en"
    caller = getattr(connection.state, "caller", None)
    if isinstance(caller, Caller) and caller.language in ("fa", "en"):
        return "fa" if caller.language == "fa" else "en"
    return preferred_language(connection.headers.get("accept-language", ""))


def preferred_language(header: str) -> MessageLanguage:
    """The first of Persian and English by weight in an Accept-Language header (RFC 9110, 12.5.4)."""
    best: MessageLanguage = "fa"
    best_weight = 0.0
    for part in header[:500].split(","):
        tag, _, parameters = part.strip().partition(";")
        primary = tag.strip().lower().split("-")[0]
        weight = _weight(parameters)
        if primary in ("fa", "en") and weight > best_weight:
            best, best_weight = ("fa" if primary == "fa" else "en"), weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
