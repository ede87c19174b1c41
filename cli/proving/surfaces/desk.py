"""What the desk works through: background work, findings."""

from collections.abc import Iterator

from cli.proving.askers import Asker
from cli.proving.planted import World
from cli.proving.registry import Ask, changes, lists, probes

# Only who sees every audience, segment and product gets the list; keys that read, ids of drafts, too.
lists("GET /v1/jobs", params=({"limit": 200}, {"state": "failed", "limit": 200}), names_ids=True)


@probes("GET /v1/jobs/{job_id}")
def job(world: World, _asker: Asker) -> Iterator[Ask]:
    yield from _jobs(world, "GET /v1/jobs/{job_id}", "")


@probes("GET /v1/jobs/{job_id}/events")
def job_events(world: World, _asker: Asker) -> Iterator[Ask]:
    yield from _jobs(world, "GET /v1/jobs/{job_id}/events", "/events")


def _jobs(world: World, name: str, end: str) -> Iterator[Ask]:
    """Whoever knows a job's id may follow it, and learns what it is about, but no word of that."""
    for thing in world.of_kind("job"):
        source_id = world.extra[thing.id, "source_id"]
        yield Ask(name, "GET", f"/v1/jobs/{thing.id}{end}", echoes=(thing.id, source_id))


changes("POST /v1/jobs/{job_id}/retry", of="job", versioned=False)

lists("GET /v1/findings", params=({"limit": 200}, {"kind": "contradiction"}, {"state": "dismissed"}))
changes(
    "POST /v1/findings/{finding_id}/dismiss", of="finding", json={"comment": "هر دو درست‌اند"}, versioned=False
)
changes("POST /v1/findings/{finding_id}/reopen", of="finding", versioned=False)
