"""Who asks, and what they may see: pure, and closed wherever something is unknown."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from kb.vocabulary import Audience, Role, Scope

_ROLE_ORDER = list(Role)

#: ceilings: the narrowest audience first
_VISIBLE_UP_TO: dict[Audience, frozenset[Audience]] = {
    Audience.PUBLIC: frozenset({Audience.PUBLIC}),
    Audience.PARTNER: frozenset({Audience.PARTNER, Audience.PUBLIC}),
    Audience.INTERNAL: frozenset(Audience),
}


class CallerKind(StrEnum):
    PERSON = "person"
    KEY = "key"
    ANONYMOUS = "anonymous"
    #: the command line on the machine that holds the data, and the workers
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Caller:
    """A person, an API key, an anonymous portal visitor, or the operator of the installation."""

    kind: CallerKind
    id: str = ""
    role: Role | None = None
    scopes: frozenset[Scope] = frozenset()
    audience_ceiling: Audience | None = None
    language: str | None = None
    #: of a person
    team_ids: frozenset[str] = frozenset()
    #: of a key: customer segments whose knowledge it sees besides what is for all; with an internal ceiling
    #: none means every segment
    segments: frozenset[str] = frozenset()
    #: of a key: sees only what is about one of these, or about none in particular; empty: every product
    products: frozenset[str] = frozenset()

    @property
    def actor(self) -> str:
        """How the audit log names this caller."""
        return f"{self.kind.value}:{self.id}" if self.id else self.kind.value

    @property
    def person_id(self) -> str | None:
        """The id of the person who calls; keys and the operator are nobody's."""
        return self.id if self.kind is CallerKind.PERSON else None

    @property
    def sees_drafts(self) -> bool:
        """Whether work that is not released is shown: to people, the operator, and keys that may write."""
        match self.kind:
            case CallerKind.PERSON | CallerKind.OPERATOR:
                return True
            case CallerKind.KEY:
                return Scope.WRITE in self.scopes
            case _:
                return False

    def has_role(self, role: Role) -> bool:
        """Whether a person holds `role` or one above it; keys and visitors hold none."""
        return self.role is not None and _ROLE_ORDER.index(self.role) >= _ROLE_ORDER.index(role)


ANONYMOUS = Caller(kind=CallerKind.ANONYMOUS)
OPERATOR = Caller(kind=CallerKind.OPERATOR, role=Role.ADMIN)


class Guarded(Protocol):
    """What has an audience, and may be for some customer segments or about some products only."""

    @property
    def audience(self) -> Audience: ...

    @property
    def segments(self) -> Sequence[str]: ...

    @property
    def products(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Visibility:
    """What a caller may see. An empty set of audiences means nothing at all.

    Attributes:
        segments: customer segments whose knowledge is seen besides what is for all; None: every segment.
        products: only what is about one of these, or about none in particular, is seen; None: every product.
    """

    audiences: frozenset[Audience] = field(default_factory=frozenset)
    segments: frozenset[str] | None = frozenset()
    products: frozenset[str] | None = None

    def allows(self, thing: Guarded) -> bool:
        """Whether `thing` may be seen; `kb.sight.visible` says the same of rows."""
        if thing.audience not in self.audiences:
            return False
        for facet, allowed in ((thing.segments, self.segments), (thing.products, self.products)):
            if allowed is not None and facet and allowed.isdisjoint(facet):
                return False
        return True

    def allows_audience(self, audience: Audience) -> bool:
        """Whether anything of that audience may be seen."""
        return audience in self.audiences

    def up_to(self, audience: Audience) -> "Visibility":
        """What of this `audience` would see."""
        return replace(self, audiences=self.audiences & _VISIBLE_UP_TO[audience])

    @property
    def is_whole(self) -> bool:
        """Whether nothing is hidden."""
        return self.segments is None and self.products is None and self.audiences == frozenset(Audience)

    @property
    def is_empty(self) -> bool:
        return not self.audiences


NOTHING = Visibility()
EVERYTHING = Visibility(frozenset(Audience), segments=None)


def visibility_of(caller: Caller, *, portal_public: bool) -> Visibility:
    """What `caller` may see; whatever is not stated here sees nothing.

    Args:
        portal_public: whether visitors without credentials may see public knowledge.
    """
    match caller:
        case Caller(kind=CallerKind.OPERATOR):
            return EVERYTHING
        case Caller(kind=CallerKind.PERSON, role=Role()):
            return EVERYTHING
        case Caller(kind=CallerKind.KEY, audience_ceiling=Audience() as ceiling):
            # What works for the staff sees what the staff sees, unless it is told to see less.
            whole = ceiling is Audience.INTERNAL and not caller.segments
            segments = None if whole else caller.segments
            return Visibility(_VISIBLE_UP_TO[ceiling], segments, caller.products or None)
        case Caller(kind=CallerKind.ANONYMOUS) if portal_public:
            return Visibility(_VISIBLE_UP_TO[Audience.PUBLIC])
        case _:
            return NOTHING
