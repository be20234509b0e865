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
ZONE_FILE = ROOT / "data" / "details" / "gemeente.yml"
REGION, CENTRE, HOUSE, MUNICIPALITY = "regio", "centrum", "veilig_huis", "gemeente"
ELSEWHERE, BRUSSELS = "elders", "brussel"
BEFORE = r"(?:in|(?<!het )(?<!zonder )(?<!om )te|uit|van|naar|rond|bij|nabij|stad|gemeente|regio|provincie)"
SEPARATOR = r"[ ,(-]{0,2}"
NAME_ALONE = re.compile(r"\W*(?:,|$)")  # what follows a name that is the whole message, or its first part
NEAR = re.compile(r"\b(?:(?:niet|nie|ni) (?:zo |heel |al te |te )?ver (?:van|uit)|(?:dicht|vlak|kort) ?bij|nabij|naast|buiten"
                  r"|in de (?:buurt|omgeving|rand) van|tegen) (?:de (?:stad|grens met) )?$")
NOT_THERE = re.compile(r"\b(?:niet|nie|ni|nooit) (?:in|te|uit|van) $")
STREET = re.compile(r"\b(?:rue|avenue|chaussee|place|boulevard|quai)(?: (?:de la|de|du|des))? (?:d'|l')?$"
                    r"|\b(?:steenweg|baan|weg) (?:naar|op) $")


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


@functools.lru_cache(maxsize=2)
def zone(file: Path = ZONE_FILE) -> dict[str, str]:
    """{glued key: municipality of the zone}; raises FactsError for a name that is no place."""
    found = {_glue(str(name)): municipality for municipality, names in read_yaml(file).items() for name in names}
    if set(found) - set(_glued()):
        raise FactsError(f"{file.name}: {sorted(set(found) - set(_glued()))} stands nowhere in {FILE.name}")
    return found


def _pattern(keys: "Iterator[str] | set[str]") -> str:
    """Longest first; a space of a key may be a hyphen, a comma, a bracket or nothing."""
    return "|".join(re.escape(key).replace(r"\ ", SEPARATOR) for key in sorted(keys, key=len, reverse=True))


def _key(name: object) -> str:
    return re.sub(r"[\s-]+", " ", plain(str(name))).strip()


@functools.lru_cache(maxsize=2)
def _glued(file: Path = FILE) -> dict[str, Place]:
    return {_glue(key): place for key, place in known(file)[0].items()}


def _glue(name: str) -> str:
    return re.sub(r"[\s,(-]+", "", plain(name))


def find(flat: str) -> Iterator[Detail]:
    """Region, centre and house of the first place in a flattened text, and the municipality: one of the zone goes first.

    A place that somebody is only near to counts when there is no other: it tells the centre, and the region but for Brussels.
    """
    named = [match for match in _named(flat) if not NOT_THERE.search(flat[: match.start(1)])]
    exact = [match for match in named if not any(about.search(flat[: match.start(1)]) for about in (NEAR, STREET))]
    match = next(iter(exact or named), None)
    if match is None:
        return
    place, (start, end) = _glued()[_glue(match[1])], match.span(1)
    if exact or place.region != BRUSSELS:
        yield Detail(REGION, place.region, start, end)
    if exact:
        here = next((other for other in exact if _glue(other[1]) in zone()), match)
        yield Detail(MUNICIPALITY, zone().get(_glue(here[1]), ELSEWHERE), *here.span(1))
    if place.centre:
        yield Detail(CENTRE, place.centre, start, end)
    if place.house:
        yield Detail(HOUSE, place.house, start, end)


def _named(flat: str) -> list[re.Match[str]]:
    """Names in the order of the text; of two that overlap the longer one."""
    _, clear, ambiguous = known()
    doubtful = (match for match in ambiguous.finditer(flat) if match.start(1) or NAME_ALONE.match(flat[match.end():]))
    found: list[re.Match[str]] = []
    for match in sorted((*clear.finditer(flat), *doubtful), key=lambda name: (name.start(1), -name.end(1))):
        if not found or match.start(1) >= found[-1].end(1):
            found.append(match)
    return found
