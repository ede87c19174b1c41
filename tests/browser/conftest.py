"""A real server on a free port, with something to find, and a real browser."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.app import create_app
from kb.settings import Settings
from tests.api.conftest import OPERATOR_TOKEN, Running
from workers.resources import Resources

CHROMIUM = Path("/usr/bin/chromium")
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
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the service is; it holds two articles that are translations of each other, and a wide one."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    settings = Settings(data_dir=tmp_path_factory.mktemp("browser"), _env_file=None)
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
    _fill(Running(app, app.state.service, resources))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    resources.database.close()
    server.should_exit = True
    thread.join()


def _fill(running: Running) -> None:
    running.article(
        title="زمان برگشت پول پس از مرجوعی",
        resolution="پول به کارت بانکی **۳ تا ۵ روز کاری** پس از تأیید برمی‌گردد.\n\n## جدول\n\n"
        + WIDE_TABLE
        + "\n## ثبت\n\n1. سفارش را باز کنید.\n2. مرجوعی را ثبت کنید.\n",
        issue=["پولم کی برمیگرده؟"],
        translation_group="refund",
    )
    running.article(
        language="en",
        title="How long a refund takes",
        resolution="Refunds to a bank card take 3 to 5 working days.\n\n```\n" + "code " * 60 + "\n```\n",
        translation_group="refund",
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
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
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: elsewhere.append(request.url))
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in elsewhere if not url.startswith(address)] == []
