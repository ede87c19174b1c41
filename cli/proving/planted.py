"""What was planted: things, the secrets in them, and where each can be asked for."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from cli.proving.tokens import Finder, Mint

#: pairs of tokens that stay out of the record: what a search for nothing looks like
_UNKNOWN = 50


class Reach(StrEnum):
    """Whom a part of a thing is for, among those who may see the thing's audience, segment and product."""

    #: whoever may search or read
    SERVED = "served"
    #: whoever works on the knowledge: people, and keys that may write
    DESK = "desk"
    #: people, and keys that may read: what is kept of a document besides its text
    INSPECTED = "inspected"
    #: one person
    OWNER = "owner"
    #: administrators, whatever else they may see
    ADMIN = "admin"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with an id: an article, a note, a person ...

    `audience` is None where a thing has none (a person, a key): its reach alone decides then.
    """

    kind: str
    id: str
    #: how reports name it
    label: str
    audience: str | None
    #: whom it is for as a whole: a draft's existence is the desk's
    reach: Reach
    segment: str | None = None
    product: str | None = None
    #: of `Reach.OWNER`
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """One part of one thing, as tokens that occur nowhere else; `persian` is empty where it takes ASCII."""

    thing: Thing
    part: str
    reach: Reach
    persian: str
    latin: str

    def __str__(self) -> str:
        return f"{self.part} of {self.thing.label}"

    @property
    def tokens(self) -> tuple[str, ...]:
        return tuple(token for token in (self.persian, self.latin) if token)


@dataclass(slots=True)
class World:
    """Everything that was planted.

    Attributes:
        extra: ids that belong to others, such as a check's, by (thing's id, placeholder in the address).
        unknown: tokens that were planted nowhere.
        alike: secrets that the same callers may see, together.
    """

    mint: Mint
    things: list[Thing] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)
    extra: dict[tuple[str, str], str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    alike: list[list[Secret]] = field(default_factory=list)
    _finder: Finder | None = None
    _by_token: dict[str, Secret] = field(default_factory=dict)
    _of_thing: dict[str, list[Secret]] = field(default_factory=dict)

    def of_kind(self, kind: str) -> Iterator[Thing]:
        return (thing for thing in self.things if thing.kind == kind)

    def secrets_of(self, thing: Thing) -> list[Secret]:
        return self._of_thing.get(thing.id, [])

    def secret_of(self, token: str) -> Secret:
        return self._by_token[token]

    def thing_of(self, id: str) -> Thing:
        return next(thing for thing in self.things if thing.id == id)

    @property
    def finder(self) -> Finder:
        assert self._finder is not None
        return self._finder

    def finish(self) -> None:
        """Planting is over: from now on tokens can be looked up."""
        of_thing = defaultdict(list)
        for secret in self.secrets:
            of_thing[secret.thing.id].append(secret)
        self._of_thing = dict(of_thing)
        self._by_token = {token: secret for secret in self.secrets for token in secret.tokens}
        self._finder = Finder(self._by_token)
        self.unknown = [token for _ in range(_UNKNOWN) for token in self.mint.pair()]
        alike = defaultdict(list)
        for secret in self.secrets:
            thing = secret.thing
            alike[thing.audience, thing.segment, thing.product, thing.owner, secret.reach].append(secret)
        self.alike = list(alike.values())


class Bed:
    """Secrets for a thing that has no id yet: what planting writes, before it knows what it made."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sown: list[tuple[str, Reach, str, str]] = []

    def sow(self, part: str, reach: Reach, *, latin_only: bool = False) -> str:
        """A new secret, as the words that go into the text."""
        persian, latin = self._world.mint.pair()
        persian = "" if latin_only else persian
        self._sown.append((part, reach, persian, latin))
        return f"{persian} {latin}".strip()

    def claim(self, thing: Thing) -> Thing:
        """`thing` is new, and everything that was sown is in it."""
        self._world.things.append(thing)
        return self.join(thing)

    def join(self, thing: Thing) -> Thing:
        """Everything that was sown is in `thing`, which was planted before."""
        self._world.secrets += [Secret(thing, part, reach, fa, la) for part, reach, fa, la in self._sown]
        self._sown = []
        return thing
