"""Searches, suggestions, and what is written from them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from cli.proving.askers import PRODUCT, Asker
from cli.proving.oracle import may_see
from cli.proving.planted import World
from cli.proving.registry import Ask, hidden, mentions, probes, silent
from cli.proving.tokens import beginning, disguised, misspelt

#: words that every planted text has
COMMON = ("راهنمای خرابی", "مشکل کار نمی‌کند چرا", "هزینهٔ تعویض و خاموش کردن")
_KINDS = ("article", "source", "note", "conversation")
#: questions of who sees all: only to see whether the probe sees anything
_OF_THE_OPERATOR = 3
#: comparing a text with what is like it takes long
_MOST_COMPARED = 5
#: of one question; the repair looks at no more words
_MOST_WORDS = 30


def hidden_together(world: World, asker: Asker, *, each: bool = True) -> Iterator[list[str]]:
    """Tokens that the asker may not see (the operator: any), as many as fit into one question.

    The questions are the same from everybody, so that each is embedded once; they name secrets in Persian and
    in Latin letters by turns. Without `each`, they name one secret of each thing only.
    """
    for alike in world.alike:
        if not asker.is_operator and may_see(asker, alike[0]):
            continue
        secrets = alike if each else list({one.thing.id: one for one in alike}.values())
        words = [one.tokens[place % len(one.tokens)] for place, one in enumerate(secrets)]
        yield from (words[start : start + _MOST_WORDS] for start in range(0, len(words), _MOST_WORDS))


def questions(
    world: World,
    asker: Asker,
    spelt: Callable[[str], str],
    ask_for: Callable[[str], Ask],
    *,
    like: bool = True,
    each: bool = True,
    most: int | None = None,
) -> Iterator[Ask]:
    """Everything that is hidden, or `most` questions of it, each with a `like` in words that are nowhere."""
    if asker.is_operator:
        most = _OF_THE_OPERATOR
    for words in islice(hidden_together(world, asker, each=each), most):
        said = " ".join(map(spelt, words))
        ask = replace(ask_for(said), words=tuple(words), echoes=(said, *map(spelt, words)))
        unknown = world.unknown[: len(words)]
        other = " ".join(map(spelt, unknown))
        compared = replace(ask_for(other), words=tuple(unknown), echoes=(other, *map(spelt, unknown)))
        yield replace(ask, like=compared, compared="as_unknown" if like else "")


@probes("POST /v1/search")
def search(world: World, asker: Asker) -> Iterator[Ask]:
    name = "POST /v1/search"

    def asking(**options: Any) -> Callable[[str], Ask]:
        return lambda text: Ask(name, "POST", "/v1/search", json={"query": text, **options})

    for text in COMMON:
        every: tuple[dict[str, Any], ...] = (
            {"limit": 50, "explain": True},
            {"limit": 50, "generate": True},
            {"limit": 50, "audience": "public"},
            {"limit": 50, "audience": "internal"},
            {"limit": 50, "products": [PRODUCT]},
            *({"limit": 50, "kinds": [kind], "repair": False} for kind in _KINDS),
        )
        for options in every:
            yield asking(**options)(text)
    yield from questions(world, asker, disguised, asking(explain=True, repair=False))
    yield from questions(world, asker, misspelt, asking(), each=False)
    for words in hidden_together(world, asker, each=False):
        for start in range(0, len(words), 20):
            some = words[start : start + 20]
            for facet in ("tags", "products"):
                ask = asking(**{facet: some})(COMMON[0])
                yield replace(ask, words=tuple(some), echoes=tuple(some))


@probes("GET /v1/search")
def search_by_address(world: World, asker: Asker) -> Iterator[Ask]:
    def asking(text: str, **options: Any) -> Ask:
        return Ask("GET /v1/search", "GET", "/v1/search", {"q": text, **options})

    for state in ("work_in_progress", "not_validated", "validated", "accepted"):
        yield asking(COMMON[0], state=state, limit=50)
    for language in ("fa", "en"):
        yield asking(COMMON[1], language=language, limit=50, explain=True)
    yield from questions(world, asker, misspelt, asking, like=False, each=False)


@probes("GET /v1/suggest")
def suggest(world: World, asker: Asker) -> Iterator[Ask]:
    def asking(text: str) -> Ask:
        return Ask("GET /v1/suggest", "GET", "/v1/suggest", {"q": text, "limit": 20})

    for text in ("راهنمای", "چرا", "سند", "ژغ", "zq", "ژ"):
        yield asking(text)
    for secret in world.secrets if asker.is_operator else hidden(world, asker):
        token = secret.tokens[0]
        yield replace(asking(beginning(token)), words=(token,))
    yield from questions(world, asker, disguised, asking, like=False)


@probes("POST /v1/similar")
def similar(world: World, asker: Asker) -> Iterator[Ask]:
    def asking(text: str) -> Ask:
        return Ask("POST /v1/similar", "POST", "/v1/similar", json={"title": COMMON[0], "text": text})

    for text in COMMON:
        yield asking(text)
    yield from questions(world, asker, disguised, asking, like=False, most=_MOST_COMPARED)


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
    for secret in hidden(world, asker):
        name = secret.tokens[0]
        yield replace(asking(COMMON[0], product=name), words=(name,), echoes=(name,))
    yield from questions(world, asker, misspelt, asking, each=False)
    yield from questions(
        world, asker, disguised, lambda text: asking(text, generate="true", repair="off"), like=False
    )


def _link(kind: str, id: str) -> dict[str, str]:
    return {"query": COMMON[0], "origin_kind": kind, "origin_id": id}


mentions("POST /v1/search/links", of=_KINDS, put=_link)
mentions("DELETE /v1/search/links", of=_KINDS, put=_link)
silent("POST /answered", why="keeps a link as POST /v1/search/links does, and leads back to a page")
