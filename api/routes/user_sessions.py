"""Where somebody is signed in, and the one-time secret that lets them choose a password."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from starlette.responses import Response

from api.dependencies import Admitted, TheService
from api.fields import Id, PageOf, Shown
from api.permissions import ADMINISTERING, KNOWN_PERSON
from kb.clock import utc_now
from kb.user import (
    UserSession,
    disconnect_identity,
    end_session,
    end_sessions,
    list_sessions,
    reset_password,
    session_id_of,
)
from kb.visibility import Caller
from kb.vocabulary import SignInWay

router = APIRouter(prefix="/v1/users/{user_id}", tags=["users"])
Admin = Annotated[Caller, Depends(Admitted(ADMINISTERING))]
Person = Annotated[Caller, Depends(Admitted(KNOWN_PERSON))]


class SessionShown(Shown):
    """One sign-in."""

    id: str
    way: SignInWay
    user_agent: str = Field(description="What the browser called itself")
    address: str = Field(description="Where it came from, as far as the service can see")
    created_at: datetime
    expires_at: datetime
    is_this: bool = Field(description="Whether this very request is made with it")


class SessionsEnded(Shown):
    count: int


class ResetShown(Shown):
    """A one-time secret; the only place where it is ever shown."""

    login: str
    secret: str
    expires_at: datetime


@router.get("/sessions", operation_id="listSessions", summary="Where somebody is signed in / نشست‌های فرد")
def list_(user_id: Id, request: Request, caller: Person, service: TheService) -> PageOf[SessionShown]:
    """Sign-ins that are not over, newest first; everybody may read their own."""
    token = getattr(request.state, "session_token", None)
    with service.database.reading() as session:
        found = list_sessions(session, caller=caller, user_id=user_id, now=utc_now())
        this = session_id_of(session, token=token) if token else None
    return PageOf[SessionShown](items=[_shown(one, this) for one in found])


@router.delete(
    "/sessions/{session_id}",
    status_code=204,
    operation_id="endSession",
    summary="End one sign-in / پایان یک نشست",
)
def end(user_id: Id, session_id: Id, caller: Person, service: TheService) -> Response:
    """That browser is signed out."""
    with service.database.transaction() as session:
        end_session(session, caller=caller, user_id=user_id, session_id=session_id)
    return Response(status_code=204)


@router.delete("/sessions", operation_id="endSessions", summary="End all other sign-ins / پایان نشست‌های دیگر")
def end_all(user_id: Id, request: Request, caller: Person, service: TheService) -> SessionsEnded:
    """Sign somebody out everywhere but where this request comes from."""
    token = getattr(request.state, "session_token", None)
    with service.database.transaction() as session:
        count = end_sessions(session, caller=caller, user_id=user_id, except_token=token or "")
    return SessionsEnded(count=count)


@router.post(
    "/password-reset",
    status_code=201,
    operation_id="resetPassword",
    summary="Make a one-time secret / ساخت کد یک‌بارمصرف",
)
def reset(user_id: Id, caller: Admin, service: TheService) -> ResetShown:
    """Take somebody's password and sign-ins away; the secret lets them choose a password within 48 hours."""
    with service.database.transaction() as session:
        made = reset_password(session, caller=caller, user_id=user_id, now=utc_now())
        return ResetShown(login=made.login, secret=made.secret, expires_at=made.expires_at)


@router.delete(
    "/identity",
    status_code=204,
    operation_id="disconnectIdentity",
    summary="Disconnect from the identity provider / قطع اتصال",
)
def disconnect(user_id: Id, caller: Person, service: TheService) -> Response:
    """Forget who somebody is to the identity provider; their sign-ins by it end."""
    with service.database.transaction() as session:
        disconnect_identity(session, caller=caller, user_id=user_id)
    return Response(status_code=204)


def _shown(one: UserSession, this: str | None) -> SessionShown:
    return SessionShown(
        id=one.id,
        way=one.way,
        user_agent=one.user_agent,
        address=one.address,
        created_at=one.created_at,
        expires_at=one.expires_at,
        is_this=one.id == this,
    )
