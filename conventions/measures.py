"""What is counted of a running process, for Prometheus: kinds and numbers, and no name, id or text of anybody."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponseBase
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector

Reading = Callable[[], float]

SOON = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)  # seconds
LATE = (*SOON, 10, 15, 30)  # what no word came of waits for the next head

registry = CollectorRegistry()
ProcessCollector(registry=registry)

answers = Histogram(
    "rondo_http_answer_seconds",
    "From a request in a thread to its answer",
    ("method", "address", "status"),
    buckets=SOON,
    registry=registry,
)
refusals = Counter(
    "rondo_refusals", "Calls of the interface that were refused, by their code", ("code",), registry=registry
)
pushes = Histogram(
    "rondo_push_seconds",
    "From the commit of an entry, in whichever process, until all sockets of this one that look at it have it written",
    buckets=LATE,
    registry=registry,
)


class Readings:
    """What is looked up when somebody asks: the name of a measure → what reads it."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[type[Metric], str, Reading]] = {}

    def gauge(self, name: str, words: str, reading: Reading) -> None:
        self._known[name] = (GaugeMetricFamily, words, reading)

    def count(self, name: str, words: str, reading: Reading) -> None:
        """Of something that only grows."""
        self._known[name] = (CounterMetricFamily, words, reading)

    def collect(self) -> Iterator[Metric]:
        for name, (kind, words, reading) in self._known.items():
            yield kind(name, words, value=reading())  # type: ignore[call-arg]


readings = Readings()
registry.register(readings)


def told() -> bytes:
    """All of it, in the text form of Prometheus."""
    return generate_latest(registry)


class Measured:
    """Middleware: how long answers take. An address is told as it stands in the table of addresses, without its ids."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self._get_response(request)
        found = request.resolver_match
        address = str(found.route) if found else "none"
        took = time.perf_counter() - began
        answers.labels(_method(request), address, str(response.status_code)).observe(took)
        return response


def _method(request: HttpRequest) -> str:
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return request.method if request.method in known else "other"
