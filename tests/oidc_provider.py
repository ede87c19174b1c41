"""A small identity provider: OpenID Connect over HTTP, obedient to the standard unless told otherwise."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT_ID = "nagofte-tests"
CLIENT_SECRET = "secret-of-the-tests"


@dataclass
class Asked:
    """What somebody came to the authorization endpoint with."""

    nonce: str
    challenge: str
    redirect_uri: str


@dataclass
class OidcProvider:
    """A running provider; `person` is who is signed in there."""

    url: str
    person: dict[str, Any] = field(default_factory=lambda: {"sub": secrets.token_hex(8)})
    key: RSAKey | ECKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    #: keys that it announces; its own unless told otherwise
    announced: list[dict[str, Any]] | None = None
    #: changes to what it announces, and to the claims of the next tokens
    metadata: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    #: makes the ID token from (claims, key), where it is not to be signed as it should be
    sign: Callable[[dict[str, Any]], str] | None = None
    #: an answer of its own for a path: (status, body)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    codes: dict[str, Asked] = field(default_factory=dict)
    #: paths in the order they were asked for
    asked: list[str] = field(default_factory=list)

    def announce(self) -> dict[str, Any]:
        announced = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/end",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
        return {**announced, **self.metadata}

    def keys(self) -> dict[str, Any]:
        if self.announced is not None:
            return {"keys": self.announced}
        return {"keys": [{**self.key.as_dict(private=False), "use": "sig"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where somebody who is signed in there is sent back to."""
        assert (asked["client_id"], asked["response_type"]) == (CLIENT_ID, "code")
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = Asked(asked["nonce"], asked["code_challenge"], asked["redirect_uri"])
        back = {"code": code, "state": asked["state"], "iss": self.url}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The tokens for a code, once, for whoever knows client secret and verifier."""
        if not _is_our_client(form, authorization):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or (asked.challenge, asked.redirect_uri) != (challenge, form.get("redirect_uri")):
            return 400, {"error": "invalid_grant", "error_description": "code, verifier or address is wrong"}
        now = int(time.time())
        standard = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked.nonce}
        claims = {**standard, **self.person, **self.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        token = self.sign(claims) if self.sign else self.signed(claims)
        return 200, {"access_token": "access", "token_type": "Bearer", "expires_in": 300, "id_token": token}

    def signed(self, claims: dict[str, Any], key: RSAKey | ECKey | None = None, **header: Any) -> str:
        key = key or self.key
        algorithm = "ES256" if isinstance(key, ECKey) else "RS256"
        return jwt.encode({"alg": algorithm, "kid": key.kid, **header}, claims, key)


def _is_our_client(form: dict[str, str], authorization: str) -> bool:
    expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    in_body = (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
    return authorization == f"Basic {expected}" or in_body


@contextmanager
def serve_provider() -> Iterator[OidcProvider]:
    """A provider on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            match parts.path:
                case "/.well-known/openid-configuration":
                    self._send(200, provider.announce())
                case "/keys":
                    self._send(200, provider.keys())
                case "/userinfo":
                    told = {"sub": provider.person["sub"], **provider.userinfo}
                    known = self.headers.get("Authorization") == "Bearer access"
                    self._send(200 if known else 401, told if known else {"error": "invalid_token"})
                case "/authorize":
                    self._redirect(provider.authorize(query))
                case "/end":
                    self._redirect(query["post_logout_redirect_uri"])
                case _:
                    self._send(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._send(*provider.exchange(form, self.headers.get("Authorization", "")))

        def _redirect(self, address: str) -> None:
            provider.asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", address)
            self.end_headers()

        def _send(self, status: int, value: dict[str, Any]) -> None:
            path = urlsplit(self.path).path
            provider.asked.append(path)
            status, body = provider.answers.get(path, (status, json.dumps(value).encode()))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Keep the test output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = OidcProvider(url=f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
