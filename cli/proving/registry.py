"""Every surface by its name, and the requests that could betray something there.

A route's name is `METHOD /path/{as_declared}`, a command's `kb words`. Each is declared once, in `surfaces/`:

    reads("GET /v1/articles/{article_id}", of="article")             what is asked for by id
    lists("GET /v1/articles", filters=("text",))                     pages of things, and filters on words
    changes("POST /v1/articles/{article_id}/release", of="article")  verbs on something that exists
    creates("POST /v1/articles", json={...})                         verbs that make something
    mentions("POST /v1/flags", of=("article",), put=...)             verbs that are told what they are about
    sends("POST /v1/upkeep/reassign", json={...})                    verbs about nothing that was planted
    silent("GET /health/live", why="...")                            shows nothing that anybody wrote
    @probes("GET /v1/suggest")                                       anything else: yields `Ask`s
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from cli.proving.askers import Asker
from cli.proving.oracle import may_know_of, may_see
from cli.proving.planted import Reach, Secret, Thing, World

#: an id that nothing has
ABSENT = "0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c22"
#: and another, to be named beside the first
NOWHERE = "0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c23"
#: a version that nothing has: whoever may change the thing is told so, and changes nothing
NO_VERSION = {"If-Match": '"999999"'}
IDEMPOTENCY_KEY = "planted"
_PLACEHOLDER = re.compile(r"{(\w+)(?::\w+)?}")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request.

    Args:
        words: the tokens it names; `echoes`: the strings that may come back because they were sent.
        like: the same about what is nowhere. `as_absent`: the two answers must be the same but for the ids;
            `as_unknown`: they must have the same shape (how many hits, pages, repairs).
        follow: whether the further pages are asked for, too.
        most: of a count, what there is in sight; more would be told of what is hidden.
    """

    surface: str
    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    files: Mapping[str, tuple[str, bytes]] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    echoes: tuple[str, ...] = ()
    like: "Ask | None" = None
    compared: Literal["", "as_absent", "as_unknown"] = ""
    follow: bool = False
    most: int | None = None


Probe = Callable[[World, Asker], Iterable[Ask]]


@dataclass(frozen=True, slots=True)
class Surface:
    """A registered route or command.

    Args:
        why: of one that is not asked: why nothing can come out of it.
        shows: whether somebody must have seen something there, or else the probe is blind.
        open_to: whoever is licensed so far may see anything there.
        names_ids: ids of anything may be there, and say nothing by themselves.
    """

    name: str
    probe: Probe | None
    why: str = ""
    shows: bool = False
    open_to: Reach | None = None
    names_ids: bool = False


SURFACES: dict[str, Surface] = {}


class Declared(ValueError):
    """A surface is declared twice, or without what it needs."""


def register(surface: Surface) -> None:
    if surface.name in SURFACES:
        raise Declared(f"{surface.name} is declared twice")
    SURFACES[surface.name] = surface


def probes(name: str, *, shows: bool = True) -> Callable[[Probe], Probe]:
    """Declare a surface whose requests the decorated function yields."""

    def declare(probe: Probe) -> Probe:
        register(Surface(name, probe, shows=shows))
        return probe

    return declare


def silent(name: str, *, why: str) -> None:
    """Declare a surface out of which nothing can come that anybody wrote."""
    if not why:
        raise Declared(f"{name}: say why")
    register(Surface(name, None, why=why))


def reads(
    name: str,
    *,
    of: str,
    params: Iterable[Mapping[str, Any]] = ({},),
    headers: Mapping[str, str] | None = None,
    shows: bool = True,
    follow: bool = False,
) -> None:
    """Declare what is read by the id of a thing: `of` its kind, once for each of `params`."""
    method, path = name.split(" ", 1)
    asked = tuple(params)
    sent = headers or {}

    def probe(world: World, asker: Asker) -> Iterator[Ask]:
        for thing in _worth_asking(world, asker, of):
            for given in asked:
                ask = about(world, asker, Ask(name, method, path, given, headers=sent, follow=follow), thing)
                if ask is not None:
                    yield ask
                    # Unchanged or absent: the status alone may tell.
                    if ask.like is not None and given is asked[0]:
                        condition = {**sent, "If-None-Match": "*"}
                        yield replace(ask, headers=condition, like=replace(ask.like, headers=condition))

    register(Surface(name, probe, shows=shows))


def lists(
    name: str,
    *,
    params: Iterable[Mapping[str, Any]] = ({"limit": 200},),
    filters: Iterable[str] = (),
    headers: Mapping[str, str] | None = None,
    shows: bool = True,
    open_to: Reach | None = None,
    names_ids: bool = False,
) -> None:
    """Declare pages of things; `filters` are parameters that take words, and are asked with hidden ones."""
    method, path = name.split(" ", 1)
    asked, words = tuple(params), tuple(filters)

    def probe(world: World, asker: Asker) -> Iterator[Ask]:
        for given in asked:
            yield Ask(name, method, path, given, headers=headers or {}, follow=True)
        unknown = world.unknown[0]
        for parameter in words:
            for secret in hidden(world, asker):
                token = secret.tokens[0]
                ask = Ask(name, method, path, {parameter: token}, words=(token,), echoes=(token,))
                like = replace(ask, params={parameter: unknown}, words=(unknown,), echoes=(unknown,))
                yield replace(ask, like=like, compared="as_unknown")

    register(Surface(name, probe, shows=shows, open_to=open_to, names_ids=names_ids))


def changes(
    name: str,
    *,
    of: str,
    json: Any = None,
    form: Mapping[str, str] | None = None,
    files: Mapping[str, tuple[str, bytes]] | None = None,
    versioned: bool = True,
    params: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Declare a verb on a thing: of what is hidden it must answer as of what is absent.

    With `versioned`, what is in sight is asked for with a version it never had; else it is left alone.
    """
    method, path = name.split(" ", 1)
    sent = {**(headers or {}), **(NO_VERSION if versioned else {})}

    def probe(world: World, asker: Asker) -> Iterator[Ask]:
        for thing in _worth_asking(world, asker, of):
            if not versioned and may_know_of(asker, thing):
                continue
            whole = Ask(name, method, path, params or {}, json=json, form=form, files=files, headers=sent)
            ask = about(world, asker, whole, thing)
            if ask is not None:
                yield ask

    register(Surface(name, probe))


def creates(
    name: str,
    *,
    json: Any = None,
    form: Mapping[str, str] | None = None,
    files: Mapping[str, tuple[str, bytes]] | None = None,
) -> None:
    """Declare a verb that makes something: everybody sends the same under one Idempotency-Key."""
    method, path = name.split(" ", 1)
    headers = {"Idempotency-Key": IDEMPOTENCY_KEY}

    def probe(_world: World, _asker: Asker) -> Iterator[Ask]:
        yield Ask(name, method, path, json=json, form=form, files=files, headers=headers)

    register(Surface(name, probe))


def sends(name: str, *, json: Any = None, form: Mapping[str, str] | None = None) -> None:
    """Declare a verb that names nothing that was planted: one request, the same from everybody."""
    method, path = name.split(" ", 1)
    ask = Ask(name, method, path, json=json, form=form)
    register(Surface(name, lambda _world, _asker: [ask]))


def mentions(
    name: str,
    *,
    of: Iterable[str],
    put: Callable[[str, str], Mapping[str, Any]],
    as_form: bool = False,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Declare a verb that is told about a thing in its body (or, of GET and DELETE, its parameters).

    Only what is hidden is named: a word about anything else would change what is served. `put` makes body or
    parameters of the thing's kind and id.
    """
    method, path = name.split(" ", 1)
    kinds = tuple(of)

    def told(kind: str, id: str) -> Ask:
        asked = Ask(name, method, path, headers=headers or {}, echoes=(id,))
        if method in ("GET", "DELETE"):
            return replace(asked, params=put(kind, id))
        return replace(asked, form=put(kind, id)) if as_form else replace(asked, json=put(kind, id))

    def probe(world: World, asker: Asker) -> Iterator[Ask]:
        for kind in kinds:
            for thing in world.of_kind(kind):
                if not may_know_of(asker, thing):
                    yield replace(told(kind, thing.id), like=told(kind, ABSENT), compared="as_absent")

    register(Surface(name, probe))


def about(world: World, asker: Asker, ask: Ask, thing: Thing) -> Ask | None:
    """`ask` with its address filled in for `thing`; None where the thing has not what the address names."""
    names = _PLACEHOLDER.findall(ask.path)
    values, absent = {}, {}
    for place, placeholder in enumerate(names):
        value = thing.id if place == 0 else world.extra.get((thing.id, placeholder))
        if value is None:
            return None
        values[placeholder], absent[placeholder] = value, ABSENT if place == 0 else value
    filled = replace(ask, path=_filled(ask.path, values), echoes=(*ask.echoes, *values.values()))
    if may_know_of(asker, thing):
        return filled
    like = replace(filled, path=_filled(ask.path, absent), echoes=(*ask.echoes, *absent.values()))
    return replace(filled, like=like, compared="as_absent")


def hidden(world: World, asker: Asker) -> list[Secret]:
    """What the asker may not see, one secret of each thing and reach."""
    found: dict[tuple[str, Reach], Secret] = {}
    for secret in world.secrets:
        if not may_see(asker, secret):
            found.setdefault((secret.thing.id, secret.reach), secret)
    return list(found.values())


def _worth_asking(world: World, asker: Asker, kind: str) -> Iterator[Thing]:
    """Things of a kind of which the asker may not see something; for who sees all, every one."""
    for thing in world.of_kind(kind):
        secrets = world.secrets_of(thing)
        if asker.is_operator or not all(may_see(asker, one) for one in secrets):
            yield thing
    if not asker.is_operator:
        seen = (one for one in world.of_kind(kind) if all(may_see(asker, s) for s in world.secrets_of(one)))
        yield from list(seen)[:2]


def _filled(path: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values[match[1]], path)
