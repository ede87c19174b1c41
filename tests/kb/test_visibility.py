from itertools import product

import pytest

from kb.errors import AudienceTooNarrow, Forbidden, NotFound, NotSignedIn
from kb.rights import require, require_placing, require_serving, require_sight
from kb.visibility import (
    ANONYMOUS,
    NOTHING,
    OPERATOR,
    Caller,
    CallerKind,
    Visibility,
    visibility_of,
)
from kb.vocabulary import Audience, Role, Scope
from tests.factories import make_key

INTERNAL, PARTNER, PUBLIC = Audience


def person(role: Role | None) -> Caller:
    return Caller(kind=CallerKind.PERSON, id="p", role=role)


@pytest.mark.parametrize(
    ("caller", "portal_public", "sees"),
    [
        (OPERATOR, False, {INTERNAL, PARTNER, PUBLIC}),
        *((person(role), False, {INTERNAL, PARTNER, PUBLIC}) for role in Role),
        (make_key(ceiling=INTERNAL), False, {INTERNAL, PARTNER, PUBLIC}),
        (make_key(ceiling=PARTNER), False, {PARTNER, PUBLIC}),
        (make_key(ceiling=PUBLIC), False, {PUBLIC}),
        (ANONYMOUS, True, {PUBLIC}),
        # closed wherever something is unknown
        (ANONYMOUS, False, set()),
        (make_key(ceiling=None), True, set()),
        (person(None), True, set()),
        (Caller(kind=CallerKind.ANONYMOUS, role=Role.ADMIN, audience_ceiling=INTERNAL), False, set()),
    ],
)
def test_each_caller_sees_what_is_stated_and_nothing_else(
    caller: Caller, portal_public: bool, sees: set[Audience]
) -> None:
    visibility = visibility_of(caller, portal_public=portal_public)
    assert visibility.audiences == sees
    assert {audience for audience in Audience if visibility.allows(audience)} == sees
    assert visibility.is_empty is (not sees)


def test_what_has_no_known_audience_is_seen_by_nobody() -> None:
    everything = Visibility(frozenset(Audience))
    assert not everything.allows(None)
    assert not everything.allows("")
    assert not everything.allows("everyone")
    assert everything.allows("public")
    assert not NOTHING.allows("public")


@pytest.mark.parametrize(("role", "needed"), list(product(Role, Role)))
def test_persons_need_the_role_or_one_above_it(role: Role, needed: Role) -> None:
    order = list(Role)
    if order.index(role) >= order.index(needed):
        require(person(role), role=needed, scope=Scope.ADMIN)
    else:
        with pytest.raises(Forbidden) as refusal:
            require(person(role), role=needed, scope=Scope.ADMIN)
        assert needed.value in refusal.value.message("fa")


@pytest.mark.parametrize(("scope", "needed"), list(product(Scope, Scope)))
def test_keys_need_the_very_scope(scope: Scope, needed: Scope) -> None:
    if scope is needed:
        require(make_key(scope), role=Role.ADMIN, scope=needed)
    else:
        with pytest.raises(Forbidden):
            require(make_key(scope), role=Role.AGENT, scope=needed)


def test_visitors_are_asked_to_sign_in_and_the_operator_never() -> None:
    with pytest.raises(NotSignedIn):
        require(ANONYMOUS, role=Role.AGENT, scope=Scope.SEARCH)
    with pytest.raises(Forbidden):
        require(person(None), role=Role.AGENT, scope=Scope.SEARCH)
    require(OPERATOR, role=Role.ADMIN, scope=Scope.ADMIN)


def test_nobody_places_or_changes_what_they_cannot_see() -> None:
    partner = make_key(Scope.WRITE, ceiling=PARTNER)
    require_placing(partner, PARTNER)
    with pytest.raises(AudienceTooNarrow) as refusal:
        require_placing(partner, INTERNAL)
    assert refusal.value.data["ceiling"] == "partner"
    require_sight(partner, PUBLIC, what="article", id="a")
    with pytest.raises(NotFound):
        require_sight(partner, INTERNAL, what="article", id="a")
    with pytest.raises(NotFound):
        require_sight(ANONYMOUS, PUBLIC, what="article", id="a")


def test_what_the_public_sees_at_once_needs_a_publisher_or_the_release_scope() -> None:
    for allowed in (person(Role.PUBLISHER), person(Role.ADMIN), make_key(Scope.RELEASE), OPERATOR):
        require_serving(allowed, PUBLIC)
    for refused in (person(Role.CONTRIBUTOR), make_key(Scope.WRITE)):
        with pytest.raises(Forbidden):
            require_serving(refused, PUBLIC)
    require_serving(person(Role.AGENT), INTERNAL)
