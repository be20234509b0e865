"""Details by pattern: data/details/*.yml, one file a slot."""

import functools
import re
from pathlib import Path
from typing import Iterator, NamedTuple

from bot.details.text import ANSWER_WORDS, SHORT_WORDS, Detail, is_short
from bot.errors import FactsError
from bot.facts.store import read_yaml
from bot.settings import ROOT

FOLDER = ROOT / "data" / "details"
WORDS_FILE = FOLDER / "woorden.yml"
OTHERS = {"slots", "woorden", "plaatsen", "gemeente"}
QUESTION = "vraag"   # what is asked about the services that a route names
ANSWER = "antwoord"  # ja, nee, overslaan or terug: what a short answer means, whatever was asked
SHORT = "kort_"  # kort_<value>: only in a message of a few words, where it can be nothing but an answer
WEAK = "zwak_"   # zwak_<value>: the same, but it stands further down, so every surer value goes first
FIRST = "eerst_"  # eerst_<value>: the same value, further up: it goes before a value that would match a part of it
WORD = re.compile(r"<(\w+)>")


class Pattern(NamedTuple):
    """A compiled pattern of one value."""

    slot: str
    value: str
    short: bool
    expression: "re.Pattern[str]"


@functools.lru_cache(maxsize=2)
def patterns(folder: Path = FOLDER) -> tuple[Pattern, ...]:
    """All patterns in the order in which they are tried; raises FactsError that names file and pattern."""
    words = {name: "|".join(items) for name, items in read_yaml(folder / WORDS_FILE.name).items()}
    found = []
    for path in sorted(folder.glob("*.yml")):
        if path.stem in OTHERS:
            continue
        for name, texts in read_yaml(path).items():
            value = name.removeprefix(SHORT).removeprefix(WEAK).removeprefix(FIRST)
            found += [Pattern(path.stem, value, name.startswith(SHORT), _compile(text, words, path.name)) for text in texts]
    return tuple(found)


def _compile(text: str, words: dict[str, str], file: str) -> "re.Pattern[str]":
    try:
        return re.compile(r"\b(?:" + WORD.sub(lambda match: f"(?:{words[match[1]]})", text) + r")(?!\w)")
    except (KeyError, re.error) as error:
        raise FactsError(f"{file}: {text!r}: {error}") from error


def find(flat: str) -> Iterator[Detail]:
    """Every value that a flattened text matches, in the order of the files."""
    for pattern in patterns():
        if not pattern.short or is_short(flat, SHORT_WORDS if pattern.slot == ANSWER else ANSWER_WORDS):
            match = pattern.expression.search(flat)
            if match:
                yield Detail(pattern.slot, pattern.value, match.start(), match.end())
