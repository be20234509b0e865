"""The key space and the parameters of the anonymity model, within hard limits that no setting can weaken."""

import datetime as dt
import functools
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Mapping

from bot import topics as topics_module
from bot.errors import FactsError, LimitError, UnknownLabel
from bot.facts.store import read_yaml
from bot.responses import all_responses
from bot.settings import ROOT, Settings
from bot.statistics.periods import BRUSSELS, KINDS, MONTH

FILE = ROOT / "data" / "statistics.yml"
MAX_EPSILON = Fraction(1)       # statistics.md: an attacker with four contacts of his own guesses right at most 73 %
MIN_THRESHOLD, MIN_SENSITIVE_THRESHOLD = 5, 10  # OpenSAFELY and ONS round and suppress likewise
MIN_SENSITIVE_PERIOD = MONTH
MIN_EMBARGO_DAYS = 1
TABLES = {  # what the cells of each table are
    "priority_week": "priorities", "priority_month": "priorities", "topic": "topics",
    "outcome": "outcomes", "daypart": "dayparts", "referral": "services",
}
MIXED = ("priority_month", "outcome", "daypart", "referral")  # they hold contacts about sensitive priorities
PARTS, FIELDS = {"tables", "outcomes", "outcome_of", "firm", "unhappy"}, {"period", "epsilon", "sensitive", "cells"}
DAYS, HOURS = ("week", "weekend"), ("night", "morning", "afternoon", "evening")  # six hours each, from midnight
SATURDAY = 5


@dataclass(frozen=True)
class Table:
    """One table of figures. A session falls in at most one of its `cells`."""

    name: str
    period: str
    epsilon: Fraction
    sensitive: bool
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Parameters:
    """Everything that the promise depends on; `outcome_of` and the like tell how a contact went."""

    tables: Mapping[str, Table]
    threshold: int
    threshold_sensitive: int
    embargo_days: int
    years: int
    outcome_of: Mapping[str, Mapping[str, str]]
    firm: frozenset[str]
    unhappy: frozenset[str]

    def __post_init__(self) -> None:
        check(self)

    def table(self, name: str) -> Table:
        """A table by name; raises UnknownLabel."""
        try:
            return self.tables[name]
        except KeyError:
            raise UnknownLabel("not a table of the statistics") from None

    def check_cell(self, table: str, cell: str) -> None:
        """Raises UnknownLabel, without repeating the label, when the table has no such cell."""
        if cell not in self.table(table).cells:
            raise UnknownLabel(f"{table}: not one of its cells")

    def limit(self, table: Table) -> int:
        """The threshold under which a figure of the table is not shown."""
        return self.threshold_sensitive if table.sensitive else self.threshold


def check(parameters: Parameters) -> None:
    """Raises LimitError that names the parameter which lies outside the hard limits."""
    if set(parameters.tables) != set(TABLES):
        raise LimitError(f"statistics: the tables must be exactly {', '.join(TABLES)}")
    for table in parameters.tables.values():
        if not 0 < table.epsilon <= MAX_EPSILON:
            raise LimitError(f"statistics: {table.name}: epsilon {table.epsilon} is not above 0 and at most {MAX_EPSILON}")
        if table.name in MIXED and not table.sensitive:
            raise LimitError(f"statistics: {table.name} holds sensitive contacts and must be sensitive")
        if table.sensitive and KINDS.index(table.period) < KINDS.index(MIN_SENSITIVE_PERIOD):
            raise LimitError(f"statistics: {table.name}: a sensitive table needs a period of at least a month")
    if parameters.threshold < MIN_THRESHOLD or parameters.threshold_sensitive < MIN_SENSITIVE_THRESHOLD:
        raise LimitError(f"statistics: thresholds must be at least {MIN_THRESHOLD} and, sensitive, {MIN_SENSITIVE_THRESHOLD}")
    if parameters.embargo_days < MIN_EMBARGO_DAYS:
        raise LimitError(f"statistics: the embargo must be at least {MIN_EMBARGO_DAYS} day")


def load(settings: Settings, file: Path = FILE) -> Parameters:
    """Read data/statistics.yml and the settings; raises LimitError or FactsError that says what is wrong."""
    raw = _read(file)
    topics = topics_module.load()
    cells = {
        "topics": tuple(topic.id for topic in topics.by_id.values() if topic.counted and not topic.sensitive),
        "outcomes": tuple(raw["outcomes"]),
        "dayparts": tuple(f"{day}_{hours}" for day in DAYS for hours in HOURS),
        "services": services(),
    }
    tables = {}
    for name, table in raw["tables"].items():
        sensitive = table["sensitive"]
        own = tuple(priority.id for priority in topics.priorities.values() if priority.sensitive == sensitive) \
            if table["cells"] == "priorities" else cells[table["cells"]]
        tables[name] = Table(name, table["period"], Fraction(str(table["epsilon"])), sensitive, own)
    return Parameters(tables, settings.statistics_threshold, settings.statistics_threshold_sensitive,
                      settings.statistics_embargo_days, settings.statistics_years, raw["outcome_of"],
                      frozenset(raw["firm"]), frozenset(raw["unhappy"]))


@functools.lru_cache(maxsize=1)
def services() -> tuple[str, ...]:
    """Every service that an answer links to: the cells of the table of referrals."""
    links = {name.partition(".")[0] for variations in all_responses().values() for variation in variations
             for name in (variation.get("custom") or {}).get("links") or ()}
    return tuple(sorted(links))


def daypart(moment: dt.datetime) -> str:
    """The cell of an aware moment in the table of dayparts, such as weekend_night; Brussels time."""
    local = moment.astimezone(BRUSSELS)
    return f"{DAYS[local.weekday() >= SATURDAY]}_{HOURS[local.hour // 6]}"


def _read(file: Path) -> dict[str, Any]:
    raw = read_yaml(file)
    if set(raw) != PARTS or not isinstance(raw["tables"], dict):
        raise FactsError(f"{file.name}: needs exactly {', '.join(sorted(PARTS))}")
    for name, table in raw["tables"].items():
        if not isinstance(table, dict) or set(table) != FIELDS or table["period"] not in KINDS[:3] \
                or type(table["sensitive"]) is not bool or not _is_fraction(table["epsilon"]):
            raise FactsError(f"{file.name}: {name} needs period (week, month, quarter), epsilon, sensitive and cells")
        if table["cells"] != TABLES.get(name):
            raise LimitError(f"statistics: {name} is not a table or does not hold these cells")
    outcomes = set(raw["outcomes"])
    used = {*raw["firm"], *(outcome for kinds in raw["outcome_of"].values() for outcome in kinds.values())}
    if len(outcomes) != len(raw["outcomes"]) or not used <= outcomes:
        raise FactsError(f"{file.name}: outcomes stand twice, or firm or outcome_of names one that is not there")
    return raw


def _is_fraction(text: Any) -> bool:
    try:
        return Fraction(str(text)) is not None
    except (ValueError, ZeroDivisionError):
        return False
