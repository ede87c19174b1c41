"""Templates and what every page needs: language, direction, who is signed in, addresses of static files."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.dependencies import visibility_for
from api.language import LANGUAGE_COOKIE, language_of
from api.service import Service
from api.web.dates import moment_field, shown_date, shown_moment, shown_number
from api.web.markdown import render_markdown
from api.web.texts import translate
from kb.user import csrf_token
from kb.visibility import ANONYMOUS, Caller, CallerKind
from kb.vocabulary import Audience

WEB = Path(__file__).parent
STATIC = WEB / "static"
_YEAR_SECONDS = 365 * 24 * 3600

_environment = Environment(
    loader=FileSystemLoader(WEB / "templates"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@cache
def static_address(name: str) -> str:
    """The address of a static file; it changes with the content, so that browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def direction(language: str) -> str:
    return "rtl" if language == "fa" else "ltr"


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """Render `template` in the reader's language."""
    language = language_of(request)
    caller = getattr(request.state, "caller", ANONYMOUS)
    token = getattr(request.state, "session_token", None)
    context: dict[str, Any] = {
        "language": language,
        "direction": direction,
        "other": "en" if language == "fa" else "fa",
        "here": _here(request),
        "caller": caller,
        "signed_in": caller.kind is CallerKind.PERSON,
        "csrf": csrf_token(token) if token else "",
        "static": static_address,
        "t": lambda key, **filled: translate(key, language, **filled),
        "date": lambda at: shown_date(at, language),
        "moment_field": lambda at: moment_field(at, language),
        "moment": lambda at: shown_moment(at, language),
        "number": lambda number: shown_number(number, language),
        "markdown": lambda text: Markup(render_markdown(text)),  # noqa: S704 - cleaned by nh3
        "query": "",
    }
    html = _environment.get_template(template).render(context | values)
    answer = HTMLResponse(html, status_code=status, headers=headers)
    answer.headers["Content-Language"] = language
    answer.headers["Vary"] = "Cookie, Accept-Language"
    answer.headers.setdefault("Cache-Control", "private, no-cache")
    if request.query_params.get("lang") == language:
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR_SECONDS, samesite="lax", httponly=True)
    return answer


def sees_more_than_the_public(caller: Caller, service: Service) -> bool:
    """Whether audience badges tell this reader anything."""
    return visibility_for(caller, service).allows_audience(Audience.PARTNER)


def _here(request: Request) -> str:
    """The start of a link to this page in another language: a relative one, whatever the path is."""
    query = request.url.remove_query_params(["lang", "done"]).query
    return f"?{query}&" if query else "?"
