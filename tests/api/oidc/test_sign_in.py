"""Signing in with a provider: the way there and back, and every way to abuse it."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from kb.clock import utc_now
from kb.user import SignInAttempt
from tests.api.oidc.conftest import Site
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET

Who = Callable[[TestClient], dict[str, Any]]


def fault(site: Site, browser: TestClient | None = None) -> str:
    """What the page says after a sign-in that must fail; nobody is signed in."""
    browser = browser or site.browser()
    browser.cookies.set("kb_lang", "en")
    answer = site.sign_in(browser)
    assert answer.status_code in (403, 503), answer.text
    assert "set-cookie" not in answer.headers
    assert browser.get("/v1/session").json()["kind"] == "anonymous"
    return said(answer)


def said(answer: httpx.Response) -> str:
    """What the page says went wrong."""
    return answer.text.split('role="alert">')[1].split("</p>")[0]


def test_somebody_signs_in_and_is_where_they_wanted_to_be(site: Site, who: Who) -> None:
    site.idp.person |= {"name": "سارا مرادی", "preferred_username": "sara.m", "email": "sara@example.com"}
    browser = site.browser()
    asked = parse_qs(urlsplit(site.leave(browser)).query)
    assert asked["redirect_uri"] == ["http://testserver/sign-in/provider/back"]
    assert asked["scope"] == ["openid profile email"]
    assert {len(asked[name][0]) for name in ("state", "nonce")} == {64}
    answer = site.sign_in(browser, "/articles?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/articles?x=1")
    assert "HttpOnly" in answer.headers["set-cookie"]
    found = who(browser)
    assert (found["kind"], found["name"], found["role"]) == ("person", "سارا مرادی", "agent")


def test_the_sign_in_page_offers_the_provider_and_keeps_the_way(site: Site) -> None:
    page = site.browser().get("/sign-in", params={"next": "/?q=a&b=c"}).text
    assert "ورود با Keysaz" in page
    assert 'href="/sign-in/provider?next=%2F%3Fq%3Da%26b%3Dc"' in page or "next=/%3Fq%3Da%26b%3Dc" in page


def test_without_a_provider_there_is_no_such_way(client: TestClient) -> None:
    assert "/sign-in/provider" not in client.get("/sign-in").text
    assert client.get("/sign-in/provider").status_code == 404
    assert client.get("/sign-in/provider/back?state=x&code=y").status_code == 404


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "x"])
def test_nobody_is_sent_to_another_site_afterwards(site: Site, elsewhere: str) -> None:
    assert site.sign_in(site.browser(), elsewhere).headers["Location"] == "/"


def test_an_answer_works_once(site: Site) -> None:
    browser = site.browser()
    back = site.at_provider(site.leave(browser))
    assert browser.get(back).status_code == 303
    again = browser.get(back)
    assert again.status_code == 403
    assert "از نو آغاز کنید" in again.text


def test_an_answer_works_only_in_the_browser_that_began(site: Site, who: Who) -> None:
    """Else an attacker could sign a victim in as the attacker, or take a victim's code."""
    attacker, victim = site.browser(), site.browser()
    site.leave(victim)
    back = site.at_provider(site.leave(attacker))
    assert victim.get(back).status_code == 403
    assert who(victim)["kind"] == "anonymous"
    assert attacker.get(back).status_code == 403  # used up


def test_two_tabs_of_a_browser_may_sign_in_at_the_same_time(site: Site) -> None:
    browser = site.browser()
    ways = [site.at_provider(site.leave(browser, path)) for path in ("/?q=1", "/?q=2")]
    assert [browser.get(way).headers["Location"] for way in ways] == ["/?q=1", "/?q=2"]


def test_an_attempt_is_over_after_ten_minutes_and_swept(site: Site) -> None:
    browser = site.browser()
    back = site.at_provider(site.leave(browser))
    with site.running.service.database.transaction() as session:
        session.execute(update(SignInAttempt).values(expires_at=utc_now()))
    assert browser.get(back).status_code == 403
    site.leave(browser)
    with site.running.service.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 1


@pytest.mark.parametrize("query", ["", "?state=made-up&code=x", "?code=x", "?state=%00&code=x", "?error=x"])
def test_answers_that_nobody_waits_for_are_refused(site: Site, query: str) -> None:
    assert site.browser().get(f"/sign-in/provider/back{query}").status_code == 403


def test_a_refusal_of_the_provider_is_said_and_ends_the_attempt(site: Site) -> None:
    browser = site.browser()
    state = parse_qs(urlsplit(site.leave(browser)).query)["state"][0]
    back = {"state": state, "error": "access_denied", "iss": site.idp.url, "error_description": "<script>"}
    answer = browser.get("/sign-in/provider/back", params=back)
    assert answer.status_code == 403
    assert "access_denied" in answer.text
    assert "<script>" not in answer.text.replace("<script src=", "")
    assert "از نو" in browser.get("/sign-in/provider/back", params=back).text


def test_an_error_code_that_is_none_is_not_shown(site: Site) -> None:
    browser = site.browser()
    state = parse_qs(urlsplit(site.leave(browser)).query)["state"][0]
    back = {"state": state, "error": "call 0900 and tell your password", "iss": site.idp.url}
    assert "0900" not in said(browser.get("/sign-in/provider/back", params=back))


@pytest.mark.parametrize("iss", ["https://evil.example", None])
def test_an_answer_of_another_provider_is_refused(site: Site, iss: str | None) -> None:
    browser = site.browser()
    back = site.at_provider(site.leave(browser)).split("&iss=")[0]
    answer = browser.get(back + (f"&iss={iss}" if iss else ""))
    assert answer.status_code == 403
    assert site.idp.asked.count("/token") == 0


def test_a_code_of_another_attempt_is_refused_by_pkce(site: Site) -> None:
    """Code injection: the stolen code of a victim, brought back in the attacker's own attempt."""
    victim, attacker = site.browser(), site.browser()
    stolen = parse_qs(urlsplit(site.at_provider(site.leave(victim))).query)["code"][0]
    back = site.at_provider(site.leave(attacker))
    own = parse_qs(urlsplit(back).query)["code"][0]
    answer = attacker.get(back.replace(own, stolen))
    assert answer.status_code == 403
    assert "invalid_grant" in answer.text


NOW = int(time.time())


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"iss": "https://evil.example"}, "from somebody else"),
        ({"iss": None}, "from somebody else"),
        ({"aud": "another-client"}, "for another service"),
        ({"aud": [CLIENT_ID, "another-client"]}, "for another service"),
        ({"aud": [CLIENT_ID, "another"], "azp": "another"}, "for another service"),
        ({"aud": []}, "for another service"),
        ({"nonce": "of-another-sign-in"}, "another sign-in"),
        ({"nonce": None}, "another sign-in"),
        ({"exp": NOW - 3600}, "expired"),
        ({"exp": "tomorrow"}, "cannot be read"),
        ({"exp": None}, "cannot be read"),
        ({"iat": NOW + 7200}, "from the future"),
        ({"nbf": NOW + 7200}, "from the future"),
        ({"sub": ""}, "cannot be read"),
        ({"sub": "x" * 300}, "cannot be read"),
        ({"sub": "a\u0000b"}, "cannot be read"),
        ({"sub": 7}, "cannot be read"),
        ({"at_hash": "of-another-access-token"}, "cannot be read"),
    ],
)
def test_a_token_that_proves_something_else_is_refused(
    site: Site, claims: dict[str, Any], words: str
) -> None:
    site.idp.claims = claims
    assert words in fault(site)


def _unsigned(claims: dict[str, Any]) -> str:
    signed = jwt.encode({"alg": "HS256"}, claims, OctKey.generate_key(256))
    payload = signed.split(".")[1]
    return f"eyJhbGciOiJub25lIn0.{payload}."


def test_a_token_without_a_signature_is_refused(site: Site) -> None:
    site.idp.sign = _unsigned
    assert "not signed as it must be" in fault(site)


@pytest.mark.parametrize("secret", ["the public key", CLIENT_SECRET])
def test_a_token_signed_with_what_others_know_is_refused(site: Site, secret: str) -> None:
    """HS256 with the public key as the secret, or with the client's."""
    public = site.idp.key.as_pem(private=False)
    key = public if secret == "the public key" else secret.encode()
    site.idp.sign = lambda claims: _hs256(claims, key)
    assert "not signed as it must be" in fault(site)


def _hs256(claims: dict[str, Any], secret: bytes) -> str:
    """By hand: libraries refuse to do this."""

    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).decode().rstrip("=")

    header = json.dumps({"alg": "HS256", "kid": "one"}).encode()
    text = f"{part(header)}.{part(json.dumps(claims).encode())}"
    return f"{text}.{part(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def test_a_token_of_another_key_is_refused(site: Site) -> None:
    forger = RSAKey.generate_key(2048, {"kid": "one"})
    site.idp.sign = lambda claims: site.idp.signed(claims, forger)
    assert "signature is wrong" in fault(site)


def test_a_key_that_the_token_brings_along_is_not_believed(site: Site) -> None:
    forger = RSAKey.generate_key(2048, {"kid": "one"})
    jwk = forger.as_dict(private=False)
    site.idp.sign = lambda claims: site.idp.signed(claims, forger, jwk=jwk)
    assert "was refused" in fault(site)


def test_a_changed_token_is_refused(site: Site) -> None:
    def changed(claims: dict[str, Any]) -> str:
        head, _, signature = site.idp.signed(claims).split(".")
        _, payload, _ = site.idp.signed(claims | {"sub": "somebody-else"}).split(".")
        return f"{head}.{payload}.{signature}"

    site.idp.sign = changed
    assert "signature is wrong" in fault(site)


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "é.b.c", "." * 5, "e30.e30.e30", "x" * 100_000])
def test_a_token_that_is_none_is_refused(site: Site, token: str) -> None:
    site.idp.sign = lambda _claims: token
    words = fault(site)
    assert "cannot be read" in words or "not signed" in words


@pytest.mark.parametrize(("claim", "seconds"), [("exp", -40), ("iat", 40), ("nbf", 40)])
def test_clocks_may_differ_by_a_minute(site: Site, claim: str, seconds: int) -> None:
    site.idp.claims = {claim: int(time.time()) + seconds}
    assert site.sign_in(site.browser()).status_code == 303


def test_new_keys_of_the_provider_are_taken_over(site: Site) -> None:
    assert site.sign_in(site.browser()).status_code == 303
    site.idp.key = ECKey.generate_key("P-256", {"kid": "two"})
    assert site.sign_in(site.browser()).status_code == 303
    assert site.idp.asked.count("/keys") == 2


def test_keys_of_unknown_kinds_stand_in_nobodys_way(site: Site) -> None:
    own = site.idp.keys()["keys"]
    site.idp.announced = [{"kty": "NTRU", "kid": "x"}, "?", {"kty": "oct", "k": "AA", "kid": "one"}, *own]  # type: ignore[list-item]
    assert site.sign_in(site.browser()).status_code == 303


def test_a_client_secret_in_the_body_where_the_provider_wants_it_there(site: Site) -> None:
    site.idp.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert site.sign_in(site.browser()).status_code == 303


def test_a_wrong_client_secret_is_said(site: Site) -> None:
    site.configure(oidc_client_secret=None)
    assert "invalid_client" in fault(site)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/token", (500, b"{}")),
        ("/token", (200, b"<html>")),
        ("/token", (200, b"[]")),
        ("/token", (302, b"")),
        ("/token", (200, b'{"access_token": "x", "expires_in": [1], "id_token": "x"}')),
        ("/keys", (500, b"{}")),
        ("/keys", (200, b'{"keys": 1}')),
        ("/userinfo", (503, b"{}")),
        ("/userinfo", (200, b"jwt")),
    ],
)
def test_a_provider_that_answers_nonsense_is_no_sign_in(
    site: Site, path: str, answer: tuple[int, bytes]
) -> None:
    site.idp.answers[path] = answer
    assert "does not work just now" in fault(site)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"authorization_endpoint": "http://provider.example/authorize"},
        {"token_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
    ],
)
def test_an_announcement_that_is_not_safe_is_not_followed(site: Site, metadata: dict[str, Any]) -> None:
    site.idp.metadata = metadata
    answer = site.browser().get("/sign-in/provider")
    assert answer.status_code == 503
    assert "گذرواژه وارد شوید" in answer.text


def test_a_provider_that_is_down_leaves_the_password(site: Site) -> None:
    site.configure(oidc_issuer="http://127.0.0.1:9")
    answer = site.browser().get("/sign-in/provider?next=/x", headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert "Sign-in with Keysaz does not work just now" in answer.text
    assert 'name="password"' in answer.text
    assert 'name="next" value="/x"' in answer.text


def test_what_the_userinfo_endpoint_says_of_somebody_else_is_refused(site: Site) -> None:
    site.idp.userinfo = {"sub": "somebody-else", "name": "x"}
    assert "cannot be read" in fault(site)


def test_signing_out_ends_the_sign_in_at_the_provider_too(site: Site, who: Who) -> None:
    browser = site.browser()
    site.sign_in(browser)
    token = who(browser)["csrf_token"]
    answer = browser.post("/sign-out", data={"csrf_token": token})
    assert answer.status_code == 200
    address = answer.headers["Refresh"].removeprefix("0; url=")
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{site.idp.url}/end?")
    assert asked["post_logout_redirect_uri"] == ["http://testserver/"]
    assert asked["id_token_hint"][0].count(".") == 2
    assert who(browser)["kind"] == "anonymous"


@pytest.mark.parametrize("how", ["no place for it", "down"])
def test_signing_out_here_needs_no_provider(site: Site, who: Who, how: str) -> None:
    browser = site.browser()
    site.sign_in(browser)
    token = who(browser)["csrf_token"]
    if how == "down":
        site.configure(oidc_issuer="http://127.0.0.1:9")
    else:
        site.idp.metadata = {"end_session_endpoint": None}
        site.configure()
    answer = browser.post("/sign-out", data={"csrf_token": token})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert who(browser)["kind"] == "anonymous"
