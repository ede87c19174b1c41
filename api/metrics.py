"""Measurements for Prometheus: requests by route template, search, jobs, index, embedding cache."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0)

#: name -> labelled value; read when Prometheus asks
Readings = Callable[[], Iterable[Metric]]


class Metrics:
    """The measurements of one application; each has its own registry, so two can live in a process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._scraped: _Scraped | None = None
        self._requests = Histogram(
            "nagofte_http_request_seconds",
            "Time to answer a request, by route template.",
            ("method", "route", "status"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._searches = Histogram(
            "nagofte_search_seconds",
            "Time of one search, embedding included.",
            ("surface",),
            buckets=_SECONDS,
            registry=self.registry,
        )

    def observe_request(self, *, method: str, route: str, status: int, seconds: float) -> None:
        known = method if method in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"} else "OTHER"
        self._requests.labels(known, route, str(status)).observe(seconds)

    def observe_search(self, *, surface: str, seconds: float) -> None:
        self._searches.labels(surface).observe(seconds)

    def add_readings(self, readings: Readings) -> None:
        """Have `readings` called at each scrape, instead of those added before."""
        if self._scraped is not None:
            self.registry.unregister(self._scraped)
        self._scraped = _Scraped(readings)
        self.registry.register(self._scraped)

    def render(self) -> bytes:
        return generate_latest(self.registry)


class _Scraped(Collector):
    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def describe(self) -> Iterable[Metric]:
        return ()  # nothing is read when it is registered

    def collect(self) -> Iterable[Metric]:
        yield from self._readings()


def gauge(name: str, help_text: str, values: dict[str, float], *, label: str | None = None) -> Metric:
    """A gauge with one label (`values` by its value), or none (`values` holds one entry)."""
    family = GaugeMetricFamily(name, help_text, labels=[label] if label else [])
    for key, value in values.items():
        family.add_metric([key] if label else [], value)
    return family


def counter(name: str, help_text: str, values: dict[str, float], *, label: str) -> Metric:
    """A counter with one label, counted elsewhere."""
    family = CounterMetricFamily(name, help_text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
