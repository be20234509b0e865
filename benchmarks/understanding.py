"""`make bench-nlu`: how well the trained assistant understands sentences that it never saw.

Optional arguments: files of your own in the format of tests/data/nlu ("## label", then "- sentence" lines); they are
scored as topics.
"""

import asyncio
import random
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import sentences
from benchmarks.scores import Guess, calibration_error
from bot.components.clause_joiner import SMALL_TALK
from bot.components.emergency_detector import DANGER
from bot.quiet import be_quiet
from bot.train import model_path
from bot.tuning.variations import chat, slips

CHOSEN_ON, FRESH, THIRD = "", "fresh_", "third_"  # beginnings of the names of the collections of sets
WRITERS = {CHOSEN_ON: "ten writers; thresholds were chosen on these", FRESH: "six other writers", THIRD: "three more writers"}
REJECTED = ("nlu_fallback", "buiten_bereik")


class Reader:
    """The trained model as a function from text to parse result, with the time each took."""

    def __init__(self) -> None:
        be_quiet()
        from rasa.core.agent import Agent
        from rasa.utils.log_utils import configure_structlog

        configure_structlog(40)
        self._agent = Agent.load(str(model_path()))
        self.milliseconds: list[float] = []

    async def __call__(self, text: str) -> dict[str, Any]:
        start = time.perf_counter()
        parsed = await self._agent.parse_message(text)
        self.milliseconds.append((time.perf_counter() - start) * 1000)
        return parsed


def share(part: int, whole: int) -> str:
    """ "412 / 500 = 82.4 %"."""
    return f"{part} / {whole} = {100 * part / max(whole, 1):.1f} %"


async def score_topics(read: Reader, items: list[sentences.Labelled], confusions: int = 12) -> None:
    """Accuracy of the best topic, what the bands do, the commonest confusions."""
    right, sure_right, bands, wrong, rescued, unsure = 0, 0, Counter(), Counter(), 0, 0
    marks: list[bool] = []
    for text, label in items:
        parsed = await read(text)
        said = decided(parsed)
        band = parsed["certainty"]["band"]
        bands[band] += 1
        right += said == label
        marks.append(said == label)
        sure_right += band == "sure" and said == label
        if band == "unsure":
            unsure += 1
            rescued += label in [item["name"] for item in parsed["intent_ranking"][:3]]
        if said != label:
            wrong[label, said] += 1
    print(f"  topic right           {share(right, len(items))}")
    print(f"  sure                  {share(bands['sure'], len(items))}, right when sure {share(sure_right, bands['sure'])}")
    print(f"  unsure                {share(bands['unsure'], len(items))}, "
          f"right topic in the first three {share(rescued, unsure)}")
    print(f"  lost                  {share(bands['lost'], len(items))}")
    print("  by writer             " + ", ".join(f"{100 * sum(one) / len(one):.1f}" for one in by_writer(items, marks)))
    for (label, said), count in wrong.most_common(confusions):
        print(f"    {count:3} x {label} read as {said}")


def by_writer(items: list[sentences.Labelled], marks: list[bool]) -> list[list[bool]]:
    """Marks of each writer: under every topic of a set the sentences stand in the order of their writers."""
    places, found = Counter(), defaultdict(list)
    for item, mark in zip(items, marks, strict=True):
        found[places[item.label]].append(mark)
        places[item.label] += 1
    return [found[place] for place in sorted(found)]


def decided(parsed: dict[str, Any]) -> str:
    """The topic that decides: danger and language override, a lost message keeps its best guess for this figure."""
    best = parsed["intent_ranking"][0]["name"] if parsed["intent_ranking"] else "nlu_fallback"
    return best if parsed["intent"]["name"] == "nlu_fallback" else parsed["intent"]["name"]


def is_emergency(parsed: dict[str, Any]) -> bool:
    """True when the resident sees the emergency numbers first."""
    return parsed["intent"]["name"].startswith(DANGER)


async def score_robustness(read: Reader, items: list[sentences.Labelled]) -> None:
    """The same sentences as others might type them, and whether a confidence means what it says."""
    changes: dict[str, Callable[[str], str]] = {
        "as written": str,
        "no capitals, no signs": lambda text: re.sub(r"[^\w\s]+", " ", text.lower()),
        "one word in five mistyped": lambda text: slips(text, random.Random(text), 0.2),
        "chat spelling": lambda text: chat(text, random.Random(text), 0.7).lower(),
    }
    for name, change in changes.items():
        read_all = [(await read(change(text)), label) for text, label in items]
        print(f"  {name:26} {share(sum(decided(parsed) == label for parsed, label in read_all), len(items))}")
        if name == "as written":
            ranked = [(parsed["intent_ranking"][0], label) for parsed, label in read_all if parsed["intent_ranking"]]
            guesses = [Guess(best["name"], best["confidence"]) for best, _ in ranked]
            print(f"  expected calibration error {calibration_error(guesses, [label for _, label in ranked]):.3f}")


async def score_two_questions(read: Reader) -> None:
    """Messages with two questions: is one of them answered, and the other offered; and a question after a greeting."""
    read_all = [(await read(text), label.split(" + ")) for text, label in sentences.read("two_questions")]
    pairs = [(parsed, set(wanted)) for parsed, wanted in read_all if len(wanted) > 1 and not SMALL_TALK & set(wanted)]
    greeted = [(parsed, wanted[-1]) for parsed, wanted in read_all if len(wanted) == 1 or SMALL_TALK & set(wanted)]
    answered = [decided(parsed) in wanted for parsed, wanted in pairs]
    offered = [{decided(parsed), parsed.get("also")} == wanted for parsed, wanted in pairs]
    print(f"  one is answered       {share(sum(answered), len(pairs))}")
    print(f"  and the other offered {share(sum(offered), len(pairs))}")
    print(f"  after a greeting      {share(sum(decided(parsed) == wanted for parsed, wanted in greeted), len(greeted))}")


async def score_rejection(read: Reader, prefix: str) -> None:
    """Out of scope rejected, in scope wrongly rejected."""
    outside = sentences.read(f"{prefix}out_of_scope")
    names = [(await read(text))["intent"]["name"] for text, _ in outside]
    print(f"  out of scope rejected {share(sum(name in REJECTED for name in names), len(names))}")
    inside = [item for item in sentences.read(f"{prefix}topics") if item.label not in REJECTED]
    names = [(await read(text))["intent"]["name"] for text, _ in inside]
    print(f"  in scope rejected     {share(sum(name in REJECTED for name in names), len(names))}")


async def score_danger(read: Reader, prefix: str, show: bool) -> None:
    """Dangers missed and false alarms, on the sets of tests/data/nlu."""
    for name, fires in (("danger", True), ("harmless", False), ("blunt_danger", True), ("blunt_harmless", False)):
        if not (sentences.FOLDER / f"{prefix}{name}.txt").is_file():
            continue  # not every collection has blunt ones
        items = sentences.read(prefix + name)
        blunt = " in a few words" if name.startswith("blunt") else ""
        found = [(await read(text), text, label) for text, label in items]
        bad = [(parsed["danger"], text, label) for parsed, text, label in found if is_emergency(parsed) != fires]
        print(f"  {'missed' if fires else 'false alarm':11}           {share(len(bad), len(items))}{blunt}")
        for danger, text, label in bad if show else ():
            print(f"    {danger and danger['score']} {label}: {text} {danger and danger['why']}")


async def score_language(read: Reader) -> None:
    """Dutch called foreign, foreign called Dutch (three words or more), right language named."""
    dutch = sentences.read("dutch")
    foreign = [item for item in sentences.read("foreign") if len(item.text.split()) >= 3]
    called = [(await read(text))["language"] for text, _ in dutch]
    print(f"  Dutch called foreign  {share(sum(code != 'nl' for code in called), len(dutch))}")
    codes = [((await read(text))["language"], label) for text, label in foreign]
    print(f"  foreign caught        {share(sum(code != 'nl' for code, _ in codes), len(codes))}")
    print(f"  right language        {share(sum(code == label for code, label in codes), len(codes))}")


async def main(arguments: list[str]) -> None:
    """Print every figure; with files, only those."""
    read = Reader()
    await read("goedendag")
    read.milliseconds.clear()
    show = "--show" in arguments
    files = [Path(argument) for argument in arguments if not argument.startswith("--")]
    for file in files:
        print(file)
        await score_topics(read, sentences.read(file.stem, file.parent))
    for prefix, whose in () if files else WRITERS.items():
        print(f"topics (107, {whose})")
        await score_topics(read, sentences.read(f"{prefix}topics"), 40 if show else 12)
        await score_rejection(read, prefix)
        print("danger now")
        await score_danger(read, prefix, show)
    if not files:
        print("as others type it")
        await score_robustness(read, sentences.read(f"{FRESH}topics"))
        print("two questions in one message")
        await score_two_questions(read)
        print("language")
        await score_language(read)
    print(f"milliseconds a message: median {statistics.median(read.milliseconds):.1f}, "
          f"95 % under {statistics.quantiles(read.milliseconds, n=20)[-1]:.1f}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
