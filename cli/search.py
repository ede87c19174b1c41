"""`kb search`: ask from the terminal, through the running service or by opening the index."""

import dataclasses
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.output import console, print_json, say
from kb.vocabulary import Audience, Language, OriginKind, OriginState

if TYPE_CHECKING:
    from rich.text import Text

    from kb.installation import ServiceInfo
    from kb.settings import Settings

_TIMEOUT_SECONDS = 60.0


def search(
    query: Annotated[str, typer.Argument(help="In your own words.")],
    limit: Annotated[int, typer.Option(min=1, max=50)] = 5,
    language: Annotated[list[Language] | None, typer.Option(help="Only these languages.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Any of these tags.")] = None,
    product: Annotated[list[str] | None, typer.Option(help="Any of these products.")] = None,
    kind: Annotated[list[OriginKind] | None, typer.Option(help="Only these kinds.")] = None,
    state: Annotated[list[OriginState] | None, typer.Option(help="Only what is in these states.")] = None,
    audience: Annotated[Audience, typer.Option(help="See what this audience would see.")] = Audience.INTERNAL,
    generate: Annotated[bool, typer.Option(help="Have an answer written, where KB_LLM_URL is set.")] = False,
    repair: Annotated[bool, typer.Option(help="Search for what was probably meant.")] = True,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Search the knowledge base."""
    from cli.opening import read_settings
    from kb.installation import running_service
    from kb.text import storable

    asked: dict[str, Any] = {
        "query": storable(query),  # a terminal passes on any bytes
        "limit": limit,
        "languages": [lang.value for lang in language or []],
        "kinds": [one.value for one in kind or []],
        "tags": tag or [],
        "products": product or [],
        "states": [one.value for one in state or []],
        "audience": audience.value,
        "generate": generate,
        "repair": repair,
    }
    settings = read_settings()
    service = running_service(settings.data_dir)
    found = _through_service(service, asked, settings) if service else search_by_itself(settings, asked)
    if as_json:
        print_json(found)
    else:
        _show(found)


def _through_service(service: "ServiceInfo", asked: dict[str, Any], settings: "Settings") -> dict[str, Any]:
    """The running service's answer, in its own shape."""
    import httpx

    from cli.failures import refusal

    response = httpx.post(
        f"{service.url}/v1/search",
        content=json.dumps(asked),  # escaped, so that any bytes reach the one who judges them
        headers={
            "Authorization": f"Bearer {service.operator_token}",
            "Accept-Language": "en",
            "Content-Type": "application/json",
        },
        timeout=_TIMEOUT_SECONDS + settings.llm_timeout_seconds,
        trust_env=False,
    )
    if response.is_error:
        raise refusal(status=response.status_code, body=response.text)
    answer: dict[str, Any] = response.json()
    return answer


def search_by_itself(settings: "Settings", asked: dict[str, Any]) -> dict[str, Any]:
    """The same answer from an index of this process's own; without a service its addresses have no host."""
    from api.routes.search import shown_result
    from cli.opening import open_index_parts, open_record
    from kb.visibility import Caller, CallerKind, visibility_of
    from kb.vocabulary import Scope
    from search.results import Filters

    # As a key with this ceiling would see it: one rule for visibility everywhere.
    asker = Caller(
        kind=CallerKind.KEY, scopes=frozenset({Scope.SEARCH}), audience_ceiling=Audience(asked["audience"])
    )
    filters = Filters(
        languages=frozenset(asked["languages"]),
        origin_kinds=frozenset(asked["kinds"]),
        tags=frozenset(asked["tags"]),
        products=frozenset(asked["products"]),
        states=frozenset(asked["states"]),
    )
    with open_record(settings, exclusive=True) as opened, open_index_parts(opened) as parts:
        if opened.alone:
            parts.projector.prepare()
            while parts.projector.apply():
                pass
        visibility = visibility_of(asker, portal_public=False)
        result = parts.searcher.search(
            text=asked["query"],
            visibility=visibility,
            filters=filters,
            limit=asked["limit"],
            repair=asked["repair"],
        )
        if asked["generate"] and parts.generation is not None:
            result = parts.generation.complete(result, visibility=visibility)
        elif asked["generate"]:
            result = dataclasses.replace(result, degraded=(*result.degraded, "generation"))
    shown = shown_result(result, query=asked["query"], base=settings.public_url or "")
    answer: dict[str, Any] = shown.model_dump(mode="json")
    return answer


def _show(found: dict[str, Any]) -> None:
    if found["repair"] is not None:
        say(f"Results for: {found['repair']['text']}  (as typed: --no-repair)\n")
    if found["generated"] is not None:
        say(found["generated"]["text"])
        for cited in found["generated"]["citations"]:
            say(f"  [{cited['number']}] {cited['title']}")
        say("")
    elif "generation" in found["degraded"]:
        say("No answer could be written: is KB_LLM_URL set? `kb doctor` says more.\n")
    if found["answer"] is not None:
        answer = found["answer"]
        say("\n".join([*answer_lines(answer), f"  {answer['title']} ({answer['confidence']:.2f})\n"]))
    if found["advice"] == "ask_a_person":
        say("No clear answer was found. One of these may help; otherwise ask a person.\n")
    for hit in found["hits"]:
        path = " › ".join(part for part in hit["heading_path"] if part != hit["title"])
        say(f"{hit['rank']}. {hit['title']}{f'  › {path}' if path else ''}  [{hit['audience']}]")
        for line in snippet_lines(hit):
            console().print(line, soft_wrap=True)
    if not found["hits"]:
        say("Nothing was found.")
    say(f"\n{len(found['hits'])} hits, {found['took_ms']:.0f} ms")


def snippet_lines(hit: dict[str, Any]) -> "list[Text]":
    """The snippet line by line under its title, less a first line that only repeats the heading."""
    from rich.text import Text

    snippet = Text(hit["snippet"])
    for span in hit["highlights"]:
        snippet.stylize("bold", span["start"], span["end"])
    lines = [line for line in snippet.split("\n") if line.plain.strip()]
    if len(lines) > 1 and hit["heading_path"] and lines[0].plain.strip() == hit["heading_path"][-1]:
        del lines[0]
    return [Text("   ").append_text(line) for line in lines]


def answer_lines(answer: dict[str, Any]) -> list[str]:
    """The answer line by line: steps numbered as in the original, a table's rows apart."""
    lines = [answer["lead"]["text"]] if answer["lead"] else []
    if answer["steps"]:
        first = answer["first_number"]
        for place, step in enumerate(answer["steps"]):
            mark = "-" if first is None else f"{first + place}."
            lines.append(f"  {mark} " + step["text"].replace("\n", "\n     "))
    elif answer["rows"]:
        for row in answer["rows"]:
            lines += [f"  {cell['header']}{': ' if cell['header'] else ''}{cell['text']}" for cell in row]
            lines.append("")
        lines.pop()
    else:
        lines = [answer["text"]]
    return lines if answer["is_whole"] else [*lines, "  …"]
