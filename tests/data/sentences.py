"""Training sentences of data/nlu, read without Rasa."""

import re
from collections import defaultdict

import yaml

from bot.settings import ROOT

NLU = ROOT / "data" / "nlu"


def normal(text: str) -> str:
    """A sentence without capitals and punctuation, so that a copy is a copy."""
    return re.sub(r"[^\w]+", " ", text.lower()).strip()


def training() -> dict[str, list[str]]:
    """Sentences by intent."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(NLU.rglob("*.yml")):
        for item in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).get("nlu") or ():
            if "intent" in item:
                found[item["intent"]] += [line[2:].strip() for line in item["examples"].splitlines() if line.startswith("- ")]
    return found
