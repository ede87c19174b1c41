"""Who asks: every kind of caller, with what is true of it written out, as the oracle reads it."""

from dataclasses import dataclass, field
from enum import StrEnum

PUBLIC = frozenset({"public"})
PARTNER = frozenset({"public", "partner"})
INTERNAL = frozenset({"public", "partner", "internal"})
NO_AUDIENCE = frozenset[str]()
SEGMENT, OTHER_SEGMENT = "طلایی", "نقره‌ای"
PRODUCT, OTHER_PRODUCT = "تلفن", "تلویزیون"


class Standing(StrEnum):
    """How a caller proves who it is."""

    VISITOR = "visitor"
    #: a visitor of an installation whose portal is closed
    SHUT_OUT = "shut_out"
    KEY = "key"
    PERSON = "person"
    OPERATOR = "operator"
    #: credentials that are not valid any more, or never were
    REVOKED_KEY = "revoked_key"
    EXPIRED_KEY = "expired_key"
    UNKNOWN_KEY = "unknown_key"
    FORMER_PERSON = "former_person"
    ENDED_SESSION = "ended_session"


@dataclass(frozen=True, slots=True)
class Asker:
    """A caller and its traits.

    Args:
        scopes: of a key.
        segments, products: None: all of them.
        role: of a person.
    """

    name: str
    standing: Standing
    audiences: frozenset[str] = NO_AUDIENCE
    scopes: frozenset[str] = frozenset()
    segments: frozenset[str] | None = frozenset()
    products: frozenset[str] | None = None
    role: str | None = None
    #: whether a quick proof asks as this one
    quick: bool = False
    #: of a person, once it is in the record
    id: str = ""
    headers: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def is_person(self) -> bool:
        return self.standing is Standing.PERSON

    @property
    def is_operator(self) -> bool:
        return self.standing is Standing.OPERATOR


def _key(name: str, audiences: frozenset[str], scopes: str, **traits: object) -> Asker:
    return Asker(name, Standing.KEY, audiences, frozenset(scopes.split()), **traits)  # type: ignore[arg-type]


def _person(name: str, role: str, *, quick: bool = False) -> Asker:
    return Asker(name, Standing.PERSON, INTERNAL, segments=None, role=role, quick=quick)


def _gold(*segments: str) -> frozenset[str]:
    return frozenset(segments)


#: the operator comes last: what nobody else may see, it must have seen
ASKERS: tuple[Asker, ...] = (
    Asker("visitor", Standing.VISITOR, PUBLIC, quick=True),
    Asker("visitor of a closed portal", Standing.SHUT_OUT),
    Asker("revoked key", Standing.REVOKED_KEY),
    Asker("expired key", Standing.EXPIRED_KEY),
    Asker("unknown key", Standing.UNKNOWN_KEY),
    Asker("person who left", Standing.FORMER_PERSON, PUBLIC),
    Asker("ended session", Standing.ENDED_SESSION, PUBLIC),
    _key("public key that searches", PUBLIC, "search"),
    _key("public key that reads", PUBLIC, "search read"),
    _key("public key that may do everything", PUBLIC, "search read write release admin", quick=True),
    _key("public key of the segment", PUBLIC, "search read", segments=_gold(SEGMENT)),
    _key("public key of another segment", PUBLIC, "search read", segments=_gold(OTHER_SEGMENT)),
    _key("partner key that reads", PARTNER, "search read", quick=True),
    _key("partner key that writes", PARTNER, "search read write", segments=_gold(SEGMENT)),
    _key("partner key of another product", PARTNER, "search read write", products=_gold(OTHER_PRODUCT)),
    _key("internal key that reads", INTERNAL, "search read", segments=None, quick=True),
    _key("internal key that only writes", INTERNAL, "write", segments=None),
    _key("internal key of another segment", INTERNAL, "search read write", segments=_gold(OTHER_SEGMENT)),
    _key(
        "internal key of another product",
        INTERNAL,
        "search read write",
        segments=None,
        products=_gold(OTHER_PRODUCT),
        quick=True,
    ),
    _key(
        "internal key of the product",
        INTERNAL,
        "search read write release",
        segments=None,
        products=_gold(PRODUCT),
    ),
    _person("agent", "agent", quick=True),
    _person("author of the drafts", "agent", quick=True),
    _person("contributor", "contributor"),
    _person("publisher", "publisher"),
    _person("manager", "manager"),
    _person("administrator", "admin"),
    Asker("operator", Standing.OPERATOR, INTERNAL, segments=None, quick=True),
)
