"""`make bench-scale`: one chat server against two, behind nginx with Redis, and where the processor goes."""

import argparse
import asyncio
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.cluster import Cluster, running_cluster
from benchmarks.residents import Findings, Play, scripts
from benchmarks.services import Redis, running

USERS = 16


class Measured(NamedTuple):
    """Turns a second, milliseconds of processor a turn by kind of process, and how much went wrong."""

    rate: float
    milliseconds: dict[str, float]
    wrong: int


async def measure(cluster: Cluster, seconds: float) -> Measured:
    """A crowd that never waits."""
    play = Play(cluster.url, scripts(), Findings())
    await play.rehearse()
    before = cluster.cpu()
    rate = await play.crowd(USERS, seconds)
    used = cluster.cpu() - before
    await play.close()
    found = play.findings
    for line in (found.lost + found.wrong + found.without_numbers)[:5]:
        print(f"    {line}")
    return Measured(rate, {kind: used[kind] / len(found.turns) * 1000 for kind in used},
                    len(found.lost) + len(found.wrong) + len(found.without_numbers))


def main() -> int:
    """Print a line a number of chat servers; 1 when anything was lost or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    arguments = parser.parse_args()
    rates, wrong = {}, 0
    with running(Redis, shutil.which("redis-server") or "redis-server") as redis:
        for workers in arguments.workers:
            with tempfile.TemporaryDirectory() as folder:
                with running_cluster(Path(folder), redis.url, redis.pid, workers) as cluster:
                    found = asyncio.run(measure(cluster, arguments.seconds))
            rates[workers], wrong = found.rate, wrong + found.wrong
            parts = ", ".join(f"{kind} {spent:.1f}" for kind, spent in found.milliseconds.items())
            print(f"{workers} chat server(s): {found.rate:.1f} turns a second, {found.wrong} wrong; "
                  f"ms of processor a turn: {parts}; together {sum(found.milliseconds.values()):.1f}", flush=True)
    first = arguments.workers[0]
    print(", ".join(f"{workers} carry {rates[workers] / rates[first]:.2f} times {first}" for workers in arguments.workers[1:]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
