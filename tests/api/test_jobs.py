"""Jobs over HTTP: their state, their events, another try."""

import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

from kb.vocabulary import Audience, Role, Scope
from tests.api.conftest import AS_OPERATOR, Running
from tests.api.test_sources import upload
from workers.rebuild import Rebuilder

Key = Callable[..., dict[str, str]]


def events_of(text: str) -> list[dict[str, Any]]:
    return [
        json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")
    ]


def test_a_job_is_followed_to_its_end(client: TestClient, running: Running) -> None:
    item = upload(client, ("x.txt", f"متن {uuid.uuid4().hex}".encode())).json()["items"][0]
    worker = threading.Thread(target=running.work)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        async def send_and_work(message: Any) -> None:
            await send(message)
            if message["type"] == "http.response.body" and worker.ident is None:
                worker.start()  # the first event is out, so it told of a job that waits

        await running.app(scope, receive, send_and_work)

    answer = TestClient(app).get(f"/v1/jobs/{item['job_id']}/events", headers=AS_OPERATOR)
    worker.join()
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "event: job" in answer.text
    states = [event["state"] for event in events_of(answer.text)]
    assert states[0] == "pending"
    assert states[-1] == "done"


def test_events_keep_persian_as_it_is(client: TestClient, running: Running) -> None:
    item = upload(client, ("خالیِ خالی.txt", b"\n")).json()["items"][0]
    running.work()
    answer = client.get(f"/v1/jobs/{item['job_id']}/events", headers=AS_OPERATOR)
    assert "خالیِ خالی.txt" in answer.text


def test_events_of_an_unknown_job_are_not_found(client: TestClient) -> None:
    assert client.get("/v1/jobs/none/events", headers=AS_OPERATOR).status_code == 404


def test_a_failed_job_is_tried_again(client: TestClient, running: Running) -> None:
    item = upload(client, ("خالی۲.txt", b" \t")).json()["items"][0]
    running.work()
    listed = client.get(
        "/v1/jobs", params={"state": "failed", "subject": item["source"]["id"]}, headers=AS_OPERATOR
    )
    assert [job["id"] for job in listed.json()["items"]] == [item["job_id"]]
    path = f"/v1/jobs/{item['job_id']}/retry"
    assert client.post(path, headers=AS_OPERATOR).json()["state"] == "pending"
    again = client.post(path, headers=AS_OPERATOR)
    assert (again.status_code, again.json()["code"]) == (409, "impossible_move")
    running.work()


def test_lists_of_jobs_are_for_those_who_see_everything(
    client: TestClient, key: Key, signed_in: Callable[..., TestClient]
) -> None:
    assert client.get("/v1/jobs").status_code == 401
    assert client.get("/v1/jobs", headers=key(Scope.READ, ceiling=Audience.PARTNER)).status_code == 403
    assert client.get("/v1/jobs", headers=key(Scope.READ, ceiling=Audience.INTERNAL)).status_code == 200
    assert signed_in(Role.AGENT).get("/v1/jobs").status_code == 200


def test_a_rebuild_is_queued_for_administrators(
    client: TestClient, running: Running, signed_in: Callable[..., TestClient]
) -> None:
    assert signed_in(Role.MANAGER).post("/v1/index/rebuild").status_code == 403
    answer = signed_in(Role.ADMIN).post("/v1/index/rebuild")
    assert (answer.status_code, answer.json()["name"]) == (202, "reindex")
    assert Rebuilder(running.service.database, running.service.search.projector).rebuild_if_asked()
    done = client.get(f"/v1/jobs/{answer.json()['id']}", headers=AS_OPERATOR).json()
    assert done["state"] == "done"
