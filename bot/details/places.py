"""Places: the region of Belgium, whether it is in the zone, and the nearest care centre after sexual violence."""

import functools
import re
from pathlib import Path
from typing import Iterator, NamedTuple, Optional

from bot.details.text import Detail, plain
from bot.errors import FactsError
from bot.facts.store import read_yaml
from bot.settings import ROOT

FILE = ROOT / "data" / "details" / "plaatsen.yml"
REGION, CENTRE, HOUSE, MUNICIPALITY = "regio", "centrum", "veilig_huis", "gemeente"
ELSEWHERE = "elders"
BEFORE = r"(?:in|te|uit|van|naar|rond|bij|nabij|stad|gemeente|regio|provincie)"
SEPARATOR = r"[ -]?"
NAME_ALONE = re.compile(r"\W*(?:,|$)")  # what follows a name that is the whole message, or its first part


class Place(NamedTuple):
    """Where a name lies: region, the centre nearest to it and the Veilig Huis that serves it, both perhaps none."""

    name: str
    region: str
    centre: Optional[str]
    house: Optional[str]


@functools.lru_cache(maxsize=2)
def known(file: Path = FILE) -> tuple[dict[str, Place], "re.Pattern[str]", "re.Pattern[str]"]:
    """({key: place}, pattern of clear names, pattern of ambiguous ones); raises FactsError."""
    raw = read_yaml(file)
    places: dict[str, Place] = {}
    for district, names in raw["plaatsen"].items():
        if district not in raw["arrondissementen"]:
            raise FactsError(f"{file.name}: {district} is no arrondissement")
        about = raw["arrondissementen"][district]
        for name in names:
            places[_key(name)] = Place(str(name), about["regio"], about["zorgcentrum"], about["veilig_huis"])
    ambiguous = {_key(name) for name in raw["dubbelzinnig"]}
    if ambiguous - set(places):
        raise FactsError(f"{file.name}: {sorted(ambiguous - set(places))} stands nowhere")
    clear = _pattern(key for key in places if key not in ambiguous)
    return places, re.compile(rf"\b({clear})\b"), re.compile(rf"(?:\b{BEFORE} |^\W*)({_pattern(ambiguous)})\b")


def _pattern(keys: "Iterator[str] | set[str]") -> str:
    """Longest first; a space of a key may be a hyphen or nothing."""
    return "|".join(re.escape(key).replace(r"\ ", SEPARATOR) for key in sorted(keys, key=len, reverse=True))


def _key(name: object) -> str:
    return re.sub(r"[\s-]+", " ", plain(str(name))).strip()


@functools.lru_cache(maxsize=2)
def _glued(file: Path = FILE) -> dict[str, Place]:
    return {key.replace(" ", ""): place for key, place in known(file)[0].items()}


def find(flat: str) -> Iterator[Detail]:
    """Region, centre and house of the first place in a flattened text; a name of the zone itself (gemeente.yml) goes first."""
    _, clear, ambiguous = known()
    doubtful = (match for match in ambiguous.finditer(flat) if match.start(1) or NAME_ALONE.match(flat[match.end():]))
    match = clear.search(flat) or next(doubtful, None)
    if match is None:
        return
    key = re.sub(r"[\s-]+", "", match[1])
    place = _glued()[key]
    start, end = match.span(1)
    yield Detail(REGION, place.region, start, end)
    yield Detail(MUNICIPALITY, ELSEWHERE, start, end)
    if place.centre:
        yield Detail(CENTRE, place.centre, start, end)
    if place.house:
        yield Detail(HOUSE, place.house, start, end)
