"""Reading about people."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kb.errors import InvalidInput, NotFound
from kb.paging import PAGE_LIMIT, Page, checked_limit, cut, text_after
from kb.rights import require
from kb.team import TeamMember, team_ids_of
from kb.text import storable
from kb.user.model import User, fold_login
from kb.visibility import Caller, CallerKind
from kb.vocabulary import Role, Scope


def require_self(caller: Caller, user_id: str) -> None:
    """Let people about themselves pass, and administrators about anybody.

    Raises:
        NotSignedIn, Forbidden.
    """
    if not (caller.kind is CallerKind.PERSON and caller.id == user_id):
        require(caller, role=Role.ADMIN, scope=Scope.ADMIN)


def get_user(session: Session, *, caller: Caller, user_id: str) -> User:
    """One person; everybody may read about themselves.

    Raises:
        NotFound, NotSignedIn, Forbidden.
    """
    require_self(caller, user_id)
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(what="user", id=user_id)
    return user


def list_users(
    session: Session,
    *,
    caller: Caller,
    words: str = "",
    role: Role | None = None,
    active: bool | None = None,
    team_id: str | None = None,
    cursor: str | None = None,
    limit: int = PAGE_LIMIT,
) -> Page[User]:
    """People, by login.

    Args:
        words: part of the login, name or e-mail address; letter case does not matter.
    Raises:
        NotSignedIn, Forbidden.
        InvalidInput: broken cursor, or a limit outside 1..200.
    """
    require(caller, role=Role.ADMIN, scope=Scope.ADMIN)
    statement = select(User).order_by(User.login).limit(checked_limit(limit) + 1)
    for word in storable(words).split()[:10]:
        columns = (User.login, User.name, User.email)
        statement = statement.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    if role is not None:
        statement = statement.where(User.role == role)
    if active is not None:
        statement = statement.where(User.active == active)
    if team_id is not None:
        members = select(TeamMember.user_id).where(TeamMember.team_id == team_id)
        statement = statement.where(User.id.in_(members))
    if cursor is not None:
        statement = statement.where(User.login > text_after(cursor))
    return cut(session.scalars(statement).all(), limit, lambda user: (user.login, ""))


def members_of(session: Session, *, team_id: str) -> list[User]:
    """The people of a team, by name; whoever works here may know them."""
    members = select(TeamMember.user_id).where(TeamMember.team_id == team_id)
    return list(session.scalars(select(User).where(User.id.in_(members)).order_by(User.name, User.login)))


def user_of_login(session: Session, *, login: str) -> User:
    """The person who signs in with `login`.

    Raises:
        NotFound.
    """
    user = session.scalar(select(User).where(User.login == fold_login(login)))
    if user is None:
        raise NotFound(what="user", id=login)
    return user


def checked_person(session: Session, user_id: str | None, *, field: str, active: bool = True) -> str | None:
    """`user_id` itself.

    Args:
        active: whether it must be somebody who still works here: nobody else can own or review.
    Raises:
        InvalidInput: there is no such person, or their account is switched off.
    """
    if user_id is None:
        return None
    user = session.get(User, user_id)
    if user is None:
        raise InvalidInput(field=field, reason="there is no such person")
    if active and not user.active:
        raise InvalidInput(field=field, reason=f"the account of {user.login} is switched off")
    return user_id


def caller_of_user(session: Session, user: User) -> Caller:
    """A person as a caller, with their teams."""
    return Caller(
        kind=CallerKind.PERSON,
        id=user.id,
        role=user.role,
        language=user.language.value,
        team_ids=team_ids_of(session, user.id),
    )
