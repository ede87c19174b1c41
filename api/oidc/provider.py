"""The identity provider: what it announces, sending people there, and who came back."""

import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.discovery import get_well_known_url
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from api.oidc.claims import has_claim, joined_claims, wanted_claims
from api.oidc.errors import ProviderRefused, ProviderUnavailable, TokenRefused
from api.oidc.metadata import BadMetadata, Metadata, read_metadata
from api.oidc.token import BadToken, Expected, UnknownSigningKey, verified_claims
from kb.clock import utc_now
from kb.settings import Settings
from kb.user import BegunAttempt, TakenAttempt

logger = logging.getLogger("nagofte.oidc")

_TIMEOUT_SECONDS = 5.0
#: what a provider announces, and its keys, are read anew after this long
_KEPT_SECONDS = 3600.0
_ERROR_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,60}")


@dataclass(frozen=True, slots=True)
class Recognised:
    """Verified claims, and the token they came in."""

    claims: dict[str, Any]
    id_token: str


@dataclass(slots=True)
class Provider:
    """The provider that the settings name; keeps what it announced for an hour.

    Two threads may fetch the same at the same time; both get the same.
    """

    settings: Settings
    _metadata: tuple[float, Metadata] | None = field(default=None)
    _keys: tuple[float, list[Key]] | None = field(default=None)

    @property
    def name(self) -> str:
        """What people call it."""
        return self.settings.oidc_name or urlsplit(self.settings.oidc_issuer or "").hostname or ""

    def metadata(self) -> Metadata:
        """What it announces.

        Raises:
            ProviderUnavailable.
        """
        if self._metadata is not None and _is_fresh(self._metadata[0]):
            return self._metadata[1]
        issuer = self.settings.oidc_issuer or ""
        try:
            found = read_metadata(self._get(get_well_known_url(issuer, external=True)), issuer=issuer)
        except BadMetadata as error:
            raise self._unavailable(str(error)) from None
        self._metadata = (time.monotonic(), found)
        return found

    def clock(self) -> str | None:
        """The time it says it is, as HTTP writes it; None where it does not say.

        Raises:
            ProviderUnavailable.
        """
        return self._ask(self.metadata().jwks_uri).headers.get("date")

    def keys(self, *, anew: bool = False) -> list[Key]:
        """The public keys it signs with; those of kinds that are not known here are left out.

        Raises:
            ProviderUnavailable.
        """
        if not anew and self._keys is not None and _is_fresh(self._keys[0]):
            return self._keys[1]
        listed = self._get(self.metadata().jwks_uri).get("keys")
        if not isinstance(listed, list):
            raise self._unavailable("its keys cannot be read")
        keys = [key for one in listed if (key := _public_key(one)) is not None]
        self._keys = (time.monotonic(), keys)
        return keys

    def address_to_sign_in(self, begun: BegunAttempt, *, redirect_uri: str) -> str:
        """Where to send somebody.

        Raises:
            ProviderUnavailable.
        """
        metadata = self.metadata()
        with self._client(metadata, redirect_uri) as client:
            address, _ = client.create_authorization_url(
                metadata.authorization_endpoint,
                state=begun.state,
                nonce=begun.nonce,
                code_verifier=begun.verifier,
            )
        return str(address)

    def address_to_sign_out(self, *, id_token: str | None, return_to: str) -> str | None:
        """Where the sign-in at the provider is ended, too; None where it announces no such place."""
        try:
            endpoint = self.metadata().end_session_endpoint
        except ProviderUnavailable:
            return None  # the sign-in here ends in any case
        if endpoint is None:
            return None
        values = {"client_id": self.settings.oidc_client_id, "post_logout_redirect_uri": return_to}
        if id_token is not None:
            values["id_token_hint"] = id_token
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(values)}"

    def check_sender(self, issuer: str | None) -> None:
        """Refuse an answer that names another provider, or none though ours always does (RFC 9207).

        Raises:
            TokenRefused, ProviderUnavailable.
        """
        metadata = self.metadata()
        if issuer != metadata.issuer and (issuer is not None or metadata.names_itself):
            raise TokenRefused(name=self.name, fault="issuer")

    def refusal(self, error: str) -> ProviderRefused:
        """What to say where the provider answered with an error code."""
        return ProviderRefused(name=self.name, error=error if _ERROR_CODE.fullmatch(error) else "?")

    def recognise(self, *, code: str, attempt: TakenAttempt) -> Recognised:
        """Who came back with `code`.

        Raises:
            ProviderUnavailable: it cannot be reached, or answers nonsense.
            ProviderRefused: it does not take the code.
            TokenRefused: what it sent does not prove anything.
        """
        metadata = self.metadata()
        sent = self._exchange(metadata, code, attempt)
        id_token, access_token = sent.get("id_token"), sent.get("access_token")
        if not isinstance(id_token, str):
            raise TokenRefused(name=self.name, fault="malformed")
        access_token = access_token if isinstance(access_token, str) else None
        expected = Expected(
            issuer=metadata.issuer,
            client_id=self.settings.oidc_client_id or "",
            nonce=attempt.nonce,
            algorithms=metadata.algorithms,
            access_token=access_token,
        )
        claims = self._verified(id_token, expected)
        if metadata.userinfo_endpoint and access_token:
            missing = [name for name in wanted_claims(self.settings) if not has_claim(claims, name)]
            if missing:
                claims = self._with_userinfo(claims, metadata.userinfo_endpoint, access_token)
        return Recognised(claims, id_token)

    def _exchange(self, metadata: Metadata, code: str, attempt: TakenAttempt) -> Mapping[str, Any]:
        try:
            with self._client(metadata, attempt.redirect_uri) as client:
                sent = client.fetch_token(
                    metadata.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=attempt.verifier,
                )
        except OAuthError as error:
            logger.warning("the identity provider refused a code: %s", error)
            raise self.refusal(str(error.error)) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, TypeError) as error:
            raise self._unavailable(f"its token endpoint: {error or type(error).__name__}") from error
        return dict(sent)

    def _verified(self, id_token: str, expected: Expected) -> dict[str, Any]:
        try:
            try:
                return verified_claims(id_token, self.keys(), expected, now=utc_now())
            except UnknownSigningKey:
                return verified_claims(id_token, self.keys(anew=True), expected, now=utc_now())
        except (BadToken, UnknownSigningKey) as error:
            fault = error.fault if isinstance(error, BadToken) else "signature"
            logger.warning("an ID token was refused: %s", fault)
            raise TokenRefused(name=self.name, fault=fault) from None

    def _with_userinfo(self, claims: dict[str, Any], endpoint: str, access_token: str) -> dict[str, Any]:
        found = self._get(endpoint, {"Authorization": f"Bearer {access_token}"})
        if found.get("sub") != claims["sub"]:
            logger.warning("the userinfo endpoint speaks of somebody else")
            raise TokenRefused(name=self.name, fault="malformed")
        return joined_claims(claims, found)

    def _client(self, metadata: Metadata, redirect_uri: str) -> OAuth2Client:
        secret = self.settings.oidc_client_secret
        only_in_body = "client_secret_basic" not in metadata.auth_methods and (
            "client_secret_post" in metadata.auth_methods
        )
        method = "client_secret_post" if only_in_body else "client_secret_basic"
        return OAuth2Client(
            client_id=self.settings.oidc_client_id,
            client_secret=None if secret is None else secret.get_secret_value(),
            token_endpoint_auth_method="none" if secret is None else method,
            scope=self.settings.oidc_scopes,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=_TIMEOUT_SECONDS,
        )

    def _get(self, address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        """A JSON object from the provider; redirects are not followed.

        Raises:
            ProviderUnavailable.
        """
        try:
            found = self._ask(address, headers).json()
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise self._unavailable(f"{address}: no JSON object")
        return found

    def _ask(self, address: str, headers: dict[str, str] | None = None) -> httpx2.Response:
        try:
            answer = httpx2.get(address, headers=headers, timeout=_TIMEOUT_SECONDS)
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise self._unavailable(f"{address}: {error or type(error).__name__}") from error
        if not answer.is_success:
            raise self._unavailable(f"{address}: status {answer.status_code}")
        return answer

    def _unavailable(self, reason: str) -> ProviderUnavailable:
        logger.error("the identity provider cannot be used: %s", reason)
        return ProviderUnavailable(what=self.name, reason=reason)


def open_provider(settings: Settings) -> Provider | None:
    """The provider that the settings name, not asked for anything yet; None where they name none."""
    return Provider(settings) if settings.oidc_issuer else None


def _is_fresh(since: float) -> bool:
    return time.monotonic() - since < _KEPT_SECONDS


def _public_key(listed: Any) -> Key | None:
    if not isinstance(listed, dict) or listed.get("kty") == "oct" or listed.get("use", "sig") != "sig":
        return None
    try:
        return JWKRegistry.import_key(listed)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
