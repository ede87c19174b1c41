"""The content standard over HTTP: computed, ticked, kept for each revision."""

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

from kb.vocabulary import Audience, Role, Scope
from tests.api.conftest import Running

SignedIn = Callable[..., TestClient]
Key = Callable[..., dict[str, str]]
TEXT = "هزینهٔ تعمیر تلویزیون پس از بازدید کارشناس با پیامک اعلام می‌شود. [فرم](/articles/none)"


def items(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return {one["item"]: one for one in answer.json()["items"]}


def test_a_machine_finds_what_it_can(running: Running, signed_in: SignedIn, client: TestClient) -> None:
    article = running.draft(
        title="اعلام هزینهٔ تعمیر تلویزیون", resolution=TEXT, issue=["تعمیر تلویزیونم چند درمیاد؟"]
    )
    browser, path = signed_in(), f"/v1/articles/{article.id}/checklist"
    found = items(browser.get(path))
    (broken,) = found["links"]["remarks"]
    assert (found["links"]["is_met"], broken["code"], broken["field"]) == (False, "broken_link", "resolution")
    assert TEXT[broken["start"] : broken["end"]] == "/articles/none"
    assert [one["code"] for one in found["metadata"]["remarks"]] == ["no_owner", "no_topic"]
    assert found["unique"]["by_machine"] is True
    assert (found["clear"]["is_met"], found["clear"]["by_machine"]) == (None, None)
    english = browser.get(path, params={"lang": "en"}).json()
    assert english["is_met"] is False
    messages = [remark["message"] for one in english["items"] for remark in one["remarks"]]
    assert "Nobody owns this article." in messages
    assert client.get(path).status_code == 401


def test_a_twin_is_named(running: Running, signed_in: SignedIn) -> None:
    text = "برای تعویض سیم‌کارت سوخته با کارت ملی به نزدیک‌ترین دفتر بروید و کارت تازه بگیرید."
    running.article(title="تعویض سیم‌کارت سوخته", resolution=text)
    twin = running.draft(title="تعویض سیم‌کارت سوخته", resolution=text)
    found = items(signed_in().get(f"/v1/articles/{twin.id}/checklist"))
    assert [one["code"] for one in found["unique"]["remarks"]] == ["twin"]


def test_people_tick_the_rest_for_one_revision(running: Running, signed_in: SignedIn) -> None:
    article = running.draft(title="زمان برگشت پول", resolution=TEXT)
    browser, path = signed_in(Role.CONTRIBUTOR), f"/v1/articles/{article.id}/checklist"
    said = {"clear": {"is_met": True}, "title": {"is_met": False, "comment": "مبهم است"}}
    found = items(browser.put(path, json={"revision": 1, "items": said}))
    assert (found["clear"]["is_met"], found["title"]["is_met"]) == (True, False)
    assert found["title"]["tick"]["comment"] == "مبهم است"
    # What a person says counts, whatever the machine has found.
    found = items(browser.put(path, json={"revision": 1, "items": {"links": {"is_met": True}}}))
    assert (found["links"]["is_met"], found["links"]["by_machine"]) == (True, False)
    found = items(browser.put(path, json={"revision": 1, "items": {"clear": {"is_met": None}}}))
    assert found["clear"]["tick"] is None
    revised = browser.post(
        f"/v1/articles/{article.id}/revisions",
        json={"title": "برگشت پول به کارت"},
        headers={"If-Match": '"1"'},
    )
    assert revised.status_code == 201
    assert {one["item"] for one in items(browser.get(path)).values() if one["tick"]} == set()
    old = items(browser.get(path, params={"revision": 1}))
    assert old["title"]["tick"]["is_met"] is False


def test_who_may_not_edit_may_not_tick(
    running: Running, signed_in: SignedIn, key: Key, client: TestClient
) -> None:
    article = running.draft(title="زمان برگشت پول", resolution=TEXT, audience=Audience.INTERNAL)
    path = f"/v1/articles/{article.id}/checklist"
    body = {"revision": 1, "items": {"clear": {"is_met": True}}}
    assert signed_in().put(path, json=body).status_code == 403
    assert client.put(path, json=body, headers=key(Scope.WRITE)).status_code == 404
    contributor = signed_in(Role.CONTRIBUTOR)
    assert contributor.put(path, json=body | {"revision": 9}).status_code == 404
    assert contributor.put(path, json=body | {"items": {"pretty": {"is_met": True}}}).status_code == 422
