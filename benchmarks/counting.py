"""`make bench-counting`: what counting adds to a turn. The same assistant with and without it, in turns, in one run."""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import sentences
from benchmarks.assistant import Conversation, running_assistant
from bot.train import train

TURNS, PER_SESSION = 400, 4
WITHOUT = ("benchmarks.actions", "--no-counting")


def milliseconds(resident: Conversation, text: str) -> float:
    """One turn as a resident waits for it."""
    start = time.perf_counter()
    resident.say(text)
    return (time.perf_counter() - start) * 1000


def main() -> int:
    """Print both medians and their difference; every sentence goes to both, which is first changes each turn."""
    train()
    texts = [item.text for item in sentences.read("topics")[::2]][:TURNS]
    took: dict[str, list[float]] = {"with": [], "without": []}
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other, \
            running_assistant(Path(one)) as counting, running_assistant(Path(other), actions=WITHOUT) as plain:
        residents: dict[str, Conversation] = {}
        for number, text in enumerate(texts):
            if number % PER_SESSION == 0:
                residents = {"with": counting.open(), "without": plain.open()}
            for name in sorted(residents, reverse=bool(number % 2)):
                took[name].append(milliseconds(residents[name], text))
    medians = {name: statistics.median(values) for name, values in took.items()}
    pairs = statistics.median(one - other for one, other in zip(took["with"], took["without"], strict=True))
    print(f"{len(texts)} turns each: median with counting {medians['with']:.1f} ms, without {medians['without']:.1f} ms, "
          f"median difference of pairs {pairs:.1f} ms, ratio {medians['with'] / medians['without']:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
