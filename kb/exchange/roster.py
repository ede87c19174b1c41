"""Who is here: the people and teams that imported files name, found by login and by name."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.errors import InvalidInput
from kb.exchange.image import ArticleImage, Image, NoteImage, PeopleImage
from kb.team import Team, create_team
from kb.user import User, clean_login, create_user
from kb.visibility import Caller
from kb.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Roster:
    """Ids by login and by team name.

    Attributes:
        stand_in: the login of who owns what unknown people and teams owned; None: nobody does, and files
            that name them are refused.
    """

    people: dict[str, str] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)
    stand_in: str | None = None

    def joined_by(self, coming: PeopleImage) -> "Roster":
        """Everybody, as if those who will be added before anything else were here already."""
        logins = {person.login: "" for person in coming.people}
        teams = dict.fromkeys((*coming.teams, *(t for one in coming.people for t in one.teams)), "")
        return Roster(logins | self.people, teams | self.teams, self.stand_in)

    def unknown(self, image: Image) -> list[str]:
        """Whom an image names that is not here; nobody while somebody stands in for them."""
        if self.stand_in is not None:
            return []
        logins, teams = _named(image)
        return sorted((logins - self.people.keys()) | (teams - self.teams.keys()))

    def owner_id(self, login: str | None) -> str | None:
        """Who owns what `login` owned; whoever stands in where that one is not here."""
        if login is None:
            return None
        return self.people.get(login) or self.people.get(self.stand_in or "")

    def owner(self, login: str | None) -> str | None:
        """The login of `owner_id`."""
        return login if login is None or login in self.people else self.stand_in

    def author_id(self, login: str | None) -> str | None:
        """Who wrote it; nobody where that person is not here: nobody else wrote it."""
        return None if login is None else self.people.get(login)

    def team_id(self, name: str | None) -> str | None:
        return None if name is None else self.teams.get(name)

    def team(self, name: str | None) -> str | None:
        return name if name in self.teams else None


def read_roster(session: Session, *, stand_in: str | None = None) -> Roster:
    """Everybody who is here.

    Raises:
        InvalidInput: nobody has the login `stand_in`.
    """
    people = {login: user_id for login, user_id in session.execute(select(User.login, User.id))}  # noqa: C416
    teams = {name: team_id for name, team_id in session.execute(select(Team.name, Team.id))}  # noqa: C416
    if stand_in is not None:
        stand_in = clean_login(stand_in)
        if stand_in not in people:
            raise InvalidInput(field="owner", reason=f"nobody here has the login {stand_in}")
    return Roster(people, teams, stand_in)


def add_people(session: Session, *, caller: Caller, coming: PeopleImage) -> list[str]:
    """Add people and teams that are not here yet; people as agents who get a password later.

    Returns:
        The logins that were added.
    Raises:
        NotSignedIn, Forbidden: it is for administrators. InvalidInput, EmptyText, TextTooLong.
    """
    known = set(session.scalars(select(User.login)))
    added: list[str] = []
    for person in coming.people:
        login = clean_login(person.login)
        if login in known:
            continue
        create_user(
            session,
            caller=caller,
            login=login,
            name=person.name,
            role=Role.AGENT,
            language=person.language,
            teams=person.teams,
            password=None,
        )
        known.add(login)
        added.append(login)
    teams = set(session.scalars(select(Team.name)))
    for name in coming.teams:
        if name not in teams:
            create_team(session, caller=caller, name=name)
    return added


def _named(image: Image) -> tuple[set[str], set[str]]:
    """Logins and team names; those of authors, too: their credit would be lost in silence."""
    match image:
        case ArticleImage():
            revisions = [one for one in (image.words, image.working) if one is not None]
            logins = {image.owner, image.scheduled_by, *(one.author for one in revisions)}
            logins |= {one.author for one in image.attachments}
            teams = {image.team}
        case NoteImage():
            logins, teams = {image.author}, set()
        case _:
            logins, teams = set(), set()
    return {one for one in logins if one is not None}, {one for one in teams if one is not None}
