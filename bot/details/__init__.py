"""What a message says about a situation: relation, time, age, place and the like, as labels. No Rasa, nothing is kept."""

import datetime as dt
import re
from typing import Optional

from bot.details import ages, lexicon, moments, places
from bot.details.lexicon import ANSWER, QUESTION
from bot.details.text import Detail, plain

__all__ = ["ANSWER", "QUESTION", "Detail", "find"]

STAYS_WITH = re.compile(r"\b(?:zit|zitten|ben|zen|zijn|is|slaap|logeer|verblijf|woon|nu|terug|veilig|thuis)(?: \w+)? "
                        r"bij (?:de |een |het |'t )?$")
STAYS_HERE = re.compile(r" (?:logeert|slaapt|blijft|woont|zit|is) (?:nu |vandaag |hier )?bij (?:mij|me|ons)\b")
SAFE, PEOPLE = "veilig", ("relatie", "wie")


def find(text: str, today: Optional[dt.date] = None) -> list[Detail]:
    """Details of a text, at most one a slot: [slot, value, start, end]; the first and surest wins. Never raises.

    `today` (Brussels) gives dates and weekdays their distance.
    """
    flat = plain(text)
    found = [*moments.find(flat, today or moments.today()), *lexicon.find(flat), *places.find(flat)]
    who = next((detail.value for detail in found if detail.slot == "wie"), None)
    found += ages.find(flat, who)
    shelter = next((detail for detail in found if detail.slot == SAFE), None)
    chosen: dict[str, Detail] = {}
    for detail in found:
        # "ik ben bij mijn zus" names a shelter, not who did it
        if detail.slot not in PEOPLE or not ((shelter and _within(detail, shelter)) or _only_company(flat, detail)):
            chosen.setdefault(detail.slot, detail)
    return list(chosen.values())


def _only_company(flat: str, detail: Detail) -> bool:
    """Somebody the writer stays with, or who stays with the writer."""
    return bool(STAYS_WITH.search(flat[: detail.start]) or STAYS_HERE.match(flat, detail.end))


def _within(detail: Detail, other: Detail) -> bool:
    return other.start <= detail.start and detail.end <= other.end
