"""People whom an identity provider recognised: who they are here, and who they may become."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.clock import new_id, utc_now
from kb.database import serialise
from kb.errors import Conflict, Forbidden
from kb.team import keep_in_teams, team_names_of
from kb.text import clean_line
from kb.user.model import User, end_sessions_of, locked_user, record
from kb.user.read import require_self
from kb.user.refusals import AccountDisabled, AccountExists, PersonUnknown
from kb.user.write import clean_login, is_last_admin
from kb.visibility import Caller, CallerKind
from kb.vocabulary import Language, Role, SignInWay


@dataclass(frozen=True, slots=True)
class Identity:
    """What a verified token says about a person."""

    issuer: str
    subject: str
    #: what they would like to sign in with, already cleaned
    login: str
    name: str
    #: empty unless the provider has verified it
    email: str
    language: Language
    #: None: the provider has no say in it
    role: Role | None = None
    #: names; None: the provider has no say in them
    teams: tuple[str, ...] | None = None

    @property
    def key(self) -> str:
        """Who they are to the provider, unique among all providers."""
        return f"{self.issuer} {self.subject}"


@dataclass(frozen=True, slots=True)
class Admission:
    """Whom the installation lets in.

    Args:
        create: the role of people who are not known here yet; None: they are refused.
        by_email: whether a verified address connects somebody to their account.
    """

    create: Role | None = None
    by_email: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """What deciding needs to know of an account with the same e-mail address."""

    id: str
    has_password: bool
    is_connected: bool


def account_to_connect(
    rules: Admission, *, same_email: Sequence[Account], login_is_taken: bool
) -> str | None:
    """The account that somebody with an unknown subject is connected to; None: one is made.

    An account that has a password, or belongs to another subject, is never given away here: whoever knows the
    password connects it themselves.

    Raises:
        AccountExists: one is here, and may not be connected.
        PersonUnknown: nobody is made here.
    """
    if rules.by_email and len(same_email) == 1:
        (account,) = same_email
        if not account.has_password and not account.is_connected:
            return account.id
    if same_email or login_is_taken:
        raise AccountExists
    if rules.create is None:
        raise PersonUnknown
    return None


def admit_identity(session: Session, *, identity: Identity, rules: Admission) -> User:
    """The person of a verified identity: known by their subject, connected, or made.

    Role and teams become what the provider says, where it has a say; the last administrator stays one.

    Raises:
        AccountDisabled, AccountExists, PersonUnknown.
    """
    serialise(session, "user logins")
    user_id = session.scalar(select(User.id).where(User.oidc_subject == identity.key))
    if user_id is None:
        user_id = account_to_connect(
            rules,
            same_email=_accounts_of(session, identity.email),
            login_is_taken=session.scalar(select(User.id).where(User.login == identity.login)) is not None,
        )
        if user_id is None:
            assert rules.create is not None
            return _create(session, identity, rules.create)
        user = locked_user(session, user_id)
        _refuse_disabled(user)
        user.oidc_subject = identity.key
        user.version += 1
        session.flush()
        record(
            session,
            _themselves(user),
            "connect_identity",
            user.id,
            {"issuer": identity.issuer, "by": "email"},
        )
    user = locked_user(session, user_id)
    _refuse_disabled(user)
    _follow(session, user, identity)
    return user


def connect_identity(session: Session, *, caller: Caller, identity: Identity) -> User:
    """Let a signed-in person sign in with this identity from now on.

    Raises:
        Forbidden: no person.
        Conflict: the account or the identity is connected already.
    """
    if caller.kind is not CallerKind.PERSON:
        raise Forbidden(needs="a signed-in person")
    serialise(session, "user logins")
    user = locked_user(session, caller.id)
    if user.oidc_subject == identity.key:
        return user
    other = session.scalar(select(User.id).where(User.oidc_subject == identity.key))
    if user.oidc_subject is not None or other is not None:
        raise Conflict(reason="the account is connected already; disconnect it first")
    user.oidc_subject = identity.key
    user.version += 1
    session.flush()
    record(session, caller, "connect_identity", user.id, {"issuer": identity.issuer})
    return user


def disconnect_identity(session: Session, *, caller: Caller, user_id: str) -> User:
    """Forget who somebody is to the provider; their sign-ins by it end.

    Raises:
        NotFound, NotSignedIn, Forbidden.
        Conflict: they have no password and would lock themselves out.
    """
    require_self(caller, user_id)
    user = locked_user(session, user_id)
    if user.oidc_subject is None:
        return user
    if caller.person_id == user_id and user.password_hash is None:
        raise Conflict(reason="without a password you could not sign in any more")
    issuer, _, _ = user.oidc_subject.partition(" ")
    user.oidc_subject = None
    user.version += 1
    end_sessions_of(session, user_id, way=SignInWay.PROVIDER)
    session.flush()
    record(session, caller, "disconnect_identity", user_id, {"issuer": issuer})
    return user


def _create(session: Session, identity: Identity, role: Role) -> User:
    user = User(
        id=new_id(),
        login=clean_login(identity.login),
        name=clean_line("name", identity.name, 200),
        role=identity.role or role,
        language=identity.language,
        email=identity.email,
        password_hash=None,
        oidc_subject=identity.key,
        active=True,
        version=1,
        created_at=utc_now(),
    )
    session.add(user)
    session.flush()
    if identity.teams is not None:
        keep_in_teams(session, user_id=user.id, names=identity.teams)
    data = {"login": user.login, "role": user.role, "issuer": identity.issuer}
    record(session, _themselves(user), "create_user", user.id, data)
    return user


def _follow(session: Session, user: User, identity: Identity) -> None:
    """Take over what the provider says about role and teams."""
    data: dict[str, Any] = {}
    serialise(session, "user roles")
    if identity.role not in (None, user.role) and not is_last_admin(session, user):
        assert identity.role is not None
        user.role = identity.role
        data["role"] = identity.role
    if identity.teams is not None and keep_in_teams(session, user_id=user.id, names=identity.teams):
        data["teams"] = team_names_of(session, [user.id])[user.id]
    if data:
        user.version += 1
        session.flush()
        record(session, _themselves(user), "change_user", user.id, data | {"issuer": identity.issuer})


def _accounts_of(session: Session, email: str) -> list[Account]:
    if not email:
        return []
    found = session.scalars(select(User).where(func.lower(User.email) == email.lower()).limit(3))
    return [Account(user.id, user.password_hash is not None, user.oidc_subject is not None) for user in found]


def _refuse_disabled(user: User) -> None:
    if not user.active:
        raise AccountDisabled


def _themselves(user: User) -> Caller:
    return Caller(kind=CallerKind.PERSON, id=user.id)
