"""`kb search`: ask from the terminal, through the running service or by opening the index."""

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.output import console, print_json, say
from kb.vocabulary import Audience, Language

if TYPE_CHECKING:
    from kb.installation import ServiceInfo
    from kb.settings import Settings
    from search.results import SearchResult

_TIMEOUT_SECONDS = 60.0


def search(
    query: Annotated[str, typer.Argument(help="In your own words.")],
    limit: Annotated[int, typer.Option(min=1, max=50)] = 5,
    language: Annotated[list[Language] | None, typer.Option(help="Only these languages.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Any of these tags.")] = None,
    audience: Annotated[Audience, typer.Option(help="See what this audience would see.")] = Audience.INTERNAL,
    repair: Annotated[bool, typer.Option(help="Search for what was probably meant.")] = True,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Search the knowledge base."""
    from cli.opening import read_settings
    from kb.installation import running_service

    asked: dict[str, Any] = {
        "query": query,
        "limit": limit,
        "languages": [lang.value for lang in language or []],
        "tags": tag or [],
        "audience": audience.value,
        "repair": repair,
    }
    settings = read_settings()
    service = running_service(settings.data_dir)
    found = _through_service(service, asked) if service else _by_itself(settings, asked)
    if as_json:
        print_json(found)
    else:
        _show(found)


def _through_service(service: "ServiceInfo", asked: dict[str, Any]) -> dict[str, Any]:
    """The running service's answer, in its own shape."""
    import httpx

    from cli.failures import ServiceRefused

    response = httpx.post(
        f"{service.url}/v1/search",
        json=asked,
        headers={"Authorization": f"Bearer {service.operator_token}", "Accept-Language": "en"},
        timeout=_TIMEOUT_SECONDS,
        trust_env=False,
    )
    if response.is_error:
        raise ServiceRefused(status=response.status_code, reason=response.text[:500])
    answer: dict[str, Any] = response.json()
    return answer


def _by_itself(settings: "Settings", asked: dict[str, Any]) -> dict[str, Any]:
    """The same answer from an index of this process's own."""
    from cli.opening import open_index_parts, open_record
    from kb.visibility import Caller, CallerKind, visibility_of
    from kb.vocabulary import Scope
    from search.results import Filters

    # As a key with this ceiling would see it: one rule for visibility everywhere.
    asker = Caller(
        kind=CallerKind.KEY, scopes=frozenset({Scope.SEARCH}), audience_ceiling=Audience(asked["audience"])
    )
    filters = Filters(languages=frozenset(asked["languages"]), tags=frozenset(asked["tags"]))
    with open_record(settings, exclusive=True) as opened, open_index_parts(opened) as parts:
        if opened.alone:
            parts.projector.prepare()
            while parts.projector.apply():
                pass
        result = parts.searcher.search(
            text=asked["query"],
            visibility=visibility_of(asker, portal_public=False),
            filters=filters,
            limit=asked["limit"],
            repair=asked["repair"],
        )
    return _as_service_answers(result)


def _as_service_answers(result: "SearchResult") -> dict[str, Any]:
    hits = []
    for hit in result.hits:
        shown = dataclasses.asdict(hit)
        snippet = shown.pop("snippet")
        shown["origin"] = {"kind": shown.pop("origin_kind"), "id": shown.pop("origin_id")}
        shown["snippet"] = snippet["text"]
        shown["highlights"] = [{"start": start, "end": end} for start, end in snippet["marks"]]
        hits.append(shown)
    answer = None
    if result.answer is not None:
        answer = dataclasses.asdict(result.answer)
        answer["origin"] = {"kind": answer.pop("origin_kind"), "id": answer.pop("origin_id")}
    return {
        "query": result.query,
        "took_ms": result.took_ms,
        "confidence": result.confidence,
        "answer": answer,
        "hits": hits,
        "repair": {"text": result.repair.text, "kinds": list(result.repair.kinds)} if result.repair else None,
    }


def _show(found: dict[str, Any]) -> None:
    from rich.text import Text

    if found["repair"] is not None:
        say(f"Results for: {found['repair']['text']}  (as typed: --no-repair)\n")
    if found["answer"] is not None:
        say(
            f"{found['answer']['text']}\n  {found['answer']['title']} ({found['answer']['confidence']:.2f})\n"
        )
    for hit in found["hits"]:
        path = " › ".join(part for part in hit["heading_path"] if part != hit["title"])
        say(f"{hit['rank']}. {hit['title']}{f'  › {path}' if path else ''}  [{hit['audience']}]")
        snippet = Text(f"   {hit['snippet']}")
        for span in hit["highlights"]:
            snippet.stylize("bold", span["start"] + 3, span["end"] + 3)
        console().print(snippet, soft_wrap=True)
    if not found["hits"]:
        say("Nothing was found.")
    say(f"\n{len(found['hits'])} hits, {found['took_ms']:.0f} ms")
