"""What a provider announces about itself, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.settings import is_safe_address

#: signatures that only the provider can make; never none, never a shared secret
SIGNATURES = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)


class BadMetadata(ValueError):
    """The announcement cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """A provider's addresses and abilities.

    Source: OpenID Connect Discovery 1.0, section 3; RP-Initiated Logout 1.0; RFC 9207.
    """

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    algorithms: frozenset[str]
    auth_methods: frozenset[str]
    #: whether it says that it knows PKCE with S256; which is sent in any case
    announces_pkce: bool
    #: whether it promises to name itself when it sends people back
    names_itself: bool


def read_metadata(found: Mapping[str, Any], *, issuer: str) -> Metadata:
    """The announcement of `issuer`.

    Raises:
        BadMetadata: it is another's, lacks an address, or has one that is not safe.
    """
    if found.get("issuer") != issuer:
        raise BadMetadata(f"it announces the issuer {found.get('issuer')!r}, not {issuer!r}")
    algorithms = _texts(found, "id_token_signing_alg_values_supported", "RS256") & SIGNATURES
    if not algorithms:
        raise BadMetadata("it signs in no way that is accepted here")
    return Metadata(
        issuer=issuer,
        authorization_endpoint=_address(found, "authorization_endpoint"),
        token_endpoint=_address(found, "token_endpoint"),
        jwks_uri=_address(found, "jwks_uri"),
        userinfo_endpoint=_address(found, "userinfo_endpoint") if found.get("userinfo_endpoint") else None,
        end_session_endpoint=(
            _address(found, "end_session_endpoint") if found.get("end_session_endpoint") else None
        ),
        algorithms=algorithms,
        auth_methods=_texts(found, "token_endpoint_auth_methods_supported", "client_secret_basic"),
        announces_pkce="S256" in _texts(found, "code_challenge_methods_supported"),
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise BadMetadata(f"{name} is missing")
    if not is_safe_address(value):
        raise BadMetadata(f"{name} does not begin with https://")
    return value


def _texts(found: Mapping[str, Any], name: str, *otherwise: str) -> frozenset[str]:
    value = found.get(name)
    if not isinstance(value, list):
        return frozenset(otherwise)
    return frozenset(one for one in value if isinstance(one, str))
