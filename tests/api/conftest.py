"""One real application for the whole session: SQLite record, Edge index, the default embedder."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.dependencies import SESSION_COOKIE
from api.service import Service
from kb.api_key import create_key
from kb.article import Article
from kb.clock import utc_now
from kb.edition import retired_editions, staged_editions
from kb.outbox import list_jobs
from kb.settings import Settings
from kb.user import User, csrf_token, open_session
from kb.visibility import OPERATOR
from kb.vocabulary import Audience, JobState, Role, Scope
from tests.factories import make_article, make_person
from workers.resources import Resources
from workers.run import run_job
from workers.tasks import TASKS

OPERATOR_TOKEN = "operator-token-of-the-tests"
AS_OPERATOR = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}
#: a word that only internal knowledge holds
SECRET = "زرافه‌دان"


@dataclass(frozen=True)
class Running:
    """The application, started."""

    app: FastAPI
    service: Service
    resources: Resources

    def work(self) -> None:
        """Perform every job that is due, with the workers' real code, and wait for the index."""
        while True:
            with self.service.database.reading() as session:
                pending = list_jobs(session, state=JobState.PENDING, limit=200).items
            due = [job for job in pending if job.due_at <= utc_now()]
            waiting = [job for job in due if job.name in TASKS]
            if not waiting:
                break
            for job in waiting:
                run_job(self.resources, TASKS, job_id=job.id)
        give_up_at = time.monotonic() + 100
        while self._is_projecting():
            assert time.monotonic() < give_up_at, self.service.search.projector.last_error
            time.sleep(0.02)
        self.service.search.vocabulary.refresh()

    def _is_projecting(self) -> bool:
        """Whether the index still has something to take in or to let go of."""
        with self.service.database.reading() as session:
            return bool(staged_editions(session, limit=1) or retired_editions(session, limit=1))

    def article(self, **fields: Any) -> Article:
        """A released, public article, searchable at the end."""
        with self.service.database.transaction() as session:
            article = make_article(session, released=True, **({"audience": Audience.PUBLIC} | fields))
        self.work()
        return article

    def draft(self, **fields: Any) -> Article:
        """An article that nobody released."""
        with self.service.database.transaction() as session:
            return make_article(session, **({"audience": Audience.PUBLIC} | fields))


def start(settings: Settings) -> Iterator[Running]:
    app = create_app(settings, operator_token=OPERATOR_TOKEN)
    with TestClient(app):
        service = app.state.service
        resources = Resources(settings)
        resources.__dict__["embedder"] = service.search.embedder  # one model in memory is enough
        yield Running(app, service, resources)
        resources.database.close()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[Running]:
    directory = tmp_path_factory.mktemp("service")
    # No worker runs beside these tests, so no release waits for one; `test_checks` asks for checks itself.
    settings = Settings(data_dir=directory, models_dir=models_dir, release_check_seconds=0, _env_file=None)
    yield from start(settings)


@pytest.fixture(scope="session")
def library(running: Running) -> dict[str, str]:
    """Ids of what the search tests find."""
    public = running.article(
        title="زمان برگشت پول پس از مرجوعی",
        resolution="پول به کارت بانکی **۳ تا ۵ روز کاری** پس از تأیید برمی‌گردد.\n\n## کیف پول\n\nتا یک ساعت.",
        issue=["پولم کی برمیگرده؟"],
        tags=["برگشت پول"],
        products=["بازگشت", "کیف پول"],
        translation_group="refund",
    )
    english = running.article(
        language="en",
        title="How long a refund takes",
        resolution="Refunds to a bank card take 3 to 5 working days.",
        tags=["refunds"],
        products=["بازگشت"],
        translation_group="refund",
    )
    internal = running.article(
        title=f"سقف جبران در {SECRET}",
        resolution=f"تا سقف ۵۰۰ هزار تومان در {SECRET} بدون تأیید سرپرست جبران کنید.",
        issue=[f"سقف جبران {SECRET} چقدره؟"],
        audience=Audience.INTERNAL,
        products=[SECRET],
        translation_group="refund",
    )
    partner = running.article(
        title="تسویه با فروشندگان همکار",
        resolution="تسویهٔ فروشندگان هر دوشنبه انجام می‌شود.",
        audience=Audience.PARTNER,
    )
    return {"public": public.id, "english": english.id, "internal": internal.id, "partner": partner.id}


@pytest.fixture
def client(running: Running) -> TestClient:
    """A visitor, with cookies of its own."""
    return TestClient(running.app, follow_redirects=False)


@pytest.fixture(scope="session")
def key(running: Running) -> Callable[..., dict[str, str]]:
    """`key(Scope..., ceiling=...)`: the headers of a new API key."""

    def make(*scopes: Scope, ceiling: Audience = Audience.PUBLIC, **fields: Any) -> dict[str, str]:
        with running.service.database.transaction() as session:
            made = create_key(
                session,
                caller=OPERATOR,
                name="آزمون",
                scopes=scopes or tuple(Scope),
                audience_ceiling=ceiling,
                **fields,
            )
        return {"Authorization": f"Bearer {made.plaintext}"}

    return make


@pytest.fixture
def signed_in(running: Running) -> Callable[..., TestClient]:
    """`signed_in(role)`: a browser with a session; it sends its CSRF token."""

    def make(role: Role = Role.AGENT) -> TestClient:
        with running.service.database.transaction() as session:
            person = make_person(session, role=role)
            user = session.get_one(User, person.id)
            sign_in = open_session(session, user=user, now=utc_now(), hours=1)
        browser = TestClient(running.app, follow_redirects=False)
        browser.cookies.set(SESSION_COOKIE, sign_in.token)
        browser.headers["X-CSRF-Token"] = csrf_token(sign_in.token)
        return browser

    return make


@pytest.fixture
def private_client(settings: Settings) -> Iterator[TestClient]:
    """A visitor of an installation whose portal is not public."""
    for other in start(settings.model_copy(update={"portal_public": False})):
        yield TestClient(other.app, follow_redirects=False)
