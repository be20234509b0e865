"""What a message says about a situation: relation, time, age, place and the like, as labels. No Rasa, nothing is kept."""

import datetime as dt
import re
from typing import Optional

from bot.details import ages, lexicon, moments, places
from bot.details.lexicon import ANSWER
from bot.details.text import Detail, plain

__all__ = ["ANSWER", "Detail", "find"]

STAYS_WITH = re.compile(r"\b(?:zit|zitten|ben|zen|zijn|is|slaap|logeer|verblijf|woon|nu|terug|veilig|thuis)(?: \w+)? "
                        r"bij (?:de |een |het |'t )?$")
SAFE, PEOPLE = "veilig", ("relatie", "wie")


def find(text: str, today: Optional[dt.date] = None) -> list[Detail]:
    """Details of a text, at most one a slot: [slot, value, start, end]; the first and surest wins. Never raises.

    `today` (Brussels) gives dates and weekdays their distance.
    """
    flat = plain(text)
    found = [*moments.find(flat, today or moments.today()), *lexicon.find(flat), *places.find(flat)]
    who = next((detail.value for detail in found if detail.slot == "wie"), None)
    found += ages.find(flat, who)
    chosen: dict[str, Detail] = {}
    for detail in found:
        chosen.setdefault(detail.slot, detail)
    shelter = chosen.get(SAFE)
    if shelter:  # "ik ben bij mijn zus" names a shelter, not who did it
        chosen = {slot: detail for slot, detail in chosen.items() if slot not in PEOPLE or not _within(detail, shelter)}
    return [detail for detail in chosen.values() if detail.slot not in PEOPLE or not STAYS_WITH.search(flat[: detail.start])]


def _within(detail: Detail, other: Detail) -> bool:
    return other.start <= detail.start and detail.end <= other.end
