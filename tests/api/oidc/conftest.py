"""A real provider beside a real application that trusts it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from api.oidc.provider import Provider
from kb.settings import Settings
from tests.api.conftest import Running, start
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider, serve_provider


@pytest.fixture
def idp() -> Iterator[OidcProvider]:
    with serve_provider() as provider:
        yield provider


@pytest.fixture(scope="session")
def trusting(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[Running]:
    """An application whose provider each test replaces by its own."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("oidc"), models_dir=models_dir, _env_file=None)
    yield from start(settings)


@dataclass(frozen=True)
class Site:
    """The application as a browser sees it, with the provider of this test."""

    running: Running
    idp: OidcProvider

    def configure(self, **changes: Any) -> None:
        """Other settings, and a provider that remembers nothing."""
        settings = self.running.service.settings.model_copy(update=changes)
        object.__setattr__(self.running.service, "settings", settings)
        object.__setattr__(self.running.service, "provider", Provider(settings))

    def browser(self) -> TestClient:
        """Cookies of its own; redirects are followed by hand."""
        return TestClient(self.running.app, follow_redirects=False, headers={"Accept": "text/html"})

    def leave(self, browser: TestClient, next: str = "/") -> str:  # noqa: A002
        """The address at the provider that the browser is sent to."""
        answer = browser.get("/sign-in/provider", params={"next": next})
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def at_provider(self, address: str) -> str:
        """The way back, as path and query, from the provider."""
        answer = httpx.get(address, trust_env=False)
        assert answer.status_code == 302, answer.text
        parts = urlsplit(answer.headers["Location"])
        assert f"{parts.scheme}://{parts.netloc}" == "http://testserver"
        return f"{parts.path}?{parts.query}"

    def sign_in(self, browser: TestClient, next: str = "/") -> httpx.Response:  # noqa: A002
        """All of it; the answer to coming back."""
        return browser.get(self.at_provider(self.leave(browser, next)))


@pytest.fixture
def site(trusting: Running, idp: OidcProvider) -> Iterator[Site]:
    before = trusting.service.settings
    site = Site(trusting, idp)
    site.configure(
        oidc_issuer=idp.url,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=_secret(CLIENT_SECRET),
        oidc_name="Keysaz",
        oidc_create="agent",
    )
    yield site
    object.__setattr__(trusting.service, "settings", before)


def _secret(value: str) -> Any:
    from pydantic import SecretStr

    return SecretStr(value)


@pytest.fixture
def who(site: Site) -> Callable[[TestClient], dict[str, Any]]:
    """Whom the service takes the browser for."""

    def ask(browser: TestClient) -> dict[str, Any]:
        return dict(browser.get("/v1/session").json())

    return ask
