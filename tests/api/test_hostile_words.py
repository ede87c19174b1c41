"""Whatever people write, nothing of it runs where it is read: previews, pages, snippets, differences."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from kb.text import clean_line
from kb.vocabulary import Audience, Role
from tests.api.conftest import AS_OPERATOR, Running
from tests.factories import make_article
from tests.hostile import HOSTILE, WRITTEN, what_could_run

SignedIn = Callable[..., TestClient]


def test_the_look_finds_what_it_looks_for() -> None:
    for html in (
        "<script>alert(1)</script>",
        "<p onclick=x>",
        "<a href=' java\tscript:alert(1)'>",
        "<a href='data:text/html,x'>",
        "<iframe>",
        "<p style='x'>",
        "<meta http-equiv=refresh>",
        "<button formaction='javascript:x'>",
    ):
        assert what_could_run(html), html
    assert not what_could_run("<a href='/x?y=a:b'>a</a><script src='/static/x.js'></script>")
    assert len(HOSTILE) == len(set(HOSTILE)) >= 60


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_preview_holds_nothing_that_runs(signed_in: SignedIn, hostile: str) -> None:
    browser = signed_in()
    for text in (hostile, f"متن **پیش** از {hostile} و پس از آن", f"- یک\n- {hostile}\n\n{hostile}"):
        words = {"language": "fa", "resolution": text, "cause": text, "environment": text}
        answer = browser.post("/v1/articles/preview", json=words)
        if answer.status_code == 422:  # a sign that is no text
            assert "\x00" in text
            continue
        assert what_could_run(answer.json()["html"], only=WRITTEN) == []


def plant(running: Running, texts: list[str], **fields: Any) -> str:
    """An article that holds hostile texts wherever words can be written."""
    line = clean_line("title", texts[0])
    with running.service.database.transaction() as session:
        return make_article(
            session,
            audience=Audience.PUBLIC,
            title=line[:300],
            resolution="\n\n".join(f"کرگدن‌نامه {hostile} پایان" for hostile in texts),
            cause=texts[0],
            environment=texts[0],
            issue=[clean_line("issue", hostile) for hostile in texts],
            tags=[line[:60]],
            products=[line[:60]],
            comment=line,
            **fields,
        ).id


@pytest.fixture(scope="module")
def planted(running: Running) -> list[str]:
    """Drafts, one for every hostile text."""
    return [plant(running, [hostile]) for hostile in HOSTILE]


@pytest.fixture(scope="module")
def indexed(running: Running) -> list[str]:
    """A few released articles that hold all of them between them."""
    ids = [plant(running, HOSTILE[start::6], released=True) for start in range(6)]
    running.work()
    return ids


def is_harmless_page(client: TestClient, address: str, **options: Any) -> str:
    answer = client.get(address, **options)
    assert answer.status_code in (200, 422), address
    assert what_could_run(answer.text) == [], (address, options)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    return answer.text


def test_no_page_of_an_article_runs_it(client: TestClient, planted: list[str], indexed: list[str]) -> None:
    texts = [is_harmless_page(client, f"/articles/{id}", headers=AS_OPERATOR) for id in planted]
    texts += [is_harmless_page(client, f"/articles/{id}") for id in indexed]
    # The words themselves are there, as words.
    assert sum("alert(1)" in text for text in texts) > len(texts) / 2


def test_no_snippet_runs_it(client: TestClient, indexed: list[str]) -> None:
    shown = 0
    for question in ("کرگدن‌نامه", "alert 1", "script alert", *HOSTILE[::5]):
        text = is_harmless_page(client, "/", params={"q": question[:200]})
        shown += any(f"/articles/{id}" in text for id in indexed)
    assert shown > 3
    is_harmless_page(client, "/")


def test_every_desk_page_of_it_is_harmless(
    client: TestClient, planted: list[str], signed_in: SignedIn
) -> None:
    browser = signed_in(Role.ADMIN)
    addresses = {
        route.path
        for route in browser.app.routes  # type: ignore[attr-defined]
        if "GET" in (getattr(route, "methods", None) or ()) and not getattr(route, "include_in_schema", True)
    }
    for template in sorted(addresses):
        for article_id in planted[::8] if "{" in template else [""]:
            if "{" in template and "{article_id}" not in template:
                continue
            address = template.replace("{article_id}", article_id)
            answer = browser.get(address, headers={"Accept": "text/html"}, follow_redirects=False)
            assert answer.status_code < 500, address
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                assert what_could_run(answer.text) == [], address


def test_json_is_never_taken_for_a_page(client: TestClient, planted: list[str]) -> None:
    for article_id in planted[::10]:
        headers = AS_OPERATOR | {"If-Match": "*"}
        path = f"/v1/articles/{article_id}"
        revised = client.post(f"{path}/revisions", json={"resolution": "پاک شد"}, headers=headers)
        assert revised.status_code == 201
        for address in (path, f"{path}/history", f"{path}/diff?old=1&new=2", f"{path}/related"):
            answer = client.get(address, headers=AS_OPERATOR | {"Accept": "text/html"})
            assert answer.status_code == 200
            assert answer.headers["Content-Type"] == "application/json"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        lines = client.get(f"{path}/diff?old=1&new=2", headers=AS_OPERATOR).json()["lines"]
        for line in lines:
            assert "".join(word["text"] for word in line["words"]) == line["text"]
