"""The proof: everybody asks through every surface, and what they may not see is looked for in the answers."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import cli.proving.surfaces  # noqa: F401 - fills the registry
from cli.proving.askers import Asker
from cli.proving.base import Answer, Base
from cli.proving.oracle import is_licensed, may_know_of, may_see
from cli.proving.planted import Reach, Secret, World
from cli.proving.reading import ids_in, largest_number, likeness, next_page, shape, text_of
from cli.proving.registry import IDEMPOTENCY_KEY, SURFACES, Ask, Surface

#: pages of one list
_MOST_PAGES = 50
_ROUTE = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Sight:
    """Something that came out where it must not.

    `what` is the secret, or what can be inferred; `where` the request that showed it.
    """

    who: str
    surface: str
    what: str
    where: str


@dataclass(slots=True)
class Proof:
    """What a proof found, and how much it looked at.

    Args:
        unregistered, stale: surfaces without a declaration, declarations without a surface.
        blind: surfaces on which nobody saw anything, though there is something to see: their probes prove
            nothing. unseen: secrets that not even the operator saw anywhere.
    """

    sights: list[Sight] = field(default_factory=list)
    unregistered: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    blind: list[str] = field(default_factory=list)
    unseen: Counter[str] = field(default_factory=Counter)
    surfaces: int = 0
    askers: int = 0
    secrets: int = 0
    requests: int = 0

    @property
    def holds(self) -> bool:
        return not (self.sights or self.unregistered or self.stale or self.blind)

    def as_json(self) -> dict[str, Any]:
        """Plain values, for scripts."""
        return {
            "holds": self.holds,
            "surfaces": self.surfaces,
            "callers": self.askers,
            "secrets": self.secrets,
            "requests": self.requests,
            "sights": [
                {"who": one.who, "surface": one.surface, "what": one.what, "where": one.where}
                for one in self.sights
            ],
            "unregistered": self.unregistered,
            "stale": self.stale,
            "blind": self.blind,
            "unseen": dict(self.unseen),
        }


def routes_registered() -> set[str]:
    """Names of the declared surfaces that are reached over HTTP."""
    return {name for name in SURFACES if not name.startswith("kb ")}


def prove(
    base: Base,
    *,
    only: Collection[str] = (),
    askers: Collection[str] = (),
    quick: bool = False,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None,
) -> Proof:
    """Ask through every route as everybody.

    Args:
        only: names of surfaces; else all. askers: names; else all, or those of a quick proof.
    """
    asked = [SURFACES[name] for name in sorted(routes_registered()) if not only or name in only]
    callers = [one for one in base.askers if (one.name in askers if askers else one.quick or not quick)]
    proof = Proof(surfaces=len(asked), askers=len(callers), secrets=len(base.world.secrets))
    prover = _Prover(base, proof)
    prover.make_first(asked)
    for number, asker in enumerate(callers):
        for surface in asked:
            progress(asker.name, number, len(callers))
            prover.look(asker, surface)
    if not only and not askers:
        prover.judge_itself(asked)
    return proof


class _Prover:
    def __init__(self, base: Base, proof: Proof) -> None:
        self._base = base
        self._world: World = base.world
        self._proof = proof
        self._ids = {thing.id: thing for thing in base.world.things}
        self._seen: set[Secret] = set()
        self._showing: set[str] = set()
        #: answers about what is absent, by asker and request
        self._absent: dict[tuple[str, str], object] = {}
        #: ids of what the operator made, under a key that everybody repeats
        self._made: dict[str, set[str]] = {}
        self._sights: set[Sight] = set()

    def make_first(self, surfaces: Collection[Surface]) -> None:
        """What is created with an Idempotency-Key is the operator's before anybody repeats the key."""
        operator = next(asker for asker in self._base.askers if asker.is_operator)
        for surface in surfaces:
            for ask in surface.probe(self._world, operator) if surface.probe else ():
                if ask.headers.get("Idempotency-Key") != IDEMPOTENCY_KEY:
                    break
                answer = self._ask(operator, ask)
                self._made[surface.name] = ids_in(text_of(answer), ())

    def look(self, asker: Asker, surface: Surface) -> None:
        """Send everything that could betray something through one surface."""
        for ask in surface.probe(self._world, asker) if surface.probe else ():
            answers = list(self._pages(asker, ask))
            for answer in answers:
                self._inspect(asker, surface, ask, answer)
                self._count(asker, ask, answer)
            if ask.like is not None and ask.compared and not asker.is_operator:
                self._compare(asker, ask, ask.like, answers[0])

    def judge_itself(self, surfaces: Collection[Surface]) -> None:
        """A probe that shows nothing to anybody would not find a leak, either."""
        self._proof.blind += [one.name for one in surfaces if one.shows and one.name not in self._showing]
        unseen = (s for s in self._world.secrets if s.reach is not Reach.NOBODY and s not in self._seen)
        self._proof.unseen.update(f"{one.part} of {one.thing.kind}" for one in unseen)

    def _ask(self, asker: Asker, ask: Ask) -> Answer:
        self._proof.requests += 1
        return self._base.ask(asker, ask)

    def _pages(self, asker: Asker, ask: Ask) -> Iterator[Answer]:
        answer = self._ask(asker, ask)
        yield answer
        for _ in range(_MOST_PAGES if ask.follow else 0):
            cursor = next_page(answer)
            if cursor is None:
                return
            answer = self._ask(asker, replace(ask, params={**ask.params, "cursor": cursor}))
            yield answer

    def _inspect(self, asker: Asker, surface: Surface, ask: Ask, answer: Answer) -> None:
        if answer.status >= 500:
            self._report(
                asker, ask, f"an answer {answer.status}: {answer.body[:200].decode(errors='replace')}"
            )
        text = text_of(answer)
        is_open = surface.open_to is not None and is_licensed(asker, surface.open_to)
        found = {self._world.secret_of(token) for token in self._world.finder.find(text, ask.echoes)}
        if found:
            self._showing.add(surface.name)
        self._seen |= found
        hidden = [secret for secret in found if not is_open and not may_see(asker, secret)]
        if hidden and not self._is_echo(asker, ask, hidden):
            for secret in hidden:
                self._report(asker, ask, str(secret))
        ids = ids_in(text, ask.echoes)
        for id in () if surface.names_ids else ids & self._ids.keys():
            if not is_open and not may_know_of(asker, self._ids[id]):
                self._report(asker, ask, f"the id of {self._ids[id].label}")
        if (
            not asker.is_operator
            and ids & self._made.get(surface.name, set())
            and ask.headers.get("Idempotency-Key")
        ):
            self._report(asker, ask, "an answer that was given to somebody else")

    def _count(self, asker: Asker, ask: Ask, answer: Answer) -> None:
        if ask.most is not None and answer.status == 200 and largest_number(answer) > ask.most:
            self._report(asker, ask, f"a count of {largest_number(answer)} where {ask.most} are in sight")

    def _is_echo(self, asker: Asker, ask: Ask, hidden: Collection[Secret]) -> bool:
        """Whether words come back only because they were sent: then unknown ones come back, too."""
        named = {token for secret in hidden for token in secret.tokens}
        if ask.like is None or not named.issubset(ask.words):
            return False
        text = text_of(self._ask(asker, ask.like)).lower()
        return any(word in text for word in ask.like.words)

    def _compare(self, asker: Asker, ask: Ask, like: Ask, answer: Answer) -> None:
        key = asker.name, f"{like.method} {like.path} {like.params} {like.json} {dict(like.headers)}"
        seen = shape if ask.compared == "as_unknown" else likeness
        if key not in self._absent:
            self._absent[key] = seen(self._ask(asker, like), like.echoes)
        if seen(answer, ask.echoes) == self._absent[key]:
            return
        if ask.compared == "as_unknown":
            self._report(asker, ask, "that a hidden word exists: its answer has another shape")
        else:
            self._report(
                asker, ask, f"that a thing exists: {answer.status}, and nothing is answered otherwise"
            )

    def _report(self, asker: Asker, ask: Ask, what: str) -> None:
        where = " ".join(
            str(part) for part in (ask.method, ask.path, ask.params or "", ask.json or "") if part
        )
        sight = Sight(asker.name, ask.surface, what, where[:300])
        if sight not in self._sights:
            self._sights.add(sight)
            self._proof.sights.append(sight)
