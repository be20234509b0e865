"""Is a service open now? Europe/Brussels, Belgian public holidays, in a short Dutch phrase."""

import datetime as dt
import functools
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import holidays

from bot.errors import FactsError

BRUSSELS = ZoneInfo("Europe/Brussels")
DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
DAY_NAMES = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
CLOSED, UNKNOWN = "gesloten", "onbekend"

ALWAYS_TEXT = "dag en nacht bereikbaar"
HOLIDAY_TEXT = "op feestdagen kijk je best op de website"


@dataclass(frozen=True)
class Hours:
    """Opening hours of a service: always open, or (opens, closes) for weekdays 0-6 and a rule for holidays."""

    always: bool
    week: tuple[tuple[dt.time, dt.time] | None, ...] = (None,) * 7
    on_holidays: str = CLOSED

    @classmethod
    def from_yaml(cls, raw: object, where: str) -> "Hours":
        """Read `{altijd: true}` or `{week: {ma: "09:00-18:00"}, feestdagen: gesloten|onbekend}`."""
        if raw == {"altijd": True}:
            return cls(always=True)
        if not isinstance(raw, dict) or set(raw) != {"week", "feestdagen"}:
            raise FactsError(f"{where}: uren must be {{altijd: true}} or have exactly week and feestdagen")
        if raw["feestdagen"] not in (CLOSED, UNKNOWN):
            raise FactsError(f"{where}: feestdagen must be {CLOSED} or {UNKNOWN}")
        unknown = set(raw["week"]) - set(DAYS)
        if unknown:
            raise FactsError(f"{where}: unknown day {sorted(unknown)}")
        week = tuple(_span(raw["week"].get(day), where) for day in DAYS)
        if not any(week):
            raise FactsError(f"{where}: uren without a single open day")
        return cls(False, week, raw["feestdagen"])

    def phrase(self, now: dt.datetime) -> str:
        """Dutch phrase for `now` (aware datetime), such as "nu open tot 18 uur"."""
        if self.always:
            return ALWAYS_TEXT
        local = now.astimezone(BRUSSELS)
        if self.on_holidays == UNKNOWN and is_holiday(local.date()):
            return HOLIDAY_TEXT
        span = self._span_on(local.date())
        if span and span[0] <= local.time() < span[1]:
            return f"nu open tot {clock(span[1])}"
        day, opens = self._next_opening(local)
        return f"nu gesloten, weer open {_day_phrase(local.date(), day)} om {clock(opens)}"

    def _span_on(self, day: dt.date) -> tuple[dt.time, dt.time] | None:
        return None if is_holiday(day) else self.week[day.weekday()]

    def _next_opening(self, local: dt.datetime) -> tuple[dt.date, dt.time]:
        for ahead in range(15):
            day = local.date() + dt.timedelta(days=ahead)
            span = self._span_on(day)
            if span and (ahead or local.time() < span[0]):
                return day, span[0]
        raise FactsError("no opening within two weeks")


def is_holiday(day: dt.date) -> bool:
    """True on a Belgian public holiday."""
    return day in _holidays(day.year)


@functools.lru_cache(maxsize=4)
def _holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("BE", years=year))


def clock(time: dt.time) -> str:
    """ "18 uur" or "9.30 uur", as Flemish services write it."""
    return f"{time.hour} uur" if not time.minute else f"{time.hour}.{time.minute:02d} uur"


def _day_phrase(today: dt.date, day: dt.date) -> str:
    ahead = (day - today).days
    return {0: "vandaag", 1: "morgen"}.get(ahead, DAY_NAMES[day.weekday()])


def _span(text: object, where: str) -> tuple[dt.time, dt.time] | None:
    if text is None:
        return None
    try:
        start, end = (dt.time.fromisoformat(part) for part in str(text).split("-"))
    except ValueError as error:
        raise FactsError(f'{where}: "{text}" is not a span such as "09:00-18:00"') from error
    if start >= end:
        raise FactsError(f'{where}: "{text}" closes before it opens')
    return start, end
