"""Details by pattern: data/details/*.yml, one file a slot."""

import functools
import re
import sre_parse
from pathlib import Path
from typing import Iterable, Iterator, NamedTuple

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
    needles: tuple[str, ...]  # one of these stands in every text that matches: looking for them is much quicker than matching


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
            for text in texts:
                expression = _compile(text, words, path.name)
                found.append(Pattern(path.stem, value, name.startswith(SHORT), expression, needles(expression.pattern)))
    return tuple(found)


def needles(expression: str) -> tuple[str, ...]:
    """Strings of which at least one stands in every text that the expression matches; ("",) when nothing must."""
    return tuple(sorted(_needles(sre_parse.parse(expression))))


def _needles(tree: Iterable[tuple[object, object]]) -> frozenset[str]:
    """The best choice among what every match passes through: the one whose shortest string is longest."""
    choices, run = [frozenset({""})], ""
    for code, argument in [*tree, (None, None)]:
        if code is sre_parse.LITERAL:
            run += chr(argument)
            continue
        choices.append(frozenset({run}))
        run = ""
        if code is sre_parse.SUBPATTERN:
            choices.append(_needles(argument[-1]))
        elif code is sre_parse.BRANCH:
            choices.append(frozenset().union(*map(_needles, argument[1])))
        elif code in (sre_parse.MAX_REPEAT, sre_parse.MIN_REPEAT) and argument[0] > 0:
            choices.append(_needles(argument[2]))
    return max(choices, key=lambda strings: (min(map(len, strings)), -len(strings)))


def _compile(text: str, words: dict[str, str], file: str) -> "re.Pattern[str]":
    try:
        return re.compile(r"\b(?:" + WORD.sub(lambda match: f"(?:{words[match[1]]})", text) + r")(?!\w)")
    except (KeyError, re.error) as error:
        raise FactsError(f"{file}: {text!r}: {error}") from error


@functools.lru_cache(maxsize=1)
def _by_needle() -> dict[str, tuple[int, ...]]:
    """{needle: numbers of the patterns that it may be of}."""
    found: dict[str, list[int]] = {}
    for number, pattern in enumerate(patterns()):
        for needle in pattern.needles:
            found.setdefault(needle, []).append(number)
    return {needle: tuple(numbers) for needle, numbers in found.items()}


def find(flat: str) -> Iterator[Detail]:
    """Every value that a flattened text matches, in the order of the files."""
    short, answer = is_short(flat, ANSWER_WORDS), is_short(flat, SHORT_WORDS)
    likely = {number for numbers in [numbers for needle, numbers in _by_needle().items() if needle in flat] for number in numbers}
    for pattern in map(patterns().__getitem__, sorted(likely)):
        if not pattern.short or (answer if pattern.slot == ANSWER else short):
            match = pattern.expression.search(flat)
            if match:
                yield Detail(pattern.slot, pattern.value, match.start(), match.end())
