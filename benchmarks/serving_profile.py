"""`python -m benchmarks.serving_profile`: where the milliseconds of a turn of ours go, by samples of both running servers.

py-spy takes the samples; it is no requirement of the project: put it in an environment of its own and name it with --py-spy.
It needs the right to trace processes. Written are a table of parts and a tree (text) and, beside it, a flame graph (SVG) of
each server. Milliseconds are of processor time a turn: shares of samples times what /proc counted while they were taken.
"""

import argparse
import html
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from benchmarks import kernel
from benchmarks.serving import conversations, servers
from benchmarks.serving.project import APART, DELIVERED, OURS
from benchmarks.serving.run import load
from bot.quiet import be_quiet
from bot.settings import ROOT
from bot.train import model_path

RATE = 200            # samples a second
WARM_TURNS = 60
WIDTH, ROW, TINY = 1600, 16, 0.4  # of the picture, in pixels
Stack = tuple[str, ...]

# (part, pieces of a frame "function (file)"): the innermost frame of a stack that holds a piece decides
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("parse: {file}", ("process (bot/components/",)),
    ("policy: {file}", ("predict_action_probabilities (",)),
    ("policies: choosing among predictions", ("(rasa/core/policies/ensemble",)),
    ("graph runner", ("run (rasa/engine/runner",)),
    ("action call: tracker to JSON", ("_action_call_format (",)),
    ("action call: HTTP", ("request (rasa/utils/endpoints",)),
    ("action call: checking the result", ("_validate_action_result (", "check (bot/quick")),
    ("action call: result to events", ("deserialise_events (",)),
    ("forms", ("(rasa/core/actions/forms",)),
    ("responses", ("generate (bot/nlg",)),
    ("slots filled from the message", ("run_action_extract_slots (", "run (rasa/core/actions/action_extract")),
    ("tracker: copy for an action", ("copy (rasa/shared/core/trackers",)),
    ("tracker: events applied", ("update (rasa/shared/core/trackers", "update_with_events (rasa/shared/core/trackers")),
    ("tracker: read from memory", ("retrieve (bot/",)),
    ("tracker: written to memory", ("save (bot/",)),
    ("log lines that nobody reads", ("deepcopy (copy", "_log_slots (", "(structlog/", "debug (logging")),
    ("action server: the action", ("run (rasa_sdk/executor", "guarded (actions/safe")),
    ("action server: counting", ("count_turn (actions/counting",)),
    ("action server: web server", ("webhook (rasa_sdk/endpoint", "dispatch (sanic", "handle_request (sanic")),
    ("chat API", ("(bot/conversations", "(bot/channel", "(bot/sessions", "(bot/metrics", "(bot/clients")),
    ("processor, the rest", ("(rasa/core/processor", "(rasa/core/agent", "(rasa/core/actions")),
    ("web server and event loop", ("(sanic/", "(asyncio/", "(aiohttp/", "main (")),
)


def folded(text: str) -> Counter[Stack]:
    """{stack: samples} of py-spy's raw format: frames "function (file:line)" from the outside in, without lines here."""
    stacks: Counter[Stack] = Counter()
    for line in text.splitlines():
        frames, _, number = line.rpartition(" ")
        stacks[tuple(_frame(frame) for frame in frames.split(";"))] += int(number)
    return stacks


def _frame(frame: str) -> str:
    name, _, line = frame.rstrip(")").rpartition(":")
    return f"{name})" if line.isdigit() else frame


def part_of(stack: Stack) -> str:
    """The part that a stack belongs to."""
    for frame in reversed(stack):
        for part, pieces in PARTS:
            if any(piece in frame for piece in pieces):
                return part.format(file=Path(frame.rpartition("(")[2].rstrip(")")).stem)
    return "anything else"


def parts(stacks: Mapping[Stack, int]) -> Counter[str]:
    """{part: samples}."""
    found: Counter[str] = Counter()
    for stack, number in stacks.items():
        found[part_of(stack)] += number
    return found


def tree(stacks: Mapping[Stack, int], milliseconds: float, least: float = 0.1) -> list[str]:
    """Lines of cumulative milliseconds; `milliseconds` is what all samples together stand for, under `least` nothing is said.

    A frame that is all its caller does stands on the same depth, so that the tree does not run off the page.
    """
    total = sum(stacks.values())
    lines: list[str] = []

    def walk(level: Mapping[Stack, int], depth: int, indent: int) -> None:
        branches: dict[str, Counter[Stack]] = {}
        for stack, number in level.items():
            if len(stack) > depth:
                branches.setdefault(stack[depth], Counter())[stack] += number
        for frame, below in sorted(branches.items(), key=lambda item: -sum(item[1].values())):
            share = sum(below.values()) * milliseconds / total
            if share >= least:
                lines.append(f"{share:8.2f} {'  ' * indent}{frame}")
                walk(below, depth + 1, indent + (len(branches) > 1 or indent == 0))

    walk(stacks, 0, 0)
    return lines


def flame(stacks: Mapping[Stack, int], milliseconds: float) -> str:
    """An SVG flame graph, outermost frame on top; the pointer shows a frame's milliseconds."""
    total, deepest, boxes = sum(stacks.values()), max(map(len, stacks)), []

    def draw(level: Mapping[Stack, int], depth: int, left: float) -> None:
        branches: dict[str, Counter[Stack]] = {}
        for stack, number in level.items():
            if len(stack) > depth:
                branches.setdefault(stack[depth], Counter())[stack] += number
        for frame, below in sorted(branches.items()):
            width = sum(below.values()) * WIDTH / total
            if width >= TINY:
                told = html.escape(f"{frame}: {width * milliseconds / WIDTH:.2f} ms a turn")
                shown = html.escape(frame[: int(width / 6.2)]) if width > 30 else ""
                colour = f"hsl({sum(map(ord, frame)) % 55},75%,65%)"
                boxes.append(f'<g><title>{told}</title><rect x="{left:.1f}" y="{depth * ROW}" width="{width:.1f}" '
                             f'height="{ROW - 1}" fill="{colour}"/>'
                             f'<text x="{left + 2:.1f}" y="{depth * ROW + 11}">{shown}</text></g>')
                draw(below, depth + 1, left)
            left += width

    draw(stacks, 0, 0.0)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {deepest * ROW}" font-family="monospace" '
            f'font-size="10">' + "\n".join(boxes) + "</svg>\n")


def sampled(spy: str, folder: Path, running: servers.Serving, turns: int) -> list[tuple[Counter[Stack], float]]:
    """(stacks, milliseconds of processor time a turn) of each process while residents type `turns` messages, one at a time."""
    texts = conversations.load()
    load(OURS, running, texts, 1, WARM_TURNS)
    pids = running.roots
    spies = [subprocess.Popen([spy, "record", "--rate", str(RATE), "--format", "raw", "--duration", "36000", "--output",
                               str(folder / str(pid)), "--pid", str(pid)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
             for pid in pids]
    time.sleep(2)
    used = [kernel.processor_seconds([pid]) for pid in pids]
    load(OURS, running, texts, 1, turns)
    used = [(kernel.processor_seconds([pid]) - before) * 1000 / turns for pid, before in zip(pids, used, strict=True)]
    for one in spies:
        one.send_signal(signal.SIGINT)
    for one in spies:
        _, said = one.communicate(timeout=120)
        if one.returncode:
            raise SystemExit(f"py-spy failed:\n{said.decode()[-1000:]}")
    return [(folded((folder / str(pid)).read_text()), each) for pid, each in zip(pids, used, strict=True)]


def main() -> int:
    """Start, sample, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving_profile", description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", default=ROOT / "results" / "profile.txt", help="text; pictures beside it")
    parser.add_argument("--py-spy", default=shutil.which("py-spy"), help="its program")
    parser.add_argument("--turns", type=int, default=1000)
    parser.add_argument("--apart", action="store_true", help="with an action server, not with actions inside the chat server")
    options = parser.parse_args()
    be_quiet()
    if not options.py_spy:
        print("error: py-spy is not on the path; install it in an environment of its own and give --py-spy", file=sys.stderr)
        return 2
    who = APART if options.apart else DELIVERED
    with tempfile.TemporaryDirectory() as name, servers.serving(who, model_path(), Path(name)) as running:
        found = sampled(options.py_spy, Path(name), running, options.turns)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    written = []
    for who, (stacks, each) in zip(("chat server", "action server"), reversed(found), strict=False):
        total = sum(stacks.values())
        written += [f"{who}: {each:.2f} ms of processor time a turn, {total} samples", ""]
        written += [f"{number * each / total:8.2f} {part}" for part, number in parts(stacks).most_common()]
        written += ["", *tree(stacks, each), ""]
        options.out.with_name(f"{options.out.stem}-{who.replace(' ', '-')}.svg").write_text(flame(stacks, each), encoding="utf-8")
    options.out.write_text("\n".join(written), encoding="utf-8")
    print("\n".join(line for line in written if line)[:6000])
    return 0


if __name__ == "__main__":
    sys.exit(main())
