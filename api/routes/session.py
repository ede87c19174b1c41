"""Sign in, who am I, sign out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict, Field
from starlette.responses import JSONResponse, Response

from api.dependencies import Admitted, TheService, Unguarded, visibility_for
from api.fields import Body, Shown
from api.language import language_of
from api.permissions import ANYBODY
from api.service import Service
from api.session_cookie import drop_session_cookie, origin_of, set_session_cookie
from kb.clock import utc_now
from kb.user import choose_password, csrf_token, get_user, sign_out
from kb.visibility import Caller, CallerKind
from kb.vocabulary import Audience, Language, Role, Scope

router = APIRouter(prefix="/v1/session", tags=["session"])
Anybody = Annotated[Caller, Depends(Admitted(ANYBODY))]


class Credentials(Body):
    """Letter case of the login does not matter."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"login": "sara", "password": "…"}]})

    login: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=1000)


class WhoAmI(Shown):
    """The caller as the service sees it."""

    kind: CallerKind
    id: str
    name: str
    role: Role | None
    scopes: list[Scope]
    audiences: list[Audience] = Field(description="What the caller may see")
    language: Language
    csrf_token: str | None = Field(
        description="Send it as X-CSRF-Token with changes made with the cookie; null without a cookie"
    )


@router.post(
    "",
    status_code=201,
    operation_id="signIn",
    response_model=WhoAmI,
    summary="Sign in / ورود",
    responses={
        401: {"description": "Login or password is wrong / نادرست است"},
        429: {"description": "Too many failures; wait / صبر کنید"},
    },
    dependencies=[Depends(Unguarded())],
)
def enter(given: Credentials, request: Request, service: TheService) -> Response:
    """Open a session; the cookie is set here, the CSRF token for changes is in the answer."""
    signed_in = service.gate.enter(
        service.database,
        login=given.login,
        password=given.password,
        hours=service.settings.session_hours,
        origin=origin_of(request),
    )
    user = signed_in.user
    caller = Caller(kind=CallerKind.PERSON, id=user.id, role=user.role, language=user.language)
    shown = _shown(caller, user.name, csrf_token(signed_in.token), request, service)
    answer = JSONResponse(shown.model_dump(mode="json"), status_code=201)
    set_session_cookie(answer, signed_in, request, service)
    return answer


class ChosenPassword(Body):
    """The one-time secret that an administrator handed out, and the password to be."""

    login: str = Field(min_length=1, max_length=200)
    secret: str = Field(min_length=1, max_length=100)
    password: str = Field(min_length=1, max_length=1000)


@router.post(
    "/password",
    status_code=204,
    operation_id="choosePassword",
    summary="Choose a password / انتخاب گذرواژه",
    responses={403: {"description": "The secret does not work / کد کار نمی‌کند"}},
    dependencies=[Depends(Unguarded())],
)
def choose(given: ChosenPassword, service: TheService) -> Response:
    """Set one's password with a one-time secret, which is used up."""
    with service.database.transaction() as session:
        choose_password(session, now=utc_now(), **dict(given))
    return Response(status_code=204)


@router.get("", operation_id="whoAmI", summary="Who am I? / من کیستم؟")
def who_am_i(request: Request, caller: Anybody, service: TheService) -> WhoAmI:
    """The caller, what they may see, and the CSRF token of their session."""
    name = ""
    if caller.kind is CallerKind.PERSON:
        with service.database.reading() as session:
            name = get_user(session, caller=caller, user_id=caller.id).name
    token = getattr(request.state, "session_token", None)
    return _shown(caller, name, csrf_token(token) if token else None, request, service)


@router.delete(
    "",
    status_code=204,
    operation_id="signOut",
    summary="Sign out / خروج",
    dependencies=[Depends(Admitted(ANYBODY))],
)
def leave(request: Request, service: TheService) -> Response:
    """End the cookie's session."""
    token = getattr(request.state, "session_token", None)
    if token is not None:
        with service.database.transaction() as session:
            sign_out(session, token=token)
    answer = Response(status_code=204)
    drop_session_cookie(answer, request, service)
    return answer


def _shown(caller: Caller, name: str, csrf: str | None, request: Request, service: Service) -> WhoAmI:
    visibility = visibility_for(caller, service)
    return WhoAmI(
        kind=caller.kind,
        id=caller.id,
        name=name,
        role=caller.role,
        scopes=sorted(caller.scopes),
        audiences=[audience for audience in Audience if visibility.allows_audience(audience)],
        language=Language(caller.language or language_of(request)),
        csrf_token=csrf,
    )
