"""Training a contestant in a process of its own, on one core, with its wall and processor time."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks import kernel
from benchmarks.serving.project import model_of
from bot.settings import ROOT

NOTES = "training.json"


class Trained(NamedTuple):
    """A model, and what making it took in seconds; `per_topic` sentences a topic."""

    model: Path
    seconds: float
    processor_seconds: float
    per_topic: int


def train(who: str, folder: Path, per_topic: int) -> Trained:
    """Write and train the project of a contestant; raises SystemExit with the end of its log."""
    folder.mkdir(parents=True, exist_ok=True)
    variables = {**os.environ, "OMP_NUM_THREADS": "1", "RASA_CACHE_DIRECTORY": str(folder / "cache")}
    with open(folder / "training.txt", "w+") as log:
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-W", "ignore", "-m", "benchmarks.serving.project", who, str(folder),
                                    str(per_topic)], cwd=ROOT, env=variables, stdout=log, stderr=log)
        try:
            os.sched_setaffinity(process.pid, kernel.cores()[0])
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{who} could not be trained:\n{(folder / 'training.txt').read_text()[-3000:]}")
    made = Trained(model_of(folder), seconds, used.ru_utime + used.ru_stime, per_topic)
    (folder / NOTES).write_text(json.dumps({**made._asdict(), "model": made.model.name}), encoding="utf-8")
    return made


def known(model: Path) -> Trained:
    """A model that was trained before; its times are NaN when nothing is noted beside it."""
    notes = model.parent / NOTES
    if not notes.is_file():
        return Trained(model, float("nan"), float("nan"), 0)
    return Trained(**{**json.loads(notes.read_text(encoding="utf-8")), "model": model})
