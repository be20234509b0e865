"""What an administrator may watch: how fast, how full, how often it failed. Never how many people chatted, or about what.

The times are quantiles over the last turns and change only with every fiftieth: who reads them often sees no single turn.
"""

import math
from collections import Counter, deque
from typing import Iterator

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric

WINDOW, STEP = 500, 50
QUANTILES = (0.5, 0.95, 0.99)
FAILED = frozenset({429, 500, 503})
STEPS_OF_LOAD = 10


class Metrics:
    """The numbers of one chat server; `limit` is how many turns may run at once."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._turns: deque[float] = deque(maxlen=WINDOW)
        self._since = 0
        self._quantiles: dict[float, float] = {}
        self._failed: Counter[int] = Counter()
        self.waiting = 0
        self.ready = False
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    def turn(self, seconds: float) -> None:
        """A turn was answered."""
        self._turns.append(seconds)
        self._since += 1
        if self._since >= STEP:
            self._since = 0
            ordered = sorted(self._turns)
            self._quantiles = {share: ordered[math.ceil(share * len(ordered)) - 1] for share in QUANTILES}

    def failed(self, status: int) -> None:
        """A request was answered with this status; only those of FAILED count, for others tell that somebody was here."""
        if status in FAILED:
            self._failed[status] += 1

    @property
    def load(self) -> float:
        """Share of the turns that may run at once, rounded down to a tenth: a few at a time are not told."""
        return math.floor(self.waiting / self._limit * STEPS_OF_LOAD) / STEPS_OF_LOAD

    def text(self) -> bytes:
        """Everything in Prometheus' own format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """For the registry of prometheus_client."""
        yield GaugeMetricFamily("wijkwijzer_ready", "1 when the model is loaded and nothing told it to stop", float(self.ready))
        yield GaugeMetricFamily("wijkwijzer_load", "share of the turns that may run at once, in tenths", self.load)
        seconds = GaugeMetricFamily("wijkwijzer_turn_seconds", f"of {WINDOW} turns, told every {STEP}", labels=["quantile"])
        for share, value in self._quantiles.items():
            seconds.add_metric([str(share)], value)
        yield seconds
        failed = CounterMetricFamily("wijkwijzer_failed", "requests refused or failed", labels=["status"])
        for status in sorted(FAILED):
            failed.add_metric([str(status)], self._failed[status])
        yield failed


class InternalServer:
    """The internal port: /metrics, /live, /ready. Started and stopped in the event loop of the chat server."""

    def __init__(self, metrics: Metrics) -> None:
        from aiohttp import web  # here: only a server that has this port needs it

        self._metrics = metrics
        self._web = web
        app = web.Application()
        app.router.add_get("/metrics", self._told)
        app.router.add_get("/live", self._live)
        app.router.add_get("/ready", self._is_ready)
        self._runner = web.AppRunner(app, access_log=None)

    async def start(self, host: str, port: int) -> None:
        """Listen; raises OSError when the port is taken."""
        await self._runner.setup()
        await self._web.TCPSite(self._runner, host, port).start()

    async def stop(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()

    async def _told(self, _: object) -> object:
        return self._web.Response(body=self._metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    async def _live(self, _: object) -> object:
        return self._web.Response(text="ok\n")

    async def _is_ready(self, _: object) -> object:
        return self._web.Response(text="ok\n" if self._metrics.ready else "no\n", status=200 if self._metrics.ready else 503)
