"""What Prometheus is told about record and index when it asks."""

from collections.abc import Iterator
from contextlib import suppress

from prometheus_client.core import Metric

from api.metrics import counter, gauge
from api.service import Service
from kb.edition import count_live
from kb.errors import IndexUnavailable
from kb.outbox import count_jobs


def readings(service: Service) -> Iterator[Metric]:
    """Jobs by state, live passages, the query cache, points of the index."""
    with service.database.reading() as session:
        jobs = {state.value: float(count) for state, count in count_jobs(session).items()}
        passages = float(count_live(session))
    yield gauge("nagofte_jobs", "Background jobs by state.", jobs, label="state")
    yield gauge("nagofte_live_passages", "Passages that searchers can see.", {"": passages})
    cache = service.search.embedder
    uses = {"hit": float(cache.hits), "miss": float(cache.misses)}
    yield counter("nagofte_query_vectors", "Query vectors remembered or embedded.", uses, label="outcome")
    index = service.search.index
    with suppress(IndexUnavailable):  # then its gauges are away, too, and /health/ready says so
        yield gauge("nagofte_index_points", "Points in the index.", {"": float(index.count())})
        yield gauge(
            "nagofte_index_unoptimized_points",
            "Points that a search goes through one by one.",
            {"": float(index.unoptimized())},
        )
