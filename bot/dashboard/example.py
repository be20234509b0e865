"""Invented figures, marked as such wherever they are shown: the same for ever, plausible for a zone of 60,000 inhabitants.

The counts are invented and the noise is fixed: nothing here comes from a contact.
"""

import functools
import hashlib
import math
from typing import Mapping

from bot import topics
from bot.statistics.parameters import Parameters, Table
from bot.statistics.periods import WEEK, Period
from bot.statistics.queries import Figures

FIRST, LAST = Period(WEEK, 2025, 27), Period(WEEK, 2026, 44)  # whole months and quarters: July 2025 to October 2026
GAP = Period(WEEK, 2026, 15)         # counting stood still in this week
WEEKLY = {"cybercrime": 31, "verkeer": 38, "dienstverlening": 44, "inbraak": 13, "integriteit": 12, "samenleving": 3}
RISE = {"cybercrime": 0.35, "dienstverlening": 0.2}  # of a year
WINTER = {"inbraak": 0.45, "verkeer": -0.15}         # more when it is dark
OUTCOMES = {"answered": 0.38, "referred": 0.42, "handed_over": 0.08, "not_understood": 0.07, "broken_off": 0.05}
DAYPARTS = {"week_night": 0.04, "week_morning": 0.21, "week_afternoon": 0.26, "week_evening": 0.22,
            "weekend_night": 0.03, "weekend_morning": 0.06, "weekend_afternoon": 0.09, "weekend_evening": 0.09}
FAVOURITES = ("phishing_melden", "phishing_slachtoffer", "aankoopfraude", "verkeersboete", "foutparkeren", "fietsdiefstal",
              "contact_zone", "aangifte_doen", "documenten_verloren", "inbraak_vakantietoezicht", "inbraak_alarm")
WAVE, WAVE_FROM = {"phishing_melden": 2.2, "fietsdiefstal": 1.7}, Period(WEEK, 2026, 40)
SERVICES = {"zone": 0.2, "police_on_web": 0.14, "kaartstop": 0.12, "politie_nood": 0.07, "verkeersboetes": 0.06,
            "safeonweb": 0.06, "docstop": 0.05, "zone_preventie": 0.04, "caw": 0.03, "consumerconnect": 0.03, "lijn1712": 0.02}
REST = 0.002  # of a service that is not named above


def figures(parameters: Parameters) -> Figures:
    """Invented figures of every table, from FIRST to LAST."""
    values = {table.name: _values(table) for table in parameters.tables.values()}
    log = {name: {period: not period.start <= GAP.start < period.end for period in own} for name, own in values.items()}
    return Figures(parameters, values, log)


@functools.lru_cache(maxsize=16)
def _values(table: Table) -> Mapping[Period, Mapping[str, int]]:
    return {period: {cell: round(_exact(table, cell, period)) + _noise(table, cell, period) for cell in table.cells}
            for period in _periods(table.period)}


def _periods(kind: str) -> list[Period]:
    span = Period.on(kind, FIRST.start)
    found = []
    while span.end <= LAST.end:
        found.append(span)
        span = span.next()
    return found


def _exact(table: Table, cell: str, period: Period) -> float:
    """The invented number of contacts of a cell, before it is rounded."""
    if table.period == WEEK:
        return _week(cell, period)
    weeks = list(period.parts(WEEK))
    if table.name == "priority_month":
        return sum(_week(cell, week) for week in weeks)
    if table.name == "topic":
        priority = topics.load()[cell].priority
        return sum(_topic(priority.id, cell, week) for week in weeks) if priority else 0
    shares: Mapping[str, float] = {"outcome": OUTCOMES, "daypart": DAYPARTS, "referral": SERVICES}[table.name]
    return sum(_week(priority, week) for priority in WEEKLY for week in weeks) * shares.get(cell, REST)


def _week(priority: str, week: Period) -> float:
    years = (week.start - FIRST.start).days / 365
    dark = math.cos(2 * math.pi * (week.start.timetuple().tm_yday + 5) / 365)
    rate = WEEKLY.get(priority, 0) * (1 + RISE.get(priority, 0) * years) * (1 + WINTER.get(priority, 0) * dark)
    chance = 1 + 0.2 * (_fraction("week", priority, str(week)) - 0.5)
    return rate * chance * (0.4 if week == GAP else 1)


def _topic(priority: str, cell: str, week: Period) -> float:
    cells = [topic.id for topic in topics.load().by_id.values() if topic.priority and topic.priority.id == priority]
    weights = {id: (8 if id in FAVOURITES else 1) * (0.5 + _fraction("topic", id)) for id in cells}
    wave = WAVE[cell] if cell in WAVE and week.start >= WAVE_FROM.start else 1
    return _week(priority, week) * wave * weights[cell] / sum(weights.values())


def _noise(table: Table, cell: str, period: Period) -> int:
    """Spread like the real noise, but always the same."""
    chance = _fraction("noise", table.name, cell, str(period)) - 0.5
    size = -math.log(max(0.01, 1 - 2 * abs(chance))) / float(table.epsilon)
    return round(math.copysign(size, chance))


def _fraction(*about: str) -> float:
    """A number from 0 to 1 that is always the same for the same words."""
    return int.from_bytes(hashlib.sha256("|".join(about).encode()).digest()[:6], "big") / 2**48
