"""A real server on a free port, with something to find, and a real browser."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from api.app import create_app
from kb.clock import utc_now
from kb.settings import Settings
from kb.user import User, open_session
from tests.api.conftest import OPERATOR_TOKEN, Running
from tests.factories import make_person
from workers.resources import Resources

CHROMIUM = Path("/usr/bin/chromium")
_PATIENCE_SECONDS = 60
expect.set_options(timeout=_PATIENCE_SECONDS * 1000)
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE_TABLE = "| روش | کجا | زمان | شرط | توضیح |\n|---|---|---|---|---|\n" + (
    "| کارت بانکی درگاه | همان کارت بانکی خریدار | ۳ تا ۵ روز کاری | پس از تأیید مرجوعی | با پیامک |\n" * 3
)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[tuple[str, Running]]:
    """A service and where it is; it holds two articles, one with a wide table, translations of each other."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    settings = Settings(data_dir=tmp_path_factory.mktemp("browser"), models_dir=models_dir, _env_file=None)
    app = create_app(settings, operator_token=OPERATOR_TOKEN)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    resources = Resources(settings)
    resources.__dict__["embedder"] = app.state.service.search.embedder
    running = Running(app, app.state.service, resources)
    _fill(running)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", running
    resources.database.close()
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def address(served: tuple[str, Running]) -> str:
    return served[0]


@pytest.fixture
def signed_cookie(served: tuple[str, Running]) -> str:
    """The session of an agent."""
    with served[1].service.database.transaction() as session:
        user = session.get_one(User, make_person(session).id)
        return open_session(session, user=user, now=utc_now(), hours=1).token


def _fill(running: Running) -> None:
    running.article(
        title="زمان برگشت پول پس از مرجوعی",
        resolution="پول به کارت بانکی **۳ تا ۵ روز کاری** پس از تأیید برمی‌گردد.\n\n## جدول\n\n"
        + WIDE_TABLE
        + "\n## ثبت\n\n1. سفارش را باز کنید.\n2. مرجوعی را ثبت کنید.\n",
        issue=["پولم کی برمیگرده؟"],
        products=["مرجوعی", "کیف پول"],
        translation_group="refund",
    )
    running.article(
        language="en",
        title="How long a refund takes",
        products=["مرجوعی"],
        resolution="Refunds to a bank card take 3 to 5 working days.\n\n```\n" + "code " * 60 + "\n```\n",
        translation_group="refund",
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=_ARGUMENTS, timeout=_PATIENCE_SECONDS * 1000
        )
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """`browse(path, width=..., javascript=..., dark=...)`: a page that asks no other host for anything."""
    contexts: list[BrowserContext] = []
    elsewhere: list[str] = []

    def open_page(
        path: str, *, width: int = 1200, javascript: bool = True, dark: bool = False, locale: str = "fa-IR"
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 844},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            locale=locale,
        )
        context.set_default_timeout(_PATIENCE_SECONDS * 1000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: elsewhere.append(request.url))
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in elsewhere if not url.startswith(address)] == []
