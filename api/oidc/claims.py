"""From verified claims to who somebody would be here."""

import re
from collections.abc import Mapping
from typing import Any

from kb.settings import Settings
from kb.text import storable
from kb.user import Admission, Identity
from kb.vocabulary import Language, Role

_NOT_IN_LOGIN = re.compile(r"[^a-z0-9._@+-]+")
_LOGIN_LIMIT_CHARS = 100
_NAME_LIMIT_CHARS = 200
_EMAIL = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]{1,189}")
_ROLES = list(Role)


def admission_of(settings: Settings) -> Admission:
    """Whom the settings let in."""
    create = None if settings.oidc_create == "no" else Role(settings.oidc_create)
    return Admission(create=create, by_email=settings.oidc_link_email)


def wanted_claims(settings: Settings) -> set[str]:
    """What a token should say, lest the provider is asked once more."""
    more = {claim for claim in (settings.oidc_role_claim, settings.oidc_team_claim) if claim}
    return {"name", "email", "preferred_username"} | more


def joined_claims(token: Mapping[str, Any], userinfo: Mapping[str, Any]) -> dict[str, Any]:
    """The token's claims, and what the userinfo endpoint adds to them.

    Whether an address is verified is believed only about that address.
    """
    joined = {**userinfo, **token}
    vouching = [said for said in (token, userinfo) if said.get("email") == joined.get("email")]
    verified = [said["email_verified"] for said in vouching if "email_verified" in said]
    return joined | {"email_verified": verified[0] if verified else False}


def has_claim(claims: Mapping[str, Any], name: str) -> bool:
    return _find(claims, name) is not None


def identity_of(claims: Mapping[str, Any], settings: Settings) -> Identity:
    """Who a person with these verified claims would be here."""
    assert settings.oidc_issuer is not None
    email = _verified_email(claims)
    subject = claims["sub"]
    names = (_line(claims.get("name")), _given_and_family(claims), _line(claims.get("preferred_username")))
    return Identity(
        issuer=settings.oidc_issuer,
        subject=subject,
        login=_login(claims),
        name=next((name for name in (*names, email) if name), subject)[:_NAME_LIMIT_CHARS],
        email=email,
        language=Language.ENGLISH if _text(claims.get("locale")).lower()[:2] == "en" else Language.PERSIAN,
        role=_role(claims, settings),
        teams=_teams(claims, settings),
    )


def _role(claims: Mapping[str, Any], settings: Settings) -> Role | None:
    """The highest role that the claim names, else the least; None where roles are not the provider's."""
    if not settings.oidc_role_claim:
        return None
    values = _values(_find(claims, settings.oidc_role_claim))
    named = [role for value, role in settings.role_of_claim.items() if value in values]
    return max(named, key=_ROLES.index, default=_ROLES[0])


def _teams(claims: Mapping[str, Any], settings: Settings) -> tuple[str, ...] | None:
    """The teams that the claim names; None where it says nothing or teams are not the provider's."""
    found = _find(claims, settings.oidc_team_claim) if settings.oidc_team_claim else None
    if found is None:
        return None
    values = _values(found)
    if settings.team_of_claim:
        return tuple(team for value, team in settings.team_of_claim.items() if value in values)
    return tuple(storable(value) for value in values)


def _find(claims: Mapping[str, Any], name: str) -> Any:
    """A claim by its name, or by a path such as `realm_access.roles`; None: it is not there."""
    if name in claims:
        return claims[name]
    value: Any = claims
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict | Mapping) else None
    return value


def _values(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]


def _login(claims: Mapping[str, Any]) -> str:
    for name in ("preferred_username", "email", "sub"):
        login = _NOT_IN_LOGIN.sub("", _text(claims.get(name)).casefold())[:_LOGIN_LIMIT_CHARS]
        if login:
            return login
    return "person"


def _verified_email(claims: Mapping[str, Any]) -> str:
    """The address, if the provider vouches for it; some write the word instead of the value."""
    email = _text(claims.get("email")).strip()
    verified = claims.get("email_verified")
    return email if (verified is True or verified == "true") and _EMAIL.fullmatch(email) else ""


def _given_and_family(claims: Mapping[str, Any]) -> str:
    return _line(f"{_text(claims.get('given_name'))} {_text(claims.get('family_name'))}")


def _line(value: Any) -> str:
    return " ".join(_text(value).split())


def _text(value: Any) -> str:
    return storable(value) if isinstance(value, str) else ""
