"""Twenty people write on one article at once: what was accepted is kept, and nobody overwrites anybody."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn

from api.dependencies import SESSION_COOKIE
from kb.clock import utc_now
from kb.database import Database
from kb.settings import Settings
from kb.user import User, csrf_token, open_session
from kb.vocabulary import Audience, Role
from tests.api.conftest import AS_OPERATOR, Running, start
from tests.factories import make_article, make_person

EDITORS, EDITS = 20, 2


@dataclass(frozen=True)
class Served:
    """An application of its own behind a real server, and its address."""

    running: Running
    url: str

    def article(self) -> str:
        """The path of a new article that everybody here may edit."""
        with self.running.service.database.transaction() as session:
            return f"/v1/articles/{make_article(session, audience=Audience.INTERNAL).id}"

    def editor(self) -> httpx.Client:
        """A browser that somebody has signed in with."""
        with self.running.service.database.transaction() as session:
            person = make_person(session, role=Role.CONTRIBUTOR)
            user = session.get_one(User, person.id)
            token = open_session(session, user=user, now=utc_now(), hours=1).token
        headers = {"X-CSRF-Token": csrf_token(token)}
        return httpx.Client(base_url=self.url, cookies={SESSION_COOKIE: token}, headers=headers, timeout=60)

    def desk(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers=AS_OPERATOR, timeout=60)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def service(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Served]:
    """On either database."""
    if request.param == "postgres":
        database: Database = request.getfixturevalue("postgres_database")
        url = database.url.render_as_string(hide_password=False)
        settings = settings.model_copy(update={"database_url": url})
    for running in start(settings.model_copy(update={"release_check_seconds": 0})):
        # What its lifespan opens is open already.
        config = uvicorn.Config(running.app, port=0, lifespan="off", log_level="error")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive()
                thread.join(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            yield Served(running, f"http://127.0.0.1:{port}")
        finally:
            server.should_exit = True
            thread.join()


def race(acts: list[Callable[[], None]]) -> None:
    """All of them at once, to their ends."""
    ready = threading.Barrier(len(acts))

    def run(act: Callable[[], None]) -> None:
        ready.wait()
        act()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_twenty_editors_lose_no_update(service: Served) -> None:
    path = service.article()
    accepted: list[str] = []
    statuses: list[int] = []

    def writes(browser: httpx.Client, name: int) -> Callable[[], None]:
        def act() -> None:
            for number in range(EDITS):
                text = f"ویراستار {name}، نوبت {number}"
                while True:
                    read = browser.get(path)
                    answer = browser.post(
                        f"{path}/revisions",
                        json={"resolution": text},
                        headers={"If-Match": read.headers["ETag"]},
                    )
                    statuses.append(answer.status_code)
                    if answer.status_code != 412:
                        break
                if answer.status_code == 201:
                    accepted.append(text)

        return act

    race([writes(service.editor(), name) for name in range(EDITORS)])
    assert set(statuses) <= {201, 412}
    assert len(accepted) == EDITORS * EDITS
    desk = service.desk()
    history = desk.get(f"{path}/history").json()["items"]
    assert sorted(one["resolution"] for one in history[:-1]) == sorted(accepted)
    assert [one["number"] for one in history] == list(range(len(history), 0, -1))
    assert desk.get(path).json()["version"] == 1 + len(accepted)
    assert desk.get("/v1/audit/verify").json()["problems"] == []


def test_of_twenty_different_moves_from_one_version_one_is_made(service: Served) -> None:
    path = service.article()
    answers: list[Any] = []
    moves: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/revisions", {"title": "عنوان نو"}),
        ("POST", "/review", {}),
        ("POST", "/release", {}),
        ("PATCH", "", {"tags": ["نو"]}),
        ("PATCH", "", {"add_issue": ["پرسش نو"]}),
    ]

    def moving(browser: httpx.Client, method: str, what: str, body: dict[str, Any]) -> Callable[[], None]:
        headers = {"If-Match": '"1"'}
        return lambda: answers.append(
            browser.request(method, path + what, json=body or None, headers=headers)
        )

    race([moving(service.editor(), *moves[number % len(moves)]) for number in range(EDITORS)])
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] in (200, 201)
    assert statuses[1:] == [412] * (EDITORS - 1)
    desk = service.desk()
    assert desk.get(path).json()["version"] == 2
    entries = desk.get("/v1/audit", params={"limit": 200}).json()["items"]
    about = [entry for entry in entries if entry["object_id"] == path.rsplit("/", 1)[1]]
    assert len(about) == 2  # it was created, and moved once
    assert desk.get("/v1/audit/verify").json()["problems"] == []


def test_edits_beside_attachments_and_issue_lines_keep_all_of_them(service: Served) -> None:
    path = service.article()

    def adds(browser: httpx.Client, number: int) -> Callable[[], None]:
        def act() -> None:
            if number % 2:
                sent = browser.post(
                    f"{path}/attachments", files={"file": (f"{number}.txt", str(number).encode())}
                )
                assert sent.status_code == 201
                return
            while True:
                match = {"If-Match": browser.get(path).headers["ETag"]}
                answer = browser.patch(path, json={"add_issue": [f"پرسش {number}"]}, headers=match)
                if answer.status_code != 412:
                    break

        return act

    race([adds(service.editor(), number) for number in range(EDITORS)])
    desk = service.desk()
    assert sorted(desk.get(path).json()["issue"]) == sorted(f"پرسش {n}" for n in range(0, EDITORS, 2))
    files = desk.get(f"{path}/attachments").json()["items"]
    assert len(files) == EDITORS // 2
    assert desk.get("/v1/audit/verify").json()["problems"] == []
