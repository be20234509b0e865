"""Measures one contestant after another and records each figure as soon as it is known."""

import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import kernel
from benchmarks.serving import conversations, servers, trained
from benchmarks.serving.project import APART, DELIVERED, OURS, STOCK
from bot.settings import ROOT
from bot.train import model_path

WARM_TURNS, COLD_STARTS, WARM_USERS = 60, 3, 4
LOAD_SECONDS = 3600


class Log:
    """Records of a run, printed and appended to a JSON lines file at once."""

    def __init__(self, file: Path, anew: bool) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        if anew:
            file.write_text("", encoding="utf-8")
        self.file, self.run = file, time.strftime("%Y-%m-%d %H:%M:%S")

    def note(self, text: str) -> None:
        """Something about the run as a whole."""
        self._write({"note": text}, text)

    def add(self, who: str, name: str, value: float) -> None:
        """One figure; what is not known (NaN) is left out."""
        if not math.isnan(value):
            self._write({"who": who, "name": name, "value": round(value, 4)}, f"{who:10} {name:48} {value:10.2f}")

    def _write(self, record: dict[str, Any], line: str) -> None:
        print(line, flush=True)
        with open(self.file, "a", encoding="utf-8") as out:
            out.write(json.dumps({"run": self.run, **record}) + "\n")

    def records(self) -> list[dict[str, Any]]:
        """All that stands in the file, of earlier runs too."""
        return [json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines()]


def model_for(who: str, given: dict[str, Path], folder: Path, per_topic: int, log: Log) -> Path:
    """The model of a contestant: given, of the tree, or trained now; its training times are recorded."""
    if who in (DELIVERED, APART):
        return model_path()
    made = trained.known(given[who]) if who in given else trained.train(who, folder / who, per_topic)
    if who in given:
        sentences = f"{made.per_topic} sentences a topic" if made.per_topic else "an unknown number of sentences"
        log.note(f"the model of {who} was trained before this run, on {sentences}")
    log.add(who, "training, s", made.seconds)
    log.add(who, "training, processor s", made.processor_seconds)
    log.add(who, "model, MB", made.model.stat().st_size / 2**20)
    return made.model


def measure(who: str, model: Path, folder: Path, users: Sequence[int], turns: int, log: Log) -> None:
    """Cold starts, memory, and turns with each number of users."""
    texts = conversations.load()
    starts = []
    for _ in range(COLD_STARTS):  # one more follows, whose servers stay; the very first only warms the page cache
        with servers.serving(who, model, folder) as running:
            starts.append(running.seconds)
    with servers.serving(who, model, folder) as running:
        log.add(who, "cold start to the first answer, s", statistics.median([*starts[1:], running.seconds]))
        log.add(who, "memory after the first answer, MB (PSS)", kernel.proportional_megabytes(running.pids()))
        load(who, running, texts, WARM_USERS, WARM_TURNS)
        for number in users:
            _measured(who, running, texts, number, turns, log)
        log.add(who, "memory after the load, MB (PSS)", kernel.proportional_megabytes(running.pids()))


def _measured(who: str, running: servers.Serving, texts: list[Any], users: int, turns: int, log: Log) -> None:
    core = min(kernel.cores()[0])
    pids = running.pids()
    used, busy, wall = kernel.processor_seconds(pids), kernel.busy_seconds(core), time.perf_counter()
    seen = load(who, running, texts, users, turns)
    wall = time.perf_counter() - wall
    used = kernel.processor_seconds(pids) - used
    others = max(kernel.busy_seconds(core) - busy - used, 0.0)
    label = f"{users} user{'s' * (users > 1)}"
    for share in ("p50", "p95", "p99"):
        log.add(who, f"{share} of a turn, {label}, ms", seen[share])
    log.add(who, f"turns a second, {label}", seen["turns_per_second"])
    log.add(who, f"turns a processor second, {label}", seen["turns"] / used if used else math.nan)
    log.add(who, f"turns without an answer, {label}", seen["unanswered"])
    log.add(who, f"characters answered a turn, {label}", seen["characters_per_turn"])
    log.add(who, f"others on the servers' core, {label}, %", 100 * others / wall)


def load(who: str, running: servers.Serving, texts: list[Any], users: int, turns: int) -> dict[str, Any]:
    """What the load generator saw while `users` residents typed `turns` messages; see benchmarks/serving/client.py."""
    order = {"who": who, "url": running.url, "conversations": texts, "users": users, "turns": turns}
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", "benchmarks.serving.client"], cwd=ROOT, input=json.dumps(order),
                          capture_output=True, text=True, timeout=LOAD_SECONDS)
    if done.returncode:
        raise SystemExit(f"the load generator failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def describe(log: Log, per_topic: int, turns: int) -> None:
    """Where and on what the run takes place."""
    where, generator = kernel.cores()
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), "unknown processor")
    apart = "the load generator on another" if where != generator else "the load generator on the same: it takes its time"
    log.note(f"{model}, {os.cpu_count()} cores; both servers of a contestant on one core, {apart}")
    log.note(f"load average at the start {os.getloadavg()[0]:.2f}; commit {_commit()}")
    log.note(f"{per_topic} training sentences a topic for {STOCK} and {OURS}, the same ones; the others have all of them")
    log.note(f"{turns} turns for each number of users, after {WARM_TURNS} that do not count; each user waits for the answer and "
             "types on at once; every fourth conversation is an intake")


def _commit() -> str:
    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True).stdout.strip()

    return (git("rev-parse", "--short", "HEAD") or "unknown") + (", with changes" if git("status", "--porcelain", "-uno") else "")
