"""The outbox: background work promised in the same transaction as what it serves.

A job is claimed with a lease and renewed while its worker lives; a silent worker's job is given out
again. Delivery is at least once, so tasks are idempotent.
"""

from kb.outbox.job import Job
from kb.outbox.lease import (
    ATTEMPT_LIMIT,
    claim_jobs,
    fail_job,
    finish_job,
    hold_jobs,
    release_leases,
    renew_lease,
    report_progress,
    take_job,
)
from kb.outbox.promise import (
    count_jobs,
    enqueue,
    get_job,
    is_any_due,
    is_under_way,
    list_jobs,
    rebuild_index,
    retry_job,
)

__all__ = [
    "ATTEMPT_LIMIT",
    "Job",
    "claim_jobs",
    "count_jobs",
    "enqueue",
    "fail_job",
    "finish_job",
    "get_job",
    "hold_jobs",
    "is_any_due",
    "is_under_way",
    "list_jobs",
    "rebuild_index",
    "release_leases",
    "renew_lease",
    "report_progress",
    "retry_job",
    "take_job",
]
