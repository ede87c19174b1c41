"""Who works here, by name: whoever is signed in may know."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.user import User
from kb.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Colleague:
    id: str
    name: str
    role: Role


def person_names(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """The names of these people by id; None and unknown ones are left out."""
    wanted = {id for id in ids if id is not None}
    if not wanted:
        return {}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def colleagues(session: Session) -> list[Colleague]:
    """Everybody who can sign in, by name."""
    rows = session.execute(select(User.id, User.name, User.role).where(User.active).order_by(User.name))
    return [Colleague(id, name, role) for id, name, role in rows]
