"""Whether a failed job is tried again, and when: pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: codes of errors that pass by themselves; everything else fails the same way again
TRANSIENT_CODES = frozenset(
    {
        "unavailable",
        "index_unavailable",
        "embedding_unavailable",
        "storage_full",
        "vectors_missing",
        "mail_unavailable",
    }
)
FIRST_DELAY_SECONDS = 5
LONGEST_DELAY_SECONDS = 600


@dataclass(frozen=True, slots=True)
class RetryDecision:
    """`retry_at` is None where trying again is pointless."""

    retry_at: datetime | None


def decide(error_code: str, attempts: int, now: datetime) -> RetryDecision:
    """Retry what is only unavailable, after 5, 10, 20, ... seconds, at most ten minutes apart.

    Args:
        attempts: how often the job was started, this time included; at least 1.
    """
    if error_code not in TRANSIENT_CODES:
        return RetryDecision(None)
    # The exponent is bounded so that a job retried for weeks does not make a huge integer.
    delay = min(FIRST_DELAY_SECONDS * 2 ** min(attempts - 1, 16), LONGEST_DELAY_SECONDS)
    return RetryDecision(now + timedelta(seconds=delay))
