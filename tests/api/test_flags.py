"""Flags, links and queues of upkeep, as programs use them."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from api.request_errors import TooManyFlags
from api.visitor_limit import VisitorLimit
from kb.article import Article
from kb.clock import utc_now
from kb.vocabulary import Audience, Role, Scope
from tests.api.conftest import AS_OPERATOR, SECRET, Running
from tests.factories import make_person

SignedIn = Callable[..., TestClient]
Key = Callable[..., dict[str, str]]


@pytest.fixture(autouse=True)
def _uncounted(running: Running) -> Iterator[None]:
    limit = running.service.visitor_limit
    limit._sent.clear()
    yield
    limit._sent.clear()


@pytest.fixture(scope="module")
def article_id(running: Running) -> str:
    return running.article(title="ساعت کار انبار", resolution="انبار از ۸ تا ۱۷ باز است.").id


def flag(browser: TestClient, article_id: str, **given: object) -> dict[str, object]:
    body = {"origin_kind": "article", "origin_id": article_id, "reason": "wrong"} | given
    answer = browser.post("/v1/flags", json=body)
    assert answer.status_code == 201, answer.text
    shown: dict[str, object] = answer.json()
    return shown


def test_a_visitor_s_flag_reaches_the_desk_without_personal_data(
    client: TestClient, signed_in: SignedIn, article_id: str
) -> None:
    raised = flag(client, article_id, text="به ۰۹۱۲۳۴۵۶۷۸۹ زنگ زدم", query="انبار a.b@example.com")
    assert raised["fix_url"] is None
    shown = signed_in().get(f"/v1/flags/{raised['id']}").json()
    assert "۶۷۸۹" not in shown["text"]
    assert "example" not in shown["query"]
    assert (shown["title"], shown["raised_by"], shown["state"]) == ("ساعت کار انبار", "anonymous", "open")
    assert shown["url"].endswith(f"/articles/{article_id}")


def test_visitors_do_not_read_flags(client: TestClient, key: Key, article_id: str) -> None:
    raised = flag(client, article_id)
    for path in ("/v1/flags", f"/v1/flags/{raised['id']}"):
        assert client.get(path).status_code == 401
        assert client.get(path, headers=key(Scope.READ)).status_code == 403


def test_a_visitor_flags_only_a_few_an_hour(
    client: TestClient, signed_in: SignedIn, running: Running
) -> None:
    ids = [running.draft(title=f"{n}").id for n in range(2)]
    for _ in range(10):
        # What is not there counts, too: nobody tries ids for nothing.
        body = {"origin_kind": "article", "origin_id": ids[0], "reason": "stale"}
        assert client.post("/v1/flags", json=body).status_code == 404
    refused = client.post("/v1/flags", json=body)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_flags")
    flag(signed_in(), ids[1])


def test_visitors_are_told_apart_by_their_network() -> None:
    class Request:
        def __init__(self, host: str) -> None:
            self.client = type("Client", (), {"host": host})

    limit = VisitorLimit()
    for host in ("2001:db8::1", "2001:db8::2", "198.51.100.7", "198.51.100.8"):
        for _ in range(5):
            limit.count(Request(host))  # type: ignore[arg-type]
    with pytest.raises(TooManyFlags):
        limit.count(Request("2001:db8::3"))  # type: ignore[arg-type]
    limit.count(Request("2001:db8:1::1"))  # type: ignore[arg-type]
    limit.count(Request("198.51.100.9"))  # type: ignore[arg-type]


def test_an_internal_article_is_not_there_for_a_visitor(client: TestClient, library: dict[str, str]) -> None:
    absent = {"origin_kind": "article", "origin_id": "none", "reason": "wrong"}
    internal = absent | {"origin_id": library["internal"]}
    answers = [client.post("/v1/flags", json=body) for body in (absent, internal)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert SECRET not in answers[1].text


def test_who_may_edit_is_sent_to_the_editor(signed_in: SignedIn, article_id: str) -> None:
    assert flag(signed_in(Role.AGENT), article_id)["fix_url"] is None
    fix_url = flag(signed_in(Role.CONTRIBUTOR), article_id)["fix_url"]
    assert str(fix_url).endswith(f"/desk/articles/{article_id}/edit")


def test_a_flag_goes_through_the_queue(signed_in: SignedIn, article_id: str) -> None:
    reader, curator = signed_in(), signed_in(Role.CONTRIBUTOR)
    flag_id = flag(reader, article_id, reason="stale")["id"]
    path = f"/v1/flags/{flag_id}"
    assert curator.post(f"{path}/take").json()["taken_by"]
    assert reader.post(f"{path}/close", json={"state": "fixed"}).status_code == 403
    unexplained = curator.post(f"{path}/close", json={"state": "dismissed"})
    assert (unexplained.status_code, unexplained.json()["code"]) == (422, "empty_text")
    closed = curator.post(f"{path}/close", json={"state": "fixed", "outcome": "اصلاح شد"})
    assert closed.json()["state"] == "fixed"
    mine = reader.get("/v1/flags", params={"raised_by_me": True, "state": "fixed"}).json()["items"]
    assert [(one["id"], one["outcome"]) for one in mine] == [(flag_id, "اصلاح شد")]
    assert curator.post(f"{path}/reopen").json()["state"] == "open"
    by_article = curator.get("/v1/flags", params={"origin_id": article_id, "reason": "stale"})
    assert flag_id in [one["id"] for one in by_article.json()["items"]]


def test_a_repeated_request_raises_one_flag(key: Key, client: TestClient, article_id: str) -> None:
    headers = key(Scope.READ) | {"Idempotency-Key": "flag-1"}
    body = {"origin_kind": "article", "origin_id": article_id, "reason": "unclear"}
    first, again = (client.post("/v1/flags", json=body, headers=headers) for _ in range(2))
    assert first.json()["id"] == again.json()["id"]


def test_a_helpdesk_says_which_case_an_article_solved(key: Key, client: TestClient, article_id: str) -> None:
    headers = key(Scope.WRITE, ceiling=Audience.INTERNAL)
    path = f"/v1/articles/{article_id}/links"
    body = {"case_ref": "T-77", "query": "انبار کی بازه؟ ۰۹۱۲۳۴۵۶۷۸۹"}
    first, again = (client.post(path, json=body, headers=headers).json() for _ in range(2))
    assert (first["id"], first["use_count"], again["use_count"]) == (again["id"], 1, 1)
    assert "۶۷۸۹" not in first["query"]
    listed = client.get(path, headers=headers, params={"case_ref": "T-77"}).json()["items"]
    assert [one["id"] for one in listed] == [first["id"]]
    link = f"{path}/{first['id']}"
    another = key(Scope.WRITE, ceiling=Audience.INTERNAL)
    assert client.delete(link, headers=another).status_code == 403
    assert client.delete(link, headers=headers).status_code == 204
    assert client.delete(link, headers=AS_OPERATOR).status_code == 404
    assert client.get(path, headers=headers).json()["items"] == []


def test_what_a_person_asked_leads_others_there(
    signed_in: SignedIn, running: Running, client: TestClient
) -> None:
    article = running.article(title="نشانی فروشگاه", resolution="خیابان آزادی.")
    for _ in range(2):
        answer = signed_in().post(f"/v1/articles/{article.id}/links", json={"query": "کجایید شماها"})
        assert answer.status_code == 201
    running.work()
    suggested = client.get("/v1/suggest", params={"q": "کجایید"}).json()["suggestions"]
    assert [one["origin"]["id"] for one in suggested] == [article.id]


def test_what_is_due_is_listed_and_given_to_others(
    signed_in: SignedIn, running: Running, client: TestClient
) -> None:
    with running.service.database.transaction() as session:
        leaving, staying = make_person(session), make_person(session)
    article = running.article(title="فرسوده", owner_id=leaving.id)
    at = utc_now() - timedelta(days=1)
    with running.service.database.transaction() as session:
        session.execute(update(Article).where(Article.id == article.id).values(verify_due_at=at))
    desk, manager = signed_in(), signed_in(Role.MANAGER)
    given = {"queue": "expired", "owner_id": leaving.id}
    (shown,) = desk.get("/v1/upkeep", params=given).json()["items"]
    assert (shown["article_id"], shown["title"], shown["standing"]) == (article.id, "فرسوده", "expired")
    assert desk.get("/v1/upkeep", params=given | {"mine": True}).json()["items"] == []
    assert desk.get("/v1/upkeep/counts").json()["expired"] >= 1
    body = {"from_owner_id": leaving.id, "to_owner_id": staying.id}
    assert desk.post("/v1/upkeep/reassign", json=body).status_code == 403
    moved = manager.post("/v1/upkeep/reassign", json=body).json()
    assert moved == {"article_ids": [article.id], "is_complete": True}
    given = {"queue": "unverified", "owner_id": staying.id}
    assert [one["article_id"] for one in desk.get("/v1/upkeep", params=given).json()["items"]] == [article.id]
    assert client.get("/v1/upkeep", params=given).status_code == 401
