"""Searches, suggestions, and what is written from them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cli.proving.askers import PRODUCT, Asker
from cli.proving.oracle import may_know_of, may_see
from cli.proving.planted import World
from cli.proving.registry import ABSENT, Ask, probes, silent
from cli.proving.tokens import beginning, disguised, misspelt

#: words that every planted text has
COMMON = ("راهنمای خرابی", "مشکل کار نمی‌کند چرا", "هزینهٔ تعویض و خاموش کردن")
_KINDS = ("article", "source", "note", "conversation")
#: of one question; the repair looks at no more words
_MOST_WORDS = 36


def hidden_together(world: World, asker: Asker) -> Iterator[list[str]]:
    """Tokens that the asker may not see, as many as fit into one question; for who sees all, whatever is there."""
    words: list[str] = []
    for secret in world.secrets:
        if asker.is_operator or not may_see(asker, secret):
            words += secret.tokens
        if len(words) > _MOST_WORDS - 2:
            yield words
            words = []
    if words:
        yield words


def questions(
    world: World, asker: Asker, spelt: Callable[[str], str], ask_for: Callable[[str], Ask], *, like: bool = True
) -> Iterator[Ask]:
    """Everything that is hidden, asked for; with its `like` in words that are nowhere."""
    for words in hidden_together(world, asker):
        said = " ".join(map(spelt, words))
        ask = replace(ask_for(said), words=tuple(words), echoes=(said, *map(spelt, words)))
        unknown = world.unknown(len(words))
        other = " ".join(map(spelt, unknown))
        compared = replace(ask_for(other), words=tuple(unknown), echoes=(other, *map(spelt, unknown)))
        yield replace(ask, like=compared, compared="as_unknown" if like else "")


@probes("POST /v1/search")
def search(world: World, asker: Asker) -> Iterator[Ask]:
    name = "POST /v1/search"

    def asking(**options: Any) -> Callable[[str], Ask]:
        return lambda text: Ask(name, "POST", "/v1/search", json={"query": text, **options})

    for text in COMMON:
        for options in (
            {"limit": 50, "explain": True},
            {"limit": 50, "generate": True},
            {"limit": 50, "audience": "public"},
            {"limit": 50, "audience": "internal"},
            {"limit": 50, "products": [PRODUCT]},
            *({"limit": 50, "kinds": [kind], "repair": False} for kind in _KINDS),
        ):
            yield asking(**options)(text)
    yield from questions(world, asker, disguised, asking(explain=True, limit=20))
    yield from questions(world, asker, misspelt, asking(limit=20))
    for words in hidden_together(world, asker):
        for start in range(0, len(words), 20):
            some = words[start : start + 20]
            yield replace(asking(tags=some)(COMMON[0]), words=tuple(some), echoes=tuple(some))


@probes("GET /v1/search")
def search_by_address(world: World, asker: Asker) -> Iterator[Ask]:
    def asking(text: str, **options: Any) -> Ask:
        return Ask("GET /v1/search", "GET", "/v1/search", {"q": text, **options})

    for state in ("work_in_progress", "not_validated", "validated", "accepted"):
        yield asking(COMMON[0], state=state, limit=50)
    for language in ("fa", "en"):
        yield asking(COMMON[1], language=language, limit=50, explain=True)
    yield from questions(world, asker, misspelt, asking, like=False)


@probes("GET /v1/suggest")
def suggest(world: World, asker: Asker) -> Iterator[Ask]:
    def asking(text: str) -> Ask:
        return Ask("GET /v1/suggest", "GET", "/v1/suggest", {"q": text, "limit": 20})

    for text in ("راهنمای", "چرا", "سند", "ژغ", "zq", "ژ"):
        yield asking(text)
    for secret in world.secrets:
        if asker.is_operator or not may_see(asker, secret):
            token = secret.tokens[0]
            yield replace(asking(beginning(token)), words=(token,))
    yield from questions(world, asker, disguised, asking, like=False)


@probes("POST /v1/similar")
def similar(world: World, asker: Asker) -> Iterator[Ask]:
    def asking(text: str) -> Ask:
        return Ask("POST /v1/similar", "POST", "/v1/similar", json={"title": COMMON[0], "text": text})

    for text in COMMON:
        yield asking(text)
    yield from questions(world, asker, disguised, asking, like=False)


@probes("GET /")
def search_page(world: World, asker: Asker) -> Iterator[Ask]:
    def asking(text: str, **options: Any) -> Ask:
        page: Mapping[str, str] = {"Accept": "text/html"}
        return Ask("GET /", "GET", "/", {"q": text, **options}, headers=page)

    yield asking("")
    for text in COMMON:
        yield asking(text, limit=50)
        yield asking(text, generate="true")
        yield asking(text, product=PRODUCT)
    yield from questions(world, asker, misspelt, asking)
    yield from questions(
        world, asker, disguised, lambda text: asking(text, generate="true", limit=20), like=False
    )


@probes("POST /v1/search/links", shows=False)
def link(world: World, asker: Asker) -> Iterator[Ask]:
    yield from _links(world, asker, "POST")


@probes("DELETE /v1/search/links", shows=False)
def unlink(world: World, asker: Asker) -> Iterator[Ask]:
    yield from _links(world, asker, "DELETE")


def _links(world: World, asker: Asker, method: str) -> Iterator[Ask]:
    """Only to what is hidden: a person's word about anything else would change what is served."""
    name = f"{method} /v1/search/links"

    def asking(origin: dict[str, str]) -> Ask:
        told = {"query": COMMON[0], **origin}
        if method == "POST":
            return Ask(name, method, "/v1/search/links", json=told)
        return Ask(name, method, "/v1/search/links", told)

    for kind in _KINDS:
        for thing in world.of_kind(kind):
            if not may_know_of(asker, thing):
                origin, absent = ({"origin_kind": kind, "origin_id": id} for id in (thing.id, ABSENT))
                like = replace(asking(absent), echoes=(ABSENT,))
                yield replace(asking(origin), echoes=(thing.id,), like=like, compared="as_absent")


silent("POST /answered", why="keeps a link as POST /v1/search/links does, and leads back to a page")
