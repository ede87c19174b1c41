"""People and their roles."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from api.conditional import IF_MATCH, etag, expected_version
from api.dependencies import Admitted, TheService
from api.fields import Body, Cursor, Id, Limit, PageOf, Part, ShortText, Shown, Title
from api.once import Created, OnceOnly, digest
from api.own_password import change_own_password
from api.permissions import ADMINISTERING, KNOWN_PERSON
from api.session_cookie import set_session_cookie
from kb.team import team_names_of
from kb.user import User, change_user, create_user, get_user, list_users, set_password
from kb.visibility import Caller
from kb.vocabulary import Language, Role

router = APIRouter(prefix="/v1/users", tags=["users"])
Admin = Annotated[Caller, Depends(Admitted(ADMINISTERING))]
Person = Annotated[Caller, Depends(Admitted(KNOWN_PERSON))]
Login = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9._@+-]+$")]
Password = Annotated[str, Field(min_length=1, max_length=1000)]


class NewUser(Body):
    """A person; without a password they cannot sign in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "login": "sara",
                    "name": "سارا مرادی",
                    "role": "contributor",
                    "teams": ["پرداخت"],
                    "language": "fa",
                },
                {"login": "dana", "name": "Dana Rostami", "role": "agent", "language": "en"},
            ]
        }
    )

    login: Login
    name: Title
    role: Role
    language: Language = Language.PERSIAN
    teams: list[ShortText] = Field(default=[], max_length=50, description="Names; unknown ones are begun")
    email: ShortText = Field(default="", description="Where reminders are sent")
    password: Password | None = None


class UserChange(Body):
    """What is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "publisher"}, {"active": False}]})

    name: Title | None = None
    role: Role | None = None
    language: Language | None = None
    teams: list[ShortText] | None = Field(default=None, max_length=50)
    email: ShortText | None = None
    active: bool | None = None


class NewPassword(Body):
    password: Password
    old_password: Password | None = Field(
        default=None, description="Needed for one's own; nobody needs somebody else's"
    )


class UserShown(Shown):
    id: str
    version: int
    login: str
    name: str
    role: Role
    language: Language
    teams: list[str]
    email: str
    active: bool
    has_password: bool
    is_connected: bool = Field(description="Whether they sign in by the identity provider")
    created_at: datetime


@router.post(
    "",
    status_code=201,
    operation_id="createUser",
    response_model=UserShown,
    summary="Add a person / افزودن فرد",
)
def create(new: NewUser, caller: Admin, service: TheService, once: OnceOnly) -> Response:
    """Add a person."""

    def effect(session: Session) -> Created:
        shown = _shown(session, create_user(session, caller=caller, **dict(new)))
        return Created(shown, headers={"Location": f"/v1/users/{shown.id}", "ETag": etag(shown.version)})

    values = new.model_dump(mode="json")
    if new.password is not None:
        values["password"] = digest(new.password.encode())
    return once.answer(service, values, effect)


@router.get("", operation_id="listUsers", summary="List people / فهرست افراد")
def list_(
    caller: Admin,
    service: TheService,
    q: Annotated[Part, Query(description="Part of login, name or e-mail address")] = "",
    role: Role | None = None,
    active: bool | None = None,
    team_id: Annotated[str | None, Query(max_length=64)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageOf[UserShown]:
    """People, by login."""
    with service.database.reading() as session:
        users = list_users(
            session,
            caller=caller,
            words=q,
            role=role,
            active=active,
            team_id=team_id,
            cursor=cursor,
            limit=limit,
        )
        return PageOf[UserShown](items=_all_shown(session, users.items), next_cursor=users.next_cursor)


@router.get(
    "/{user_id}", operation_id="readUser", response_model=UserShown, summary="Read about a person / دیدن فرد"
)
def read(user_id: Id, caller: Person, service: TheService) -> Response:
    """One person; everybody may read about themselves."""
    with service.database.reading() as session:
        shown = _shown(session, get_user(session, caller=caller, user_id=user_id))
    return JSONResponse(shown.model_dump(mode="json"), headers={"ETag": etag(shown.version)})


@router.patch(
    "/{user_id}",
    operation_id="changeUser",
    response_model=UserShown,
    summary="Change a person / تغییر فرد",
    openapi_extra=IF_MATCH,
)
def change(
    user_id: Id, changes: UserChange, request: Request, caller: Admin, service: TheService
) -> Response:
    """Change role, name, teams or language; switch an account off."""
    version = expected_version(request, caller)
    with service.database.transaction() as session:
        user = change_user(
            session,
            caller=caller,
            user_id=user_id,
            expected_version=version,
            **{name: value for name, value in dict(changes).items() if name in changes.model_fields_set},
        )
        shown = _shown(session, user)
    return JSONResponse(shown.model_dump(mode="json"), headers={"ETag": etag(shown.version)})


@router.put(
    "/{user_id}/password",
    status_code=204,
    operation_id="setPassword",
    summary="Set a password / تعیین گذرواژه",
    responses={
        403: {"description": "The old password is missing or wrong / گذرواژهٔ کنونی نیست یا نادرست است"},
        429: {"description": "Too many failures; wait / صبر کنید"},
    },
)
def password(
    user_id: Id, new: NewPassword, request: Request, caller: Person, service: TheService
) -> Response:
    """Set somebody's password: one's own with the old one, or as an administrator anybody else's.

    Every sign-in of that person ends. Whoever changes their own gets a fresh cookie with the answer; the
    CSRF token is another one, too.
    """
    answer = Response(status_code=204)
    if caller.person_id == user_id:
        signed_in = change_own_password(
            service, request, caller, old=new.old_password or "", new=new.password
        )
        set_session_cookie(answer, signed_in, request, service)
        return answer
    with service.database.transaction() as session:
        set_password(session, caller=caller, user_id=user_id, password=new.password)
    return answer


def _shown(session: Session, user: User) -> UserShown:
    return _all_shown(session, [user])[0]


def _all_shown(session: Session, users: Sequence[User]) -> list[UserShown]:
    teams = team_names_of(session, [user.id for user in users])
    return [_one_shown(user, teams[user.id]) for user in users]


def _one_shown(user: User, teams: list[str]) -> UserShown:
    return UserShown(
        id=user.id,
        version=user.version,
        login=user.login,
        name=user.name,
        role=user.role,
        language=user.language,
        teams=teams,
        email=user.email,
        active=user.active,
        has_password=user.password_hash is not None,
        is_connected=user.oidc_subject is not None,
        created_at=user.created_at,
    )
