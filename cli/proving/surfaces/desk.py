"""What the desk works through: background work, findings, reviews, flags, upkeep."""

from collections.abc import Iterator

from cli.proving.askers import Asker
from cli.proving.oracle import may_know_of
from cli.proving.planted import World
from cli.proving.registry import ABSENT, Ask, changes, creates, lists, mentions, probes, reads, sends

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

lists("GET /v1/reviews")
reads("GET /v1/articles/{article_id}/reviews", of="article")
changes("POST /v1/articles/{article_id}/review", of="article", json={})
changes("DELETE /v1/articles/{article_id}/review", of="article")
changes("POST /v1/articles/{article_id}/review/approve", of="article")
changes("POST /v1/articles/{article_id}/review/request-changes", of="article", json={"comment": "نه"})

lists("GET /v1/flags", params=({"limit": 200}, {"mine": True}, {"reason": "wrong"}))
reads("GET /v1/flags/{flag_id}", of="flag")
for _verb, _told in (("take", None), ("close", {"state": "fixed"}), ("reopen", None)):
    changes(f"POST /v1/flags/{{flag_id}}/{_verb}", of="flag", json=_told, versioned=False)
mentions(
    "POST /v1/flags",
    of=("article", "note", "source", "conversation"),
    put=lambda kind, id: {"origin_kind": kind, "origin_id": id, "reason": "wrong", "text": "نه"},
)

_QUEUES = ("unverified", "due", "expired", "unused")
lists("GET /v1/upkeep", params=tuple({"queue": queue, "days": 1, "limit": 200} for queue in _QUEUES))
sends("POST /v1/upkeep/reassign", json={"from_owner_id": ABSENT, "to_owner_id": ABSENT})


@probes("GET /v1/upkeep/counts", shows=False)
def upkeep_counts(world: World, asker: Asker) -> Iterator[Ask]:
    # Only these have an owner who has not verified them.
    waiting = [thing for thing in world.of_kind("article") if thing.label.startswith("released")]
    most = sum(may_know_of(asker, thing) for thing in waiting)
    yield Ask("GET /v1/upkeep/counts", "GET", "/v1/upkeep/counts", {"days": 1}, most=most)


lists("GET /v1/templates", params=({}, {"language": "fa"}))
creates("POST /v1/templates", json={"name": "الگوی آزمون", "language": "fa", "resolution": "متن"})
reads("GET /v1/templates/{template_id}", of="template")
changes("PATCH /v1/templates/{template_id}", of="template", json={"title": "راهنما"})
changes("DELETE /v1/templates/{template_id}", of="template")
lists("GET /v1/hyperlinks", params=({"limit": 200}, {"broken": True, "limit": 200}))

reads("GET /v1/articles/{article_id}/checklist", of="article")
_TICK = {"revision": 999_999, "items": {"clear": {"is_met": True}}}
changes("PUT /v1/articles/{article_id}/checklist", of="article", json=_TICK, versioned=False)
lists("GET /v1/reminders")
changes("POST /v1/reminders/{reminder_id}/seen", of="reminder", versioned=False)
