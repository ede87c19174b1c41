from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from types import SimpleNamespace
from typing import cast

import pytest

from kb.errors import AudienceTooNarrow, Forbidden, NotFound, NotSignedIn
from kb.rights import require, require_placing, require_serving, require_sight
from kb.visibility import (
    ANONYMOUS,
    EVERYTHING,
    NOTHING,
    OPERATOR,
    Caller,
    CallerKind,
    Guarded,
    visibility_of,
)
from kb.vocabulary import Audience, Role, Scope
from tests.factories import make_key

INTERNAL, PARTNER, PUBLIC = Audience


def thing(audience: object, *, segments: Sequence[str] = (), products: Sequence[str] = ()) -> Guarded:
    return cast(Guarded, SimpleNamespace(audience=audience, segments=segments, products=products))


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
    assert {audience for audience in Audience if visibility.allows_audience(audience)} == sees
    assert visibility.is_empty is (not sees)


def test_what_has_no_known_audience_is_seen_by_nobody() -> None:
    for audience in (None, "", "everyone"):
        assert not EVERYTHING.allows(thing(audience))
    assert EVERYTHING.allows(thing(PUBLIC))
    assert not NOTHING.allows(thing(PUBLIC))


@pytest.mark.parametrize(
    ("segments", "products", "sees"),
    [
        ((), (), {"for all", "about the phone"}),
        (("gold",), (), {"for all", "about the phone", "for gold", "for gold and silver"}),
        (("silver",), (), {"for all", "about the phone", "for gold and silver"}),
        ((), ("tv",), {"for all"}),
        (("gold",), ("phone",), {"for all", "about the phone", "for gold", "for gold and silver"}),
        (("gold",), ("tv",), {"for all", "for gold", "for gold and silver"}),
    ],
)
def test_keys_see_their_segments_and_products_and_what_is_for_all(
    segments: tuple[str, ...], products: tuple[str, ...], sees: set[str]
) -> None:
    things = {
        "for all": thing(PUBLIC),
        "about the phone": thing(PUBLIC, products=["phone"]),
        "for gold": thing(PUBLIC, segments=["gold"]),
        "for gold and silver": thing(PUBLIC, segments=["gold", "silver"]),
        "internal": thing(INTERNAL),
    }
    key = replace(make_key(), segments=frozenset(segments), products=frozenset(products))
    visibility = visibility_of(key, portal_public=False)
    assert {name for name, one in things.items() if visibility.allows(one)} == sees
    staff_key = replace(make_key(ceiling=INTERNAL), segments=frozenset(segments))
    staff = visibility_of(staff_key, portal_public=False)
    assert staff.allows(things["for gold"]) is (not segments or "gold" in segments)


def test_visitors_see_nothing_that_is_for_some_customers_only() -> None:
    visitor = visibility_of(ANONYMOUS, portal_public=True)
    assert visitor.allows(thing(PUBLIC, products=["phone"]))
    assert not visitor.allows(thing(PUBLIC, segments=["gold"]))
    assert visibility_of(person(Role.AGENT), portal_public=True).allows(thing(INTERNAL, segments=["gold"]))


def test_keys_place_nothing_beyond_their_segments_and_products() -> None:
    key = replace(make_key(), segments=frozenset({"gold"}), products=frozenset({"phone"}))
    require_placing(key, PUBLIC, segments=["gold"], products=["phone"])
    require_placing(key, PUBLIC)
    for beyond in ({"segments": ["silver"]}, {"products": ["tv"]}):
        with pytest.raises(Forbidden):
            require_placing(key, PUBLIC, **beyond)


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
    require_sight(partner, thing(PUBLIC), what="article", id="a")
    with pytest.raises(NotFound):
        require_sight(partner, thing(INTERNAL), what="article", id="a")
    with pytest.raises(NotFound):
        require_sight(ANONYMOUS, thing(PUBLIC), what="article", id="a")


def test_what_the_public_sees_at_once_needs_a_publisher_or_the_release_scope() -> None:
    for allowed in (person(Role.PUBLISHER), person(Role.ADMIN), make_key(Scope.RELEASE), OPERATOR):
        require_serving(allowed, PUBLIC)
    for refused in (person(Role.CONTRIBUTOR), make_key(Scope.WRITE)):
        with pytest.raises(Forbidden):
            require_serving(refused, PUBLIC)
    require_serving(person(Role.AGENT), INTERNAL)
