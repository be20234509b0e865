"""`make bench-load`: half an hour at seven tenths of what the assistant can carry, then a burst of five times it.

Open loop: residents come at a rate, whatever the answers take. Prints what was lost, wrong or refused, latencies, memory,
recovery.
"""

import argparse
import asyncio
import math
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Sequence

from benchmarks.assistant import Running, running_assistant
from benchmarks.residents import Findings, Play, scripts

CAPACITY_SECONDS, CAPACITY_USERS = 20, 16
STEADY, BURST = 0.7, 5.0
BURST_SECONDS = 30
SAMPLE_SECONDS = 5
LOG_LINES = 20
WARM_SHARE = 1 / 3  # of the steady time, before memory counts
CALM, PROBES = 2.0, 8
FORGOTTEN_MINUTES = "5"  # so that well before memory counts as many conversations end as begin
PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_bytes(pid: int) -> int:
    """Resident memory of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


def slope(samples: Sequence[tuple[float, float]]) -> float:
    """Units a second of a straight line through (seconds, units) by least squares; not a number for fewer than two."""
    if len(samples) < 2:
        return math.nan
    times, values = zip(*samples, strict=True)
    middle, mean = statistics.fmean(times), statistics.fmean(values)
    return sum((when - middle) * (value - mean) for when, value in samples) / sum((when - middle) ** 2 for when in times)


def percentiles(seconds: Sequence[float]) -> str:
    """Median, 95 and 99 of a hundred, and the longest, in milliseconds."""
    ordered = sorted(seconds)
    cuts = [ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 for share in (0.5, 0.95, 0.99)]
    return f"p50 {cuts[0]:.0f}, p95 {cuts[1]:.0f}, p99 {cuts[2]:.0f}, longest {ordered[-1] * 1000:.0f} ms"


async def arrive(play: Play, talks_a_second: float, seconds: float, think: tuple[float, float], chance: random.Random) -> None:
    """Residents who come at a rate, independent of each other; returns when the last one is done."""
    until, going = time.monotonic() + seconds, set()
    while time.monotonic() < until:
        await asyncio.sleep(chance.expovariate(talks_a_second))
        task = asyncio.ensure_future(play.talk(chance.uniform(*think)))
        going.add(task)
        task.add_done_callback(going.discard)
    await asyncio.gather(*going)


async def sample(running: Running, into: dict[str, list[tuple[float, float]]]) -> None:
    """Memory of both servers, for ever."""
    while True:
        for name, process in (("chat", running.chat), ("actions", running.actions)):
            into[name].append((time.monotonic(), resident_bytes(process.pid)))
        await asyncio.sleep(SAMPLE_SECONDS)


async def recovery(play: Play, usual: float) -> float:
    """Seconds until PROBES turns in a row take less than CALM times what is usual."""
    start, calm = time.monotonic(), 0
    while calm < PROBES:
        before = len(play.findings.turns)
        await play.talk()
        for _, seconds in play.findings.turns[before:]:
            calm = calm + 1 if seconds < CALM * usual else 0
        await asyncio.sleep(0.1)
    return time.monotonic() - start


def told(title: str, findings: Findings) -> int:
    """Print the findings of a phase; how much went wrong."""
    print(f"{title}: {len(findings.turns)} turns at once, {percentiles([seconds for _, seconds in findings.turns])}")
    print(f"  statuses {dict(sorted(findings.statuses.items()))}, lost {len(findings.lost)}, wrong {len(findings.wrong)}, "
          f"refused without the numbers {len(findings.without_numbers)}", flush=True)
    for line in (findings.lost + findings.wrong + findings.without_numbers)[-10:]:
        print(f"    {line}")
    return len(findings.lost) + len(findings.wrong) + len(findings.without_numbers)


async def run(running: Running, minutes: float) -> int:
    """All phases; how much went wrong."""
    chance = random.Random(1)
    memory: dict[str, list[tuple[float, float]]] = {"chat": [], "actions": []}
    play = Play(running.url, scripts(), Findings())
    await play.rehearse()
    capacity = await play.crowd(CAPACITY_USERS, CAPACITY_SECONDS)
    print(f"capacity: {capacity:.1f} turns a second with {CAPACITY_USERS} residents who never wait")
    wrong = told("capacity", play.findings)
    turns_a_talk = statistics.fmean(map(len, scripts()))
    sampling = asyncio.ensure_future(sample(running, memory))
    play.findings = Findings()
    start = time.monotonic()
    await arrive(play, STEADY * capacity / turns_a_talk, minutes * 60, (0.5, 2.0), chance)
    took = time.monotonic() - start
    wrong += told(f"{minutes:g} minutes at {STEADY:.0%}", play.findings)
    usual = statistics.median(seconds for _, seconds in play.findings.turns)
    sampling.cancel()
    for name, samples in memory.items():
        late = [(when, size) for when, size in samples if when > start + took * WARM_SHARE]
        print(f"  memory of {name}: {samples[0][1] / 1e6:.0f} MB at the beginning, {samples[-1][1] / 1e6:.0f} at the end, "
              f"slope {slope(late) * 3600 / 1e6:+.2f} MB an hour after the first third")
    play.findings = Findings()
    await arrive(play, BURST * capacity / turns_a_talk, BURST_SECONDS, (0.0, 0.0), chance)
    wrong += told(f"burst of {BURST:g} times for {BURST_SECONDS} s, until the last was answered", play.findings)
    play.findings = Findings()
    print(f"calm again after {await recovery(play, usual):.1f} s")
    await play.close()
    return wrong


def main() -> int:
    """Start an assistant of its own, load it, print; 1 when anything was lost or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--inside", action="store_true", help="actions run inside the chat server")
    arguments = parser.parse_args()
    settings = {"CHAT_TTL_MINUTES": FORGOTTEN_MINUTES, "ACTIONS_INSIDE": "yes" if arguments.inside else "no"}
    with tempfile.TemporaryDirectory() as folder, running_assistant(Path(folder), **settings) as running:
        wrong = asyncio.run(run(running, arguments.minutes))
        print("".join(Path(running.log.name).read_text().splitlines(keepends=True)[-LOG_LINES:]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
