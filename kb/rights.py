"""Who may change what: every changing verb asks here, and whatever is not allowed is refused."""

from collections.abc import Sequence

from kb.errors import AudienceTooNarrow, Forbidden, NotFound, NotSignedIn
from kb.visibility import Caller, CallerKind, Guarded, visibility_of
from kb.vocabulary import Audience, Role, Scope


def require(caller: Caller, *, role: Role, scope: Scope) -> None:
    """Let persons of at least `role`, keys with `scope` and the operator pass.

    Raises:
        NotSignedIn: a visitor without credentials.
        Forbidden: too low a role, or the scope is missing.
    """
    match caller.kind:
        case CallerKind.OPERATOR:
            return
        case CallerKind.PERSON:
            if not caller.has_role(role):
                raise Forbidden(needs=f"role {role.value}")
        case CallerKind.KEY:
            if scope not in caller.scopes:
                raise Forbidden(needs=f"scope {scope.value}")
        case _:
            raise NotSignedIn


def require_sight(caller: Caller, thing: Guarded, *, what: str, id: str) -> None:
    """Refuse to change what the caller may not see.

    Raises:
        NotFound: as if it were absent.
    """
    if not visibility_of(caller, portal_public=False).allows(thing):
        raise NotFound(what=what, id=id)


def require_placing(
    caller: Caller, audience: Audience, *, segments: Sequence[str] = (), products: Sequence[str] = ()
) -> None:
    """Refuse to put something where the caller could not see it.

    Raises:
        AudienceTooNarrow: a key above its ceiling.
        Forbidden: a key beyond its customer segments or products.
    """
    sight = visibility_of(caller, portal_public=False)
    for name, facet, allowed in (
        ("segment", segments, sight.segments),
        ("product", products, sight.products),
    ):
        beyond = set() if allowed is None else set(facet) - allowed
        if beyond:
            raise Forbidden(needs=f"{name} {min(beyond)}")
    if not sight.allows_audience(audience):
        ceiling = caller.audience_ceiling.value if caller.audience_ceiling else "nothing"
        raise AudienceTooNarrow(audience=audience.value, ceiling=ceiling)


def require_serving(caller: Caller, audience: Audience) -> None:
    """What the public sees at once needs a publisher, or a key that may release.

    Raises:
        AudienceTooNarrow, Forbidden: as `require_placing` and `require`.
    """
    require_placing(caller, audience)
    if audience is Audience.PUBLIC:
        require(caller, role=Role.PUBLISHER, scope=Scope.RELEASE)
