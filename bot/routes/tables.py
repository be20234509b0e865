"""Decision tables of data/facts/routes: from what is known about a situation to exactly one route."""

import functools
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Mapping, Optional

from bot import topics as topics_module
from bot.errors import RoutesError
from bot.facts.store import read_yaml
from bot.settings import ROOT

FOLDER = ROOT / "data" / "facts" / "routes"
SLOTS_FILE = ROOT / "data" / "details" / "slots.yml"
UNKNOWN = "onbekend"  # asked and not answered, or never said
SAFE = "veilig"       # asked before everything else; never a column of a table
MAX_QUESTIONS = 4
TABLE_KEYS = {"topic", "safety", "ask", "heard", "rows"}
ROW_KEYS = {"id", "when", "reader", "say", "doors", "keep", "bring", "police", "rights", "next", "goes_to"}
READERS = ("volwassene", "jongere", "ander", "ouder", "pleger")

Answers = Mapping[str, str]


@dataclass(frozen=True)
class Door:
    """One service of a route: where to go, and the reason a human would give for going there."""

    service: str
    why: str


@dataclass(frozen=True)
class Row:
    """One row: when it applies {slot: values} and what it says, or the topic whose table decides instead."""

    id: str
    when: Mapping[str, frozenset[str]]
    goes_to: Optional[str]
    reader: str
    say: str
    doors: tuple[Door, ...]
    parts: Mapping[str, str]
    next: tuple[Mapping[str, str], ...]

    def fits(self, answers: Answers) -> bool:
        """False when an answer that is known rules this row out."""
        return all(slot not in answers or answers[slot] in values for slot, values in self.when.items())


@dataclass(frozen=True)
class Table:
    """The routes of one topic. `ask` are the slots it may ask for, in this order; `heard` only come from what was typed."""

    topic: str
    safety: bool
    ask: tuple[str, ...]
    heard: tuple[str, ...]
    rows: tuple[Row, ...]
    values: Mapping[str, tuple[str, ...]]

    @property
    def slots(self) -> tuple[str, ...]:
        """Everything that may be known in this intake, safety first."""
        return (*((SAFE,) if self.safety else ()), *self.ask, *self.heard)

    def question(self, answers: Answers) -> Optional[str]:
        """The slot to ask for next; None when the answers lead to one row, whatever else would be said."""
        if self.safety and SAFE not in answers:
            return SAFE
        fitting = self._fitting(answers)
        if len(fitting) < 2:
            return None
        return next((slot for slot in self.ask if slot not in answers and any(slot in row.when for row in fitting)), None)

    def row(self, answers: Answers) -> Row:
        """The row of these answers; what is not known counts as unknown. Raises RoutesError when there is not exactly one."""
        known = {slot: answers.get(slot, UNKNOWN) for slot in (*self.ask, *self.heard)}
        fitting = [row for row in self.rows if row.fits(known)]
        if len(fitting) != 1:
            raise RoutesError(f"{self.topic}: {len(fitting)} rows for one situation")
        return fitting[0]

    def handover(self, answers: Answers) -> Optional[str]:
        """The topic whose table decides instead, as soon as that is certain."""
        fitting = self._fitting(answers)
        return fitting[0].goes_to if len(fitting) == 1 else None

    def _fitting(self, answers: Answers) -> list[Row]:
        known = {slot: UNKNOWN for slot in self.heard} | dict(answers)
        return [row for row in self.rows if row.fits(known)]

    def combinations(self) -> Iterator[dict[str, str]]:
        """Every situation that the table can be asked about."""
        columns = [slot for slot in (*self.ask, *self.heard) if any(slot in row.when for row in self.rows)]
        for values in itertools.product(*((*self.values[slot], UNKNOWN) for slot in columns)):
            yield dict(zip(columns, values, strict=True))


def handed_over(topic: str, answers: Answers) -> str:
    """The topic whose table decides in the end; raises RoutesError when tables hand over in a circle."""
    passed = [topic]
    while (after := load()[passed[-1]].handover(answers)) is not None:
        if after in passed:
            raise RoutesError(f"{' -> '.join([*passed, after])} is a circle")
        passed.append(after)
    return passed[-1]


@functools.lru_cache(maxsize=1)
def slots(file: Path = SLOTS_FILE) -> Mapping[str, tuple[str, ...]]:
    """{slot: its values, UNKNOWN not among them}."""
    return {slot: tuple(values) for slot, values in read_yaml(file).items()}


@functools.lru_cache(maxsize=2)
def load(folder: Path = FOLDER) -> Mapping[str, Table]:
    """Tables by topic; raises RoutesError that names file, row and what is wrong."""
    tables = {}
    for path in sorted(folder.glob("*.yml")):
        raw = read_yaml(path)
        if set(raw) - TABLE_KEYS or raw.get("topic") != path.stem:
            raise RoutesError(f"{path.name}: needs topic {path.stem} and only {', '.join(sorted(TABLE_KEYS))}")
        if raw["topic"] not in topics_module.load().by_id:
            raise RoutesError(f"{path.name}: {raw['topic']} is not a topic")
        tables[path.stem] = _table(raw, path.name)
    for table in tables.values():
        for row in table.rows:
            if row.goes_to is not None and row.goes_to not in tables:
                raise RoutesError(f"{table.topic}.yml: {row.id} goes to {row.goes_to}, which has no table")
    return tables


def _table(raw: Mapping[str, Any], file: str) -> Table:
    values = slots()
    ask, heard = tuple(raw.get("ask") or ()), tuple(raw.get("heard") or ())
    unknown = (set(ask) | set(heard)) - (set(values) - {SAFE})
    if unknown or set(ask) & set(heard):
        raise RoutesError(f"{file}: {sorted(unknown)} is not in {SLOTS_FILE.name}, or a slot is both asked and heard")
    if len(ask) + bool(raw.get("safety")) > MAX_QUESTIONS:
        raise RoutesError(f"{file}: asks more than {MAX_QUESTIONS} questions")
    rows = tuple(_row(item, (*ask, *heard), values, file) for item in raw["rows"])
    if len({row.id for row in rows}) != len(rows):
        raise RoutesError(f"{file}: an id stands twice")
    table = Table(raw["topic"], bool(raw.get("safety")), ask, heard, rows, values)
    for situation in table.combinations():
        fitting = [row.id for row in rows if row.fits(situation)]
        if len(fitting) != 1:
            raise RoutesError(f"{file}: {situation} leads to {fitting or 'no row'}")
    return table


def _row(raw: Mapping[str, Any], columns: tuple[str, ...], values: Mapping[str, tuple[str, ...]], file: str) -> Row:
    where = f"{file}: {raw.get('id')}"
    if set(raw) - ROW_KEYS or "id" not in raw:
        raise RoutesError(f"{where}: unknown keys {sorted(set(raw) - ROW_KEYS)}")
    when = {}
    for slot, wanted in (raw.get("when") or {}).items():
        listed = [str(value) for value in (wanted if isinstance(wanted, list) else [wanted])]
        if slot not in columns or set(listed) - {*values[slot], UNKNOWN}:
            raise RoutesError(f"{where}: {slot} is not a column, or {listed} are not its values")
        when[slot] = frozenset(listed)
    goes_to = raw.get("goes_to")
    if (goes_to is None) == ("doors" not in raw):
        raise RoutesError(f"{where}: needs either doors or goes_to")
    reader = raw.get("reader", READERS[0])
    if reader not in READERS:
        raise RoutesError(f"{where}: reader must be one of {', '.join(READERS)}")
    doors = tuple(Door(item["service"], item.get("why", "")) for item in raw.get("doors") or ())
    parts = {key: raw[key] for key in ("keep", "bring", "police", "rights") if key in raw}
    return Row(raw["id"], when, goes_to, reader, raw.get("say", "").strip(), doors, parts, tuple(raw.get("next") or ()))
