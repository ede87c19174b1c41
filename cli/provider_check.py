"""What `kb doctor` finds out about the identity provider."""

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime

from cli.checks import Check, Level
from kb.clock import utc_now
from kb.errors import KbError
from kb.settings import Settings

_NAME = "identity provider"
_CLOCK_DIFFERENCE = timedelta(seconds=30)


def check_provider(settings: Settings) -> Iterator[Check]:
    """Is it what the settings say, does it sign tokens that are accepted here, do the clocks agree."""
    from api.oidc.provider import Provider

    provider = Provider(settings)
    try:
        metadata = provider.metadata()
        keys = provider.keys()
    except KbError as error:
        reason = str(error.data.get("reason", error.message()))
        yield Check(_NAME, Level.FAIL, reason, "Check KB_OIDC_ISSUER; until then only passwords work.")
        return
    if not keys:
        yield Check(_NAME, Level.FAIL, "it announces no key that is usable here", "See its jwks_uri.")
        return
    how = ", ".join(sorted(metadata.algorithms))
    yield Check(_NAME, Level.OK, f"{metadata.issuer}, {len(keys)} keys, signs {how}")
    if settings.public_url is None:
        finding = "sign-ins come back to whatever address the browser used"
        yield Check(f"{_NAME}: address", Level.WARN, finding, "Set KB_PUBLIC_URL and register it there.")
    else:
        back = f"{settings.public_url.rstrip('/')}/sign-in/provider/back"
        yield Check(f"{_NAME}: address", Level.OK, f"{back} must be registered there")
    if not metadata.announces_pkce:
        finding = "it does not announce PKCE (S256), which is sent nevertheless"
        yield Check(f"{_NAME}: PKCE", Level.WARN, finding, "Look whether it can be switched on.")
    if settings.oidc_create != "no" and not settings.oidc_role_claim:
        finding = f"whoever it knows becomes {settings.oidc_create} here"
        yield Check(f"{_NAME}: strangers", Level.OK, finding)
    yield from _check_clock(provider.clock())


def _check_clock(said: str | None) -> Iterator[Check]:
    try:
        theirs = parsedate_to_datetime(said or "")
    except ValueError:
        return  # it does not say what time it is
    difference = abs(theirs - utc_now())
    if difference > _CLOCK_DIFFERENCE:
        finding = f"differs from ours by {int(difference.total_seconds())} s; 60 are tolerated"
        yield Check(f"{_NAME}: clock", Level.WARN, finding, "Set both by NTP.")
