"""The sections of the desk: one table that menu and first page are made from."""

from dataclasses import dataclass

from kb.visibility import Caller
from kb.vocabulary import Role
from kb.waiting import Waiting


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the desk.

    Attributes:
        name: what pages call it; `desk_nav_<name>` is its label.
        role: the least role that has something to do there.
        counts: fields of `Waiting` that are shown beside its label, added up.
    """

    name: str
    path: str
    role: Role = Role.AGENT
    counts: tuple[str, ...] = ()


SECTIONS: tuple[Section, ...] = (
    Section("overview", "/desk"),
    Section("notes", "/desk/notes", counts=("drafts", "notes")),
    Section("articles", "/desk/articles", counts=("unkept",)),
    Section("reviews", "/desk/reviews", counts=("reviews",)),
    Section("findings", "/desk/findings", counts=("findings",)),
    Section("flags", "/desk/flags", counts=("flags",)),
    Section("upkeep", "/desk/upkeep", counts=("due",)),
    Section("templates", "/desk/templates", role=Role.MANAGER),
    Section("exchange", "/desk/exchange", role=Role.MANAGER),
    Section("people", "/people", role=Role.ADMIN),
    Section("teams", "/people/teams", role=Role.MANAGER),
    Section("account", "/account"),
)


@dataclass(frozen=True, slots=True)
class WaitingFor:
    """What may wait for somebody, a field of `Waiting`, and where it is seen to.

    `waiting_<name>` and `waiting_<name>_help` are its words.
    """

    name: str
    path: str


WAITING: tuple[WaitingFor, ...] = (
    WaitingFor("unkept", "/desk/articles?mark=unkept&owner=mine"),
    WaitingFor("drafts", "/desk/notes"),
    WaitingFor("notes", "/desk/notes?show=told"),
    WaitingFor("reviews", "/desk/reviews"),
    WaitingFor("findings", "/desk/findings"),
    WaitingFor("flags", "/desk/flags"),
    WaitingFor("due", "/desk/upkeep?mine=true"),
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A section as the menu shows it; `count` is 0 where nothing waits."""

    name: str
    path: str
    count: int
    is_here: bool


def menu_of(caller: Caller, waiting: Waiting, *, section: str) -> list[MenuItem]:
    """The sections that `caller` has something to do in; `section` is where they are."""
    return [
        MenuItem(
            name=one.name,
            path=one.path,
            count=sum(getattr(waiting, name) for name in one.counts),
            is_here=one.name == section,
        )
        for one in SECTIONS
        if caller.has_role(one.role)
    ]
