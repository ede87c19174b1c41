"""Whether an ID token proves who somebody is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError
from joserfc.jwk import Key

from api.oidc.errors import Fault

#: how far the clocks of both sides may differ
SKEW_SECONDS = 60
_SUBJECT_LIMIT_CHARS = 255
_FAULTS: dict[str, Fault] = {
    "iss": "issuer", "aud": "audience", "azp": "audience", "nonce": "nonce", "iat": "early", "nbf": "early",
}  # fmt: skip


class BadToken(ValueError):
    """Not a proof; `fault` says which check failed."""

    def __init__(self, fault: Fault) -> None:
        self.fault: Fault = fault
        super().__init__(fault)


class UnknownSigningKey(Exception):
    """None of the keys has the id that the token names: the provider may have new ones."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say to be the answer to our request."""

    issuer: str
    client_id: str
    nonce: str
    algorithms: frozenset[str]
    access_token: str | None


def verified_claims(token: str, keys: Sequence[Key], expected: Expected, *, now: datetime) -> dict[str, Any]:
    """The claims of an ID token after every check of the standard.

    Source: OpenID Connect Core 1.0, section 3.1.3.7; RFC 8725.
    Raises:
        BadToken: which check failed.
        UnknownSigningKey: it may be valid with keys fetched anew.
    """
    signed = _signed(token, keys, expected.algorithms)
    options = {"iss": {"value": expected.issuer}, "aud": {"value": expected.client_id}}
    params = {
        "nonce": expected.nonce,
        "client_id": expected.client_id,
        "access_token": expected.access_token,
    }
    claims = CodeIDToken(signed.claims, signed.header, options, params)
    try:
        claims.validate(now=int(now.timestamp()), leeway=SKEW_SECONDS)
    except ExpiredTokenError:
        raise BadToken("expired") from None
    except ClaimError as error:
        raise BadToken(_FAULTS.get(error.claim, "malformed")) from None
    except (JoseError, TypeError, ValueError, AttributeError):
        raise BadToken("malformed") from None  # at_hash and others of a type that the checks do not expect
    subject = claims["sub"]
    if (
        not 0 < len(subject) <= _SUBJECT_LIMIT_CHARS
        or not subject.isprintable()
        or subject != subject.strip()
    ):
        raise BadToken("malformed")
    return dict(claims)


def _signed(token: str, keys: Sequence[Key], algorithms: frozenset[str]) -> jwt.Token:
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError):
        raise BadToken("malformed") from None
    if header.get("alg") not in algorithms:
        raise BadToken("algorithm")
    key_id = header.get("kid")
    candidates = [key for key in keys if key_id is None or key.kid == key_id]
    if not candidates:
        raise UnknownSigningKey
    for key in candidates:
        try:
            return jwt.decode(token, key, algorithms=list(algorithms))
        except (JoseError, ValueError, TypeError):
            continue  # another key's, or a key of another kind
    raise BadToken("signature")
