"""The first page of the desk: what waits for whoever looks."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import Admitted, TheService
from api.permissions import AT_DESK
from api.web.desk.layout import count_waiting, desk_page
from api.web.desk.navigation import WAITING
from kb.user import User
from kb.visibility import Caller

router = APIRouter(prefix="/desk", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]


@router.get("")
def overview(request: Request, caller: Person, service: TheService) -> Response:
    """What waits, and the two ways to write something down."""
    with service.database.reading() as session:
        person = session.get(User, caller.id)
        name = person.name if person is not None else ""
    waiting = count_waiting(service, caller)
    cards = [(one, getattr(waiting, one.name)) for one in WAITING]
    return desk_page(
        request,
        "desk/overview.html",
        service=service,
        caller=caller,
        section="overview",
        waiting=waiting,
        name=name,
        cards=[(one, count) for one, count in cards if count],
    )
