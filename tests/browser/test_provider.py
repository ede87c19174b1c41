"""There and back with a real browser: forms may lead to no other site, and yet people get there."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from pydantic import SecretStr

from api.oidc.provider import Provider
from tests.api.conftest import Running
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider, serve_provider

pytestmark = pytest.mark.browser


@pytest.fixture
def idp(served: tuple[str, Running]) -> Iterator[OidcProvider]:
    """A provider that the service trusts during one test."""
    service = served[1].service
    before = service.settings
    with serve_provider() as idp:
        trusted = {"oidc_issuer": idp.url, "oidc_client_id": CLIENT_ID, "oidc_create": "agent"}
        secret = {"oidc_client_secret": SecretStr(CLIENT_SECRET)}
        object.__setattr__(service, "settings", before.model_copy(update=trusted | secret))
        object.__setattr__(service, "provider", Provider(service.settings))
        yield idp
    object.__setattr__(service, "settings", before)
    object.__setattr__(service, "provider", None)


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_signs_in_and_out_at_the_provider(
    chromium: Browser, address: str, idp: OidcProvider, javascript: bool
) -> None:
    context = chromium.new_context(java_script_enabled=javascript, locale="fa-IR")
    page = context.new_page()
    page.goto(f"{address}/sign-in?next=/account")
    page.get_by_role("link", name="ورود با 127.0.0.1").click()
    page.wait_for_url(f"{address}/account")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.get_by_role("button", name="خروج").click()
    page.wait_for_url(f"{address}/")
    assert urlsplit(idp.asked[-1]).path == "/end"
    page.goto(f"{address}/account")
    assert urlsplit(page.url).path == "/sign-in"
    context.close()
