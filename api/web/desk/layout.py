"""A page of the desk: its menu with what waits, and a word about what was just done."""

from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse

from api.dependencies import visibility_for
from api.service import Service
from api.web.desk.navigation import menu_of
from api.web.rendering import page
from api.web.texts import TEXTS
from kb.clock import utc_now
from kb.visibility import Caller
from kb.waiting import Waiting, waiting_for


def desk_page(
    request: Request,
    template: str,
    *,
    service: Service,
    caller: Caller,
    section: str,
    waiting: Waiting | None = None,
    status: int = 200,
    **values: Any,
) -> HTMLResponse:
    """Render `template`, which extends `desk/base.html`.

    Args:
        section: the name of the section that it belongs to, one of `navigation.SECTIONS`.
        waiting: where it was counted already.
    """
    if waiting is None:
        waiting = count_waiting(service, caller)
    return page(
        request,
        template,
        status=status,
        headers={"Cache-Control": "no-store"} if status >= 400 else None,
        menu=menu_of(caller, waiting, section=section),
        done=_done(request),
        **values,
    )


def count_waiting(service: Service, caller: Caller) -> Waiting:
    """What waits for `caller` now."""
    with service.database.reading() as session:
        return waiting_for(
            session, caller=caller, caller_visibility=visibility_for(caller, service), now=utc_now()
        )


def _done(request: Request) -> str | None:
    """The key of the sentence about what the redirect that led here had done; `?done=saved`."""
    key = f"done_{request.query_params.get('done', '')}"
    return key if request.method == "GET" and key in TEXTS else None
