"""Reads the kept-apart sentences of tests/data/nlu: `## label` lines, then one sentence a line."""

from pathlib import Path
from typing import NamedTuple

from bot.settings import ROOT

FOLDER = ROOT / "tests" / "data" / "nlu"


class Labelled(NamedTuple):
    """A sentence and what it means."""

    text: str
    label: str


def read(name: str, folder: Path = FOLDER) -> list[Labelled]:
    """All sentences of one file, in order."""
    label, found = "", []
    for line in (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            label = line[3:].strip()
        elif line.startswith("- "):
            found.append(Labelled(line[2:].strip(), label))
    return found
