"""What an installation weighs: the files that distributions list as theirs, without compiled Python."""

import re
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import NamedTuple, Optional

from packaging.requirements import Requirement

from bot.settings import ROOT

STOCK_NEEDS = ("rasa", "rasa-sdk")
LOCK = ROOT / "requirements" / "run.txt"
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==", re.M)


class Installed(NamedTuple):
    """`megabytes` (2^20) of `distributions`; `missing` are needed too but not installed, so they are not in the figure."""

    megabytes: float
    distributions: tuple[str, ...]
    missing: tuple[str, ...]


def canonical(name: str) -> str:
    """A distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(text: str) -> list[str]:
    """Names of a requirements file that pins every package."""
    return sorted({canonical(name) for name in PINNED.findall(text)})


def closure(names: tuple[str, ...], needs: Mapping[str, list[str]]) -> tuple[list[str], list[str]]:
    """(installed, missing): all that these names need, directly or not; `needs` is {installed name: its requirement lines}."""
    waiting = [(canonical(name), "") for name in names]
    seen, installed, missing = set(), set(), set()
    while waiting:
        item = waiting.pop()
        if item in seen:
            continue
        seen.add(item)
        name, extra = item
        if name not in needs:
            missing.add(name)
            continue
        installed.add(name)
        for line in needs[name]:
            wanted = Requirement(line)
            if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
                waiting += [(canonical(wanted.name), other) for other in ("", *wanted.extras)]
    return sorted(installed), sorted(missing)


def _distributions(site: Optional[Path]) -> dict[str, metadata.Distribution]:
    found = metadata.distributions(path=[str(site)]) if site else metadata.distributions()
    return {canonical(one.metadata["Name"]): one for one in found}


def _bytes(distribution: metadata.Distribution) -> int:
    paths = (Path(str(distribution.locate_file(file))) for file in distribution.files or () if not str(file).endswith(".pyc"))
    return sum(path.stat().st_size for path in paths if path.is_file())


def ours() -> Installed:
    """All that requirements/run.txt pins, in the environment that runs this."""
    known, names = _distributions(None), locked(LOCK.read_text(encoding="utf-8"))
    present = [name for name in names if name in known]
    return Installed(sum(_bytes(known[name]) for name in present) / 2**20, tuple(present),
                     tuple(name for name in names if name not in known))


def stock(site: Optional[Path] = None) -> Installed:
    """All that Rasa and its SDK need by their own metadata, in an environment's site-packages; without one, in this environment.

    requirements/overrides.txt takes packages out of this environment (tensorflow, replaced by tensorflow-cpu, and more): those
    come back as missing, and the figure is then too low for stock Rasa.
    """
    known = _distributions(site)
    present, missing = closure(STOCK_NEEDS, {name: one.requires or [] for name, one in known.items()})
    return Installed(sum(_bytes(known[name]) for name in present) / 2**20, tuple(present), tuple(missing))
