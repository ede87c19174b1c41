"""Near-duplicates while writing, and contradictions among what is served."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from kb.outbox import enqueue
from kb.vocabulary import Audience, JobName, Role, Scope
from tests.api.conftest import AS_OPERATOR, Running

Browser = Callable[..., TestClient]
GLASS = "شیشهٔ بوگیر خودرو را تا ۷ روز پس از تحویل می‌توانید برگردانید؛ هزینهٔ ارسال با فروشگاه است."


@pytest.fixture(scope="module")
def glass(running: Running) -> str:
    return running.article(title="مرجوعی شیشهٔ بوگیر", resolution=GLASS, issue=["بوگیر رو میشه پس داد؟"]).id


def similar(
    client: TestClient, headers: dict[str, str] = AS_OPERATOR, **writing: Any
) -> list[dict[str, Any]]:
    found = client.post("/v1/similar", json=writing, headers=headers)
    assert found.status_code == 200, found.text
    return list(found.json()["items"])


def test_a_likely_duplicate_is_shown_while_writing_with_the_facts_that_differ(
    client: TestClient, glass: str
) -> None:
    (first, *_) = similar(
        client,
        title="پس دادن شیشه بوگیر",
        text=GLASS.replace("۷ روز", "ده روز").replace("می‌توانید", "میتونید"),
    )
    assert (first["origin_id"], first["verdict"]) == (glass, "duplicate")
    (fact,) = first["differing"]
    assert "ده روز" in fact["here"]
    assert "۷ روز" in fact["there"]
    assert fact["reason"]


def test_the_thing_itself_is_not_like_itself_and_nothing_is_like_nothing(
    client: TestClient, glass: str
) -> None:
    assert similar(client, title="", text="  ") == []
    assert glass not in {one["origin_id"] for one in similar(client, text=GLASS, exclude_id=glass)}


def test_what_the_caller_may_not_see_is_not_like_anything(
    client: TestClient, running: Running, key: Any
) -> None:
    secret = running.article(
        title="بودجهٔ بوگیر", resolution="بودجهٔ سالانهٔ بوگیر ۹۰ میلیون تومان است.", audience=Audience.INTERNAL
    )
    text = "بودجهٔ سالانهٔ بوگیر ۸۰ میلیون تومان است."
    assert secret.id in {one["origin_id"] for one in similar(client, text=text)}
    writer = key(Scope.WRITE, ceiling=Audience.PUBLIC)
    found = client.post("/v1/similar", json={"text": text}, headers=writer)
    assert secret.id not in found.text
    assert "۹۰" not in found.text


def test_contradictions_among_what_is_served_are_listed_until_somebody_decides(
    client: TestClient, running: Running, glass: str, signed_in: Browser
) -> None:
    other = running.article(
        title="شرایط بازگرداندن شیشهٔ بوگیر",
        resolution=GLASS.replace("۷ روز", "۱۴ روز"),
    )
    with running.service.database.transaction() as session:
        enqueue(session, name=JobName.FIND_CONFLICTS, subject_id="")
    running.work()
    listed = client.get(
        "/v1/findings", params={"kind": "contradiction", "origin_id": other.id}, headers=AS_OPERATOR
    ).json()["items"]
    (found,) = [one for one in listed if glass in (one["left"]["origin_id"], one["right"]["origin_id"])]
    sides = {found[side]["origin_id"]: found[side]["data"] for side in ("left", "right")}
    assert "۱۴ روز" in sides[other.id][0]["fact"]
    assert "۷ روز" in sides[glass][0]["fact"]
    assert found["reasons"][0]
    agent, contributor = signed_in(Role.AGENT), signed_in(Role.CONTRIBUTOR)
    address = f"/v1/findings/{found['id']}/dismiss"
    assert agent.post(address, json={"comment": "x"}).status_code == 403
    assert contributor.post(address, json={"comment": " "}).status_code == 422
    dismissed = contributor.post(address, json={"comment": "مدل تازه"})
    assert dismissed.json()["state"] == "dismissed"
    assert found["id"] not in client.get("/v1/findings", headers=AS_OPERATOR).text
    assert contributor.post(f"/v1/findings/{found['id']}/reopen").json()["state"] == "open"


def test_findings_are_not_for_readers(client: TestClient, key: Any) -> None:
    assert client.get("/v1/findings").status_code == 401
    assert client.get("/v1/findings", headers=key(Scope.READ)).status_code == 403
    assert client.post("/v1/similar", json={"text": "x"}).status_code == 401
