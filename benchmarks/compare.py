"""`python -m benchmarks.compare`: our understanding against the stock alternatives, same data, same test sets, same run.

Each rival learns from N sentences of every topic of data/nlu (`--per-topic N`, all when absent) in a process of its own and
reads the kept-apart sets on one core in another. Rasa's default takes hours on everything with two cores: give N, or names of
rivals. `--curve` draws the learning curve of the n-grams and of our pipeline instead.
"""

import argparse
import json
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import scores, sentences
from benchmarks.rivals import RIVALS, Reading
from bot.quiet import be_quiet
from bot.settings import ROOT
from bot.tuning.variations import chat, slips

CHANGES: dict[str, Callable[[str], str]] = {
    "no signs": lambda text: re.sub(r"[^\w\s]+", " ", text.lower()),
    "typos": lambda text: slips(text, random.Random(text), 0.2),
    "chat": lambda text: chat(text, random.Random(text), 0.7).lower(),
}
CURVE = (10, 20, 35, 70, 120, 200)
CURVED = ("n-grams, logistic regression", "our encoder, logistic regression", "ours")


def training(per_topic: int) -> Any:
    """TrainingData with `per_topic` sentences of each topic, drawn evenly over the file so that every voice is in it."""
    from rasa.shared.nlu.training_data.loading import load_data
    from rasa.shared.nlu.training_data.training_data import TrainingData

    whole, by_topic = load_data(str(ROOT / "data" / "nlu")), defaultdict(list)
    for example in whole.intent_examples:
        by_topic[example.get("intent")].append(example)
    drawn = [examples[index] for examples in by_topic.values()
             for index in np.unique(np.linspace(0, len(examples) - 1, min(per_topic, len(examples))).astype(int))]
    return TrainingData(drawn, lookup_tables=whole.lookup_tables, regex_features=whole.regex_features)


def measure(name: str, folder: Path, sets: list[str]) -> dict[str, Any]:
    """What a rival makes of the kept-apart sets, on one core of this process."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    read = RIVALS[name].load(folder)
    read("goedendag")
    milliseconds: list[float] = []

    def timed(text: str) -> Reading:
        start = time.perf_counter()
        found = read(text)
        milliseconds.append((time.perf_counter() - start) * 1000)
        return found

    items = [item for one in sets for item in sentences.read(f"{one}topics")]
    outside = [item.text for one in sets for item in sentences.read(f"{one}out_of_scope")]
    right = [item.label for item in items]
    found = [timed(item.text) for item in items]
    said = [reading.guess.topic for reading in found]
    known = [reading.outside for reading, label in zip(found, right, strict=True) if label != "buiten_bereik"]
    return {
        "accuracy": scores.accuracy(said, right), "f1": scores.macro_f1(said, right),
        "recall": scores.recall_by_priority(said, right),
        "calibration": scores.calibration_error([reading.guess for reading in found], right),
        "rejection": scores.rejection_curve(known, [timed(text).outside for text in outside]),
        "changed": {kind: scores.accuracy([timed(change(item.text)).guess.topic for item in items], right)
                    for kind, change in CHANGES.items()},
        "milliseconds": statistics.median(milliseconds),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def compare(name: str, per_topic: int, sets: list[str]) -> dict[str, Any]:
    """Learn in one process, read in another."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        _child("learn", name, folder, "--per-topic", str(per_topic))
        seconds = time.perf_counter() - start
        return {**json.loads(_child("read", name, folder, "--sets", *sets).splitlines()[-1]), "seconds": seconds}


def _child(step: str, name: str, folder: str, *more: str) -> str:
    done = subprocess.run([sys.executable, "-m", "benchmarks.compare", name, "--step", step, "--folder", folder, *more],
                          cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{name} could not {step}:\n{done.stderr[-2000:]}")
    return done.stdout


def row(name: str, found: dict[str, Any]) -> str:
    """One row of the table in docs/understanding.md."""
    recall, changed, rejection = found["recall"], found["changed"], found["rejection"]
    cells = [f"{found['accuracy']:.3f}", f"{found['f1']:.3f}", f"{recall['sensitive']:.3f}",
             *(f"{changed[kind]:.3f}" for kind in CHANGES), f"{found['calibration']:.3f}", f"{rejection['0.03']:.3f}",
             f"{found['milliseconds']:.1f}", f"{found['megabytes']:.0f}", f"{found['seconds']:.0f}"]
    return f"| {name} | " + " | ".join(cells) + " |"


HEAD = """| pipeline | accuracy | macro F1 | sensitive | no signs | typos | chat | calibration | rejected | ms | MB | training |
|---|---|---|---|---|---|---|---|---|---|---|---|"""


def table(names: list[str], per_topic: int, sets: list[str]) -> None:
    """All figures of each rival, then recall by priority and the rejection curve."""
    print(HEAD, flush=True)
    results = {}
    for name in names:
        results[name] = compare(name, per_topic, sets)
        print(row(name, results[name]), flush=True)
    for title, key in (("recall of", "recall"), ("out of scope rejected at a cost of", "rejection")):
        columns = list(next(iter(results.values()))[key])
        print(f"\n| {title} | " + " | ".join(columns) + " |\n" + "|---" * (len(columns) + 1) + "|")
        for name, found in results.items():
            print(f"| {name} | " + " | ".join(f"{found[key][column]:.3f}" for column in columns) + " |", flush=True)


def curve(sets: list[str]) -> None:
    """Accuracy by the number of sentences a topic."""
    print("| sentences a topic | " + " | ".join(CURVED) + " |\n" + "|---" * (len(CURVED) + 1) + "|")
    for per_topic in (*CURVE, sys.maxsize):
        found = [f"{compare(name, per_topic, sets)['accuracy']:.3f}" for name in CURVED]
        print(f"| {per_topic if per_topic < sys.maxsize else 'all'} | " + " | ".join(found) + " |", flush=True)


def main() -> None:
    """Print tables; with --step, do one step of one rival."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="rival", help=f"{', '.join(RIVALS)}; all when absent")
    parser.add_argument("--per-topic", type=int, default=sys.maxsize)
    parser.add_argument("--sets", nargs="+", default=["", "fresh_"], help="beginnings of the names of the kept-apart sets")
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("--step", choices=["learn", "read"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    be_quiet()
    if options.step == "learn":
        RIVALS[options.names[0]].learn(training(options.per_topic), options.folder)
    elif options.step == "read":
        print(json.dumps(measure(options.names[0], options.folder, options.sets)))
    elif options.curve:
        curve(options.sets)
    else:
        table(options.names or list(RIVALS), options.per_topic, options.sets)


if __name__ == "__main__":
    main()
