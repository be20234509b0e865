"""How long ago, where it can be counted: "drie weken geleden", "zaterdag", "12 november". The rest: data/details/wanneer.yml."""

import datetime as dt
import re
from typing import Iterator, Optional

from bot.details import numbers
from bot.details.text import Detail
from bot.facts.hours import BRUSSELS

SLOT = "wanneer"
HOURS_72, WEEK, LONGER = "72u", "week", "langer"
BEGINNING = 3  # the day of the month that "begin deze maand" stands for
MAX_72, MAX_WEEK = 2, 7  # days: with the hours of today unknown, three days ago may be over 72 hours
NUMBERS = {**numbers.words(), "ne": 1, "nen": 1, "paar": 3, "enkele": 3, "tal": 3, "anderhalve": 2}
UNITS = {"min": 0, "uur": 0, "uren": 0, "u": 0, "dag": 1, "week": 7, "weke": 7, "wk": 7,
         "maand": 30, "mnd": 30, "jaar": 365, "jare": 365}
DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = ("januari", "februari", "maart", "april", "mei", "juni", "juli",
          "augustus", "september", "oktober", "november", "december")
SHORT_MONTHS = {"jan": 1, "feb": 2, "mrt": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8,
                "sep": 9, "sept": 9, "okt": 10, "nov": 11, "dec": 12}
MONTH = "|".join((*MONTHS, *sorted(SHORT_MONTHS, key=len, reverse=True)))
AMOUNT = r"(\d{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"
UNIT = r"(min|uur|uren|u|dag|week|weke|wk|maand|mnd|jaar|jare)\w*"
AGO = re.compile(rf"\b{AMOUNT}(?: of {AMOUNT})?(?: ?(?:volle|hele|tal|korte))? ?{UNIT} ?(?:gele|terug|ago|voorbij)\w*")
IT_IS = re.compile(rf"\b(?:'t|het) (?:is|zal|zijn|zal wel) (?:al |nu |zo'n |ongeveer |intussen )*{AMOUNT} ?{UNIT}")
OR_SO = re.compile(rf"\b(?:een |ne |nen )?{UNIT} of {AMOUNT} (?:geleden|terug|gelee)")
MONTH_ONLY = re.compile(rf"\b(?:in|half|begin|eind|midden|vorige|sinds|rond) ({'|'.join(MONTHS)})\b")
THIS_MONTH = re.compile(r"\b(?:begin|in het begin van) (?:deze|dees|de) maand\b")
NOT_YET = re.compile(rf"\b(?:nog geen|geen|minder dan|nie eens) (?:{AMOUNT} )?{UNIT} ?(?:gele|terug)\w*")
WEEKDAY = re.compile(r"\b(vorige week |verleden week )?(?:vorige |verleden |afgelopen |voorbije |op |laatste )?"
                     rf"({'|'.join(DAYS)})"
                     r"(?:nacht|avond|morgen|middag|namiddag|ochtend)?\b")
NOT_PAST = re.compile(r"(elke|iedere|volgende|tegen|komende|tot|alle) $")
DATE = re.compile(r"\b(\d{1,2})(?: ?[/.-] ?(\d{1,2})(?: ?[/.-] ?(\d{4}|\d{2}))?"
                  rf"|(?:ste|de|e)? ({MONTH})(?: (\d{{4}}))?)(?![\d/])\b")


def today() -> dt.date:
    """Today in Brussels."""
    return dt.datetime.now(BRUSSELS).date()


def find(flat: str, day: dt.date) -> Iterator[Detail]:
    """The first moment of a flattened text whose distance from `day` can be counted, if there is one."""
    for match, days in _counted(flat, day):
        yield Detail(SLOT, HOURS_72 if days <= MAX_72 else WEEK if days <= MAX_WEEK else LONGER, match.start(), match.end())
        return


def _counted(flat: str, day: dt.date) -> Iterator[tuple["re.Match[str]", int]]:
    match = NOT_YET.search(flat)
    if match:
        yield match, max(0, _days(match[1] or "een", match[2]) - 1)
    match = AGO.search(flat)
    if match:
        yield match, _days(match[2] or match[1], match[3])
    match = IT_IS.search(flat)
    if match:
        yield match, _days(match[1], match[2])
    match = OR_SO.search(flat)
    if match:
        yield match, _days(match[2], match[1])
    match = DATE.search(flat)
    distance = _since_date(match, day) if match else None
    if match and distance is not None:
        yield match, distance
    match = MONTH_ONLY.search(flat)
    if match and MONTHS.index(match[1]) + 1 != day.month:
        yield match, MAX_WEEK + 1
    match = THIS_MONTH.search(flat)
    if match:
        yield match, max(0, day.day - BEGINNING)
    match = WEEKDAY.search(flat)
    if match and not NOT_PAST.search(flat[: match.start()]):
        back = (day.weekday() - DAYS.index(match[2])) % 7
        yield match, back + (7 if match[1] and back <= day.weekday() else 0)


def _days(amount: str, unit: str) -> int:
    number = NUMBERS.get(amount) or int(amount)
    return number * UNITS[unit] if UNITS[unit] else number // 24


def _since_date(match: "re.Match[str]", day: dt.date) -> Optional[int]:
    number, year = int(match[1]), match[3] or match[5]
    month = int(match[2]) if match[2] else SHORT_MONTHS.get(match[4]) or MONTHS.index(match[4]) + 1
    full = day.year if not year else int(year) + (2000 if len(year) == 2 else 0)
    try:
        date = dt.date(full, month, number)
        if date > day and not year:
            date = date.replace(year=full - 1)
    except ValueError:
        return None
    return (day - date).days if date <= day else None
