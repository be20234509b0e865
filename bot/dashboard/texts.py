"""The Dutch words of texts.yml: names of periods and cells, dates, numbers."""

import datetime as dt
import functools
from pathlib import Path
from typing import Any, Sequence

from bot import topics
from bot.facts.store import Facts, read_yaml
from bot.statistics.periods import BRUSSELS, MONTH, QUARTER, YEAR, Period

FILE = Path(__file__).resolve().parent / "texts.yml"
DAY = dt.timedelta(days=1)


@functools.lru_cache(maxsize=1)
def load() -> dict[str, Any]:
    """texts.yml as a dict."""
    return read_yaml(FILE)


def day(date: dt.date) -> str:
    """A day as it is written in Belgium: 2/11/2026."""
    return f"{date.day}/{date.month:02d}/{date.year}"


def moment(when: dt.datetime) -> str:
    """The day of an aware moment, by the clock in Brussels."""
    return day(when.astimezone(BRUSSELS).date())


def decimal(number: float) -> str:
    """A number with a decimal comma, and no more digits than it has."""
    return f"{number:g}".replace(".", ",")


def last_day(period: Period) -> dt.date:
    """The Sunday that a period ends on."""
    return period.end - DAY


def period(which: Period) -> str:
    """The name of a period: week 48 van 2026, november 2026, vierde kwartaal van 2026, 2026."""
    words = load()
    month = words["months"][which.number - 1] if which.kind == MONTH else ""
    ordinal = words["ordinals"][which.number - 1] if which.kind == QUARTER else ""
    return words["period_names"][which.kind].format(number=which.number, year=which.year, month=month, ordinal=ordinal)


def span(which: Period) -> str:
    """The days of a period: 2/11/2026 tot en met 29/11/2026."""
    return load()["span"].format(first=day(which.start), last=day(last_day(which)))


def dates(which: Period) -> str:
    """The name of a period and its days: november 2026 (2/11/2026 tot en met 29/11/2026)."""
    return f"{period(which)} ({span(which)})"


def short(which: Period) -> tuple[str, str]:
    """(name, year) of a period under a bar: (nov, 2026), (48, 2026), (K4, 2026), (2026, "")."""
    words, year = load(), str(which.year)
    if which.kind == YEAR:
        return year, ""
    if which.kind == MONTH:
        return words["months_short"][which.number - 1], year
    return words["period_short"][which.kind].format(number=which.number), year


def names(several: Sequence[str]) -> str:
    """Names in a sentence: a, b en c."""
    *first, last = several
    return load()["and"].join([", ".join(first), last] if first else [last])


def capitalize_first(text: str) -> str:
    """With a capital at the beginning of a sentence, the rest as it was."""
    return text[:1].upper() + text[1:]


def label(table: str, cell: str, facts: Facts) -> str:
    """How a cell is called on screen and in exports."""
    words = load()
    if table == "topic":
        return topics.load()[cell].title
    if table == "outcome":
        return words["outcome"][cell]["label"]
    if table == "daypart":
        days, hours = cell.split("_")
        return f"{words['days'][days]}, {words['hours'][hours]['label'].lower()}"
    if table == "referral":
        return facts.value(f"{cell}.naam")
    return topics.load().priorities[cell].label
