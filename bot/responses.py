"""All responses by name, read without Rasa, those made of the routes too: an action asks only for what exists."""

import functools
from pathlib import Path
from typing import Any, Mapping

from bot.errors import ResponseError
from bot.facts.check import responses
from bot.routes import compose as routes
from bot.settings import ROOT

UTTER, DETAIL = "utter_", "__"
RESPONSES_FOLDER = ROOT / "data" / "nlu"


@functools.lru_cache(maxsize=2)
def all_responses(folder: Path = RESPONSES_FOLDER) -> Mapping[str, list[Mapping[str, Any]]]:
    """Variations by response name; a name that stands in two files is an error (Rasa would silently take the last)."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    origin: dict[str, str] = {}
    for file, name, variation in responses(folder):
        if origin.setdefault(name, file) != file:
            raise ResponseError(f"{name} stands in {origin[name]} and in {file}")
        found.setdefault(name, []).append(variation)
    if folder == RESPONSES_FOLDER:
        found.update(routes.responses())
    return found


def known_responses() -> frozenset[str]:
    """Every response name that stands in a data file."""
    return frozenset(all_responses())


def topic_of(response: str) -> str:
    """Topic id of a response name: utter_fietsdiefstal__duur -> fietsdiefstal."""
    return response.removeprefix(UTTER).split(DETAIL)[0]
