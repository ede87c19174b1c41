"""Situations in which verbs about people, teams and keys change something."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from kb import (
    api_key,
    team,
    user,
)
from kb.clock import utc_now
from kb.visibility import OPERATOR
from kb.vocabulary import (
    Language,
    Role,
    Scope,
)
from tests.audited.situation import FA, INTERNAL, Verb, of_new
from tests.factories import make_person

PASSWORD = "یک گذرواژهٔ بلند"


IDENTITY = user.Identity(
    issuer="https://idp.example", subject="2", login="new", name="نو", email="", language=FA
)


def of_user(verb: Verb, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        person = make_person(session)
        return lambda: verb(session, caller=OPERATOR, user_id=person.id, **given)

    return prepare


def of_team(verb: Verb, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        made = team.create_team(session, caller=OPERATOR, name="پیک")
        return lambda: verb(session, caller=OPERATOR, team_id=made.id, **given)

    return prepare


def in_team(verb: Verb) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        made, person = team.create_team(session, caller=OPERATOR, name="پیک"), make_person(session)
        if verb is team.remove_from_team:
            team.add_to_team(session, caller=OPERATOR, team_id=made.id, user_id=person.id)
        return lambda: verb(session, caller=OPERATOR, team_id=made.id, user_id=person.id)

    return prepare


def signed_in(session: Session) -> tuple[user.User, user.SignIn]:
    person = make_person(session)
    user.set_password(session, caller=OPERATOR, user_id=person.id, password=PASSWORD)
    who = session.get_one(user.User, person.id)
    return who, user.open_session(session, user=who, now=utc_now(), hours=1)


def opening_a_session(session: Session) -> Callable[[], Any]:
    who, _ = signed_in(session)
    return lambda: user.open_session(session, user=who, now=utc_now(), hours=1)


def signing_in(session: Session) -> Callable[[], Any]:
    who, _ = signed_in(session)
    return lambda: user.sign_in(session, login=who.login, password=PASSWORD, now=utc_now(), hours=1)


def signing_out(session: Session) -> Callable[[], Any]:
    _, sign_in = signed_in(session)
    return lambda: user.sign_out(session, token=sign_in.token)


def with_password(verb: Verb, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    """On one's own sign-ins, or one's own connection to the identity provider."""

    def prepare(session: Session) -> Callable[[], Any]:
        who, _ = signed_in(session)
        who.oidc_subject = None if verb is user.connect_identity else "https://idp.example 1"
        caller = user.caller_of_user(session, who)
        if verb is user.connect_identity:
            return lambda: verb(session, caller=caller, identity=IDENTITY)
        if verb is user.end_session:
            given["session_id"] = user.list_sessions(session, caller=caller, user_id=who.id, now=utc_now())[
                0
            ].id
        return lambda: verb(session, caller=caller, user_id=who.id, **given)

    return prepare


def admitting(session: Session) -> Callable[[], Any]:
    rules = user.Admission(create=Role.AGENT)
    return lambda: user.admit_identity(session, identity=IDENTITY, rules=rules)


def choosing_language(session: Session) -> Callable[[], Any]:
    person = make_person(session)
    return lambda: user.choose_language(session, caller=person, language=Language.ENGLISH)


def choosing_password(session: Session) -> Callable[[], Any]:
    who, _ = signed_in(session)
    reset = user.reset_password(session, caller=OPERATOR, user_id=who.id, now=utc_now())
    given = {"login": who.login, "secret": reset.secret, "password": PASSWORD, "now": utc_now()}
    return lambda: user.choose_password(session, **given)


def revoking(session: Session) -> Callable[[], Any]:
    given = {"name": "x", "scopes": [Scope.READ], "audience_ceiling": INTERNAL}
    new = api_key.create_key(session, caller=OPERATOR, **given)
    return lambda: api_key.revoke_key(session, caller=OPERATOR, key_id=new.key.id)


PEOPLE: dict[Verb, Callable[[Session], Callable[[], Any]]] = {
    user.create_user: of_new(user.create_user, login="new", name="n", role=Role.AGENT),
    user.change_user: of_user(user.change_user, name="نو", teams=[]),
    user.set_password: of_user(user.set_password, password=PASSWORD),
    user.open_session: opening_a_session,
    user.sign_in: signing_in,
    user.sign_out: signing_out,
    user.end_session: with_password(user.end_session),
    user.end_sessions: with_password(user.end_sessions),
    user.reset_password: of_user(user.reset_password, now=utc_now()),
    user.choose_language: choosing_language,
    user.choose_password: choosing_password,
    user.admit_identity: admitting,
    user.connect_identity: with_password(user.connect_identity),
    user.disconnect_identity: with_password(user.disconnect_identity),
    api_key.create_key: of_new(api_key.create_key, name="k", scopes=[Scope.READ], audience_ceiling=INTERNAL),
    api_key.revoke_key: revoking,
    team.create_team: of_new(team.create_team, name="فروش"),
    team.rename_team: of_team(team.rename_team, name="پشتیبانی"),
    team.delete_team: of_team(team.delete_team),
    team.add_to_team: in_team(team.add_to_team),
    team.remove_from_team: in_team(team.remove_from_team),
}
