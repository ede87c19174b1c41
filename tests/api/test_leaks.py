"""Nothing that a caller may not see comes out of any surface: a planted word is looked for everywhere."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from kb.learnt_query import learn_query
from kb.note import accept_note, capture_note
from kb.visibility import OPERATOR
from kb.vocabulary import Audience, Language, OriginKind, Scope
from tests.api.conftest import AS_OPERATOR, SECRET, Running
from tests.api.test_sources import upload
from tests.factories import make_person

Key = Callable[..., dict[str, str]]


@pytest.fixture(scope="module")
def planted(running: Running, library: dict[str, str]) -> dict[str, str]:
    """Ids of things that hold the secret and are not public, and of a public article whose draft holds it."""
    client = TestClient(running.app)
    item = upload(client, (f"{SECRET}.txt", f"راز {SECRET} این است.".encode()), audience="internal")
    source = item.json()["items"][0]
    # Its job will name the file in its error.
    failing = upload(client, (f"خالی {SECRET}.txt", b" \n "), audience="internal").json()["items"][0]
    with running.service.database.transaction() as session:
        note = capture_note(session, caller=OPERATOR, text=f"{SECRET} را دیدم.", language=Language.PERSIAN)
        accept_note(session, caller=OPERATOR, note_id=note.id)
        note_id = note.id
    turns = [{"speaker": "customer", "text": f"{SECRET} چیست؟"}]
    conversation = client.post(
        "/v1/conversations",
        json={"channel": "chat", "language": "fa", "turns": turns, "external_id": SECRET},
        headers=AS_OPERATOR,
    ).json()
    public = running.article(title="مقاله‌ای که ویرایش می‌شود", resolution="متن همگانی.")
    revised = client.post(
        f"/v1/articles/{public.id}/revisions",
        json={"title": f"عنوان {SECRET}", "resolution": SECRET},
        headers=AS_OPERATOR | {"If-Match": f'"{public.version}"'},
    )
    assert revised.status_code == 201
    words = {"origin_kind": OriginKind.ARTICLE, "origin_id": library["internal"]}
    for _ in range(2):
        with running.service.database.transaction() as session:
            agent = make_person(session)
            learn_query(session, caller=agent, text=f"راز {SECRET}", folded=f"راز{SECRET}", **words)  # type: ignore[arg-type]
    running.work()
    return {
        "article": library["internal"],
        "public": public.id,
        "source": source["source"]["id"],
        "job": failing["job_id"],
        "note": note_id,
        "conversation": conversation["id"],
        "translated": library["public"],
    }


def surfaces(ids: dict[str, str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Everything that can be asked for, as (method, address, options)."""
    for question in (SECRET, f"سقف جبران {SECRET}", SECRET[:4], "راز این است"):
        for kind in ("article", "source", "note", "conversation", None):
            params: dict[str, Any] = {"q": question, "limit": 50} | ({"kind": kind} if kind else {})
            yield "GET", "/v1/search", {"params": params}
        yield "POST", "/v1/search", {"json": {"query": question, "limit": 50}}
        yield "GET", "/v1/suggest", {"params": {"q": question, "limit": 20}}
        yield "GET", "/", {"params": {"q": question}}
        yield "GET", "/", {"params": {"q": question, "product": SECRET}}
        yield "POST", "/v1/search", {"json": {"query": question, "products": [SECRET]}}
        yield "GET", "/v1/articles", {"params": {"text": question, "limit": 200}}
    yield "GET", "/", {}
    yield "GET", "/", {"params": {"q": "پول", "product": SECRET}}
    yield "GET", "/v1/search", {"params": {"q": "پول", "product": SECRET}}
    yield "GET", "/v1/suggest", {"params": {"q": "راز", "limit": 20}}
    link = {"query": "راز", "origin_kind": "article", "origin_id": ids["article"]}
    yield "POST", "/v1/search/links", {"json": link}
    yield "DELETE", "/v1/search/links", {"params": link}
    yield "GET", "/v1/articles", {"params": {"limit": 200}}
    yield "GET", "/v1/reviews", {"params": {"limit": 200}}
    for name in ("article", "public", "translated"):
        path = f"/v1/articles/{ids[name]}"
        for address in (path, f"{path}?revision=2", f"{path}/history", f"{path}/diff?old=1&new=2"):
            yield "GET", address, {}
        for address in (
            "reviews",
            "translations",
            "related",
            "attachments",
            f"merge?into_id={ids['public']}",
        ):
            yield "GET", f"{path}/{address}", {}
        yield "POST", f"{path}/merge", {"headers": {"If-Match": '"1"'}, "json": {"into_id": ids["public"]}}
        yield "POST", f"{path}/revisions/1/revert", {"headers": {"If-Match": '"1"'}}
        yield "GET", f"/articles/{ids[name]}", {"headers": {"Accept": "text/html"}}
        for verb in ("release", "archive", "restore"):
            yield "POST", f"{path}/{verb}", {"headers": {"If-Match": '"1"'}}
        yield "PATCH", path, {"headers": {"If-Match": '"1"'}, "json": {"tags": ["x"]}}
        yield "POST", f"{path}/revisions", {"headers": {"If-Match": '"1"'}, "json": {"title": "x"}}
    yield "GET", f"/v1/sources/{ids['source']}/original", {}
    for kind in ("source", "note", "conversation"):
        yield "GET", f"/v1/{kind}s/{ids[kind]}", {}
        yield "GET", f"/{kind}s/{ids[kind]}", {"headers": {"Accept": "text/html"}}
        yield "GET", f"/v1/{kind}s", {"params": {"limit": 200}}
        yield "DELETE", f"/v1/{kind}s/{ids[kind]}", {}
    yield "POST", f"/v1/notes/{ids['note']}/accept", {}
    for address in ("/v1/jobs", f"/v1/jobs/{ids['job']}", "/v1/audit", "/v1/users", "/v1/keys", "/metrics"):
        yield "GET", address, {}


#: what the question itself holds is no leak
def without_echo(text: str, options: dict[str, Any]) -> str:
    asked = {**options.get("params", {}), **options.get("json", {})}
    question = str(asked.get("q") or asked.get("query") or "")
    if SECRET not in question:
        return text
    return text.replace(f'"query":"{question}"', "").replace(question, "", text.count(question))


def sightings(client: TestClient, ids: dict[str, str], headers: dict[str, str]) -> list[str]:
    seen = []
    for method, address, options in surfaces(ids):
        options = options | {"headers": options.get("headers", {}) | headers}
        answer = client.request(method, address, **options)
        assert answer.status_code < 500, (method, address, answer.text)
        text = without_echo(answer.text, options)
        if SECRET in text or ids["article"] in hit_ids(answer):
            seen.append(f"{method} {address} {options.get('params', '')}")
    return seen


def hit_ids(answer: Any) -> set[str]:
    if not answer.headers.get("content-type", "").startswith("application/json"):
        return set()
    body = answer.json()
    found = body.get("hits", []) + body.get("suggestions", []) if isinstance(body, dict) else []
    return {hit["origin"]["id"] for hit in found}


def test_a_visitor_never_sees_the_secret(client: TestClient, planted: dict[str, str]) -> None:
    assert sightings(client, planted, {}) == []


@pytest.mark.parametrize("ceiling", [Audience.PUBLIC, Audience.PARTNER])
def test_a_reading_key_never_sees_beyond_its_ceiling(
    client: TestClient, key: Key, planted: dict[str, str], ceiling: Audience
) -> None:
    headers = key(Scope.SEARCH, Scope.READ, ceiling=ceiling)
    assert sightings(client, planted, headers) == []


def test_the_search_for_leaks_finds_what_may_be_seen(client: TestClient, planted: dict[str, str]) -> None:
    seen = sightings(client, planted, AS_OPERATOR)
    for surface in ("/v1/search", "/v1/suggest", "/history", "/diff", "/original", "/v1/jobs", "GET / "):
        assert any(surface in sight for sight in seen), surface


def test_what_is_hidden_and_what_is_absent_look_alike(client: TestClient, planted: dict[str, str]) -> None:
    hidden = client.get(f"/v1/articles/{planted['article']}")
    absent = client.get("/v1/articles/0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c22")
    assert hidden.status_code == absent.status_code == 404
    shape = {name: value for name, value in hidden.json().items() if name not in ("request_id",)}
    other = {name: value for name, value in absent.json().items() if name not in ("request_id",)}
    assert str(shape).replace(planted["article"], "") == str(other).replace(
        "0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c22", ""
    )
