"""Who asks, and what they may see: pure, and closed wherever something is unknown."""

from dataclasses import dataclass, field
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Visibility:
    """What a caller may see. An empty set of audiences means nothing at all."""

    audiences: frozenset[Audience] = field(default_factory=frozenset)

    def allows(self, audience: str | Audience | None) -> bool:
        return audience in self.audiences

    @property
    def is_empty(self) -> bool:
        return not self.audiences


NOTHING = Visibility()


def visibility_of(caller: Caller, *, portal_public: bool) -> Visibility:
    """What `caller` may see; whatever is not stated here sees nothing.

    Args:
        portal_public: whether visitors without credentials may see public knowledge.
    """
    match caller:
        case Caller(kind=CallerKind.OPERATOR):
            return Visibility(_VISIBLE_UP_TO[Audience.INTERNAL])
        case Caller(kind=CallerKind.PERSON, role=Role()):
            return Visibility(_VISIBLE_UP_TO[Audience.INTERNAL])
        case Caller(kind=CallerKind.KEY, audience_ceiling=Audience() as ceiling):
            return Visibility(_VISIBLE_UP_TO[ceiling])
        case Caller(kind=CallerKind.ANONYMOUS) if portal_public:
            return Visibility(_VISIBLE_UP_TO[Audience.PUBLIC])
        case _:
            return NOTHING
