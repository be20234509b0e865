"""`make bench-intakes`: conversations written by somebody who saw neither code nor tables, played with the running assistant.

benchmarks/data/intakes*.yml, three sets by three writers: `turns` as typed, `shows` and `hides` over the whole conversation,
`route_within` turns, and checks on one turn: {say, then: {shows, hides, first_kind}}. No turn may be echoed.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any, Iterator

import yaml

from benchmarks.assistant import Running, running_assistant
from bot.train import train

FILES = sorted((Path(__file__).parent / "data").glob("intakes*.yml"))
ROUTE = "route"
ECHO_FROM = 15  # characters: a shorter text may stand in an answer by chance


def conversations(file: Path) -> list[dict[str, Any]]:
    """All conversations of a file."""
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def play(running: Running, conversation: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """(check, holds) for every check of one conversation."""
    resident = running.open()
    everything, route_at = "", None
    for number, turn in enumerate(conversation["turns"], 1):
        text, then = (turn, {}) if isinstance(turn, str) else (turn["say"], turn.get("then") or {})
        resident.say(text)
        everything += resident.text + "\n"
        if route_at is None and any(message["kind"] == ROUTE for message in resident.messages):
            route_at = number
        yield from ((f"turn {number}: shows {part!r}", part in resident.text) for part in then.get("shows") or ())
        yield from ((f"turn {number}: hides {part!r}", part not in resident.text) for part in then.get("hides") or ())
        if "first_kind" in then:
            yield f"turn {number}: first {then['first_kind']}, is {resident.messages[0]['kind']}", \
                resident.messages[0]["kind"] == then["first_kind"]
        if len(text) >= ECHO_FROM:
            yield f"turn {number}: no echo", text not in resident.text
    yield from ((f"shows {part!r}", part in everything) for part in conversation.get("shows") or ())
    yield from ((f"hides {part!r}", part not in everything) for part in conversation.get("hides") or ())
    if "route_within" in conversation:
        yield f"route within {conversation['route_within']} turns, was {route_at}", \
            route_at is not None and route_at <= conversation["route_within"]
    resident.close()


def report(name: str, played: list[dict[str, Any]], checked: list[list[tuple[str, bool]]]) -> None:
    """Print what failed in a set, and its figure."""
    failed = [[check for check, holds in checks if not holds] for checks in checked]
    for conversation, checks in zip(played, failed, strict=True):
        for check in checks:
            print(f"{conversation['id']}: {check}")
    total, missed = sum(map(len, checked)), sum(map(len, failed))
    print(f"{name}: {total - missed} of {total} checks hold ({(total - missed) / max(total, 1):.1%}); "
          f"{sum(not checks for checks in failed)} of {len(played)} conversations without a fault", flush=True)


def main() -> int:
    """Play all, print the checks that fail and the figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intakes", description=__doc__)
    parser.add_argument("only", nargs="*", help="ids of conversations; all without")
    parser.add_argument("--file", type=Path, action="append", help="a set; all without")
    chosen = parser.parse_args()
    train()
    with tempfile.TemporaryDirectory() as folder, running_assistant(Path(folder)) as running:
        for file in chosen.file or FILES:
            played = [item for item in conversations(file) if item["id"] in chosen.only or not chosen.only]
            report(file.name, played, [list(play(running, conversation)) for conversation in played])
    return 0


if __name__ == "__main__":
    sys.exit(main())
