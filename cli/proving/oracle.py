"""What each asker may see: the rules once more, in a table of their own, so that both must be wrong alike."""

from cli.proving.askers import Asker, Standing
from cli.proving.planted import Reach, Secret, Thing

#: of a key, one of these is needed
_SCOPES = {
    Reach.SERVED: {"search", "read", "write"},
    Reach.DESK: {"write"},
    Reach.INSPECTED: {"read", "write"},
    Reach.ADMIN: {"admin"},
}
#: who comes without credentials, or with those of a session that is over, is a visitor
_VISITORS = {Standing.VISITOR, Standing.FORMER_PERSON, Standing.ENDED_SESSION}


def may_see(asker: Asker, secret: Secret) -> bool:
    """Whether that part of that thing may be shown to that caller."""
    return _reaches(asker, secret.thing, secret.reach)


def may_know_of(asker: Asker, thing: Thing) -> bool:
    """Whether the caller may learn that the thing exists."""
    return _reaches(asker, thing, thing.reach)


def is_licensed(asker: Asker, reach: Reach) -> bool:
    """Whether the caller's role or scopes are enough, whatever it is about."""
    match asker.standing:
        case Standing.OPERATOR:
            return reach is not Reach.NOBODY
        case Standing.PERSON if reach in (Reach.SERVED, Reach.DESK, Reach.INSPECTED):
            return True
        case Standing.PERSON:
            return reach is Reach.ADMIN and asker.role == "admin"
        case Standing.KEY if reach in _SCOPES:
            return bool(asker.scopes & _SCOPES[reach])
        case _ if asker.standing in _VISITORS:
            return reach is Reach.SERVED
        case _:
            return False


def _reaches(asker: Asker, thing: Thing, reach: Reach) -> bool:
    if reach is Reach.NOBODY:
        return False
    if asker.is_operator or (asker.is_person and asker.id == thing.owner):
        return True
    if not is_licensed(asker, reach):
        return False
    if thing.audience is None:
        return True
    return (
        thing.audience in asker.audiences
        and (thing.segment is None or asker.segments is None or thing.segment in asker.segments)
        and (thing.product is None or asker.products is None or thing.product in asker.products)
    )
