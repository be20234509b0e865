"""Reads and checks data/facts, and fills {name.field} in texts."""

import datetime as dt
import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Iterator, Mapping

import yaml

from bot.errors import FactsError, UnknownFact
from bot.facts.denied import Denied, denied_from
from bot.facts.hours import Hours
from bot.facts.profile import checked_web
from bot.facts.safety import unsafe

META = frozenset({"source", "checked", "confidence", "note"})
SHOWABLE = frozenset({"A", "B"})
FILES = ("services.yml", "zone.yml", "rules.yml")
PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\.([a-z0-9_]+)\}")
LINK_FIELDS = {"telefoon": "tel:", "email": "mailto:", "site": ""}
OPEN = "open"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, in C where it was built


@dataclass(frozen=True)
class Fact:
    """One entry of a facts file: showable values beside where they come from and when that was checked."""

    id: str
    file: str
    values: Mapping[str, Any]
    source: tuple[str, ...]
    checked: dt.date
    confidence: str
    hours: Hours | None


class Facts:
    """All facts of one zone. `clock` gives the present moment and can be replaced in tests."""

    def __init__(self, entries: Mapping[str, Fact], denied: tuple[Denied, ...], web: Mapping[str, Any],
                 clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.timezone.utc)) -> None:
        self.entries = entries
        self.denied = denied
        self.web = web
        self.clock = clock

    def value(self, name: str) -> str:
        """The text of `id.field`; raises UnknownFact when it is not there or not sure enough to be shown."""
        id, _, field = name.partition(".")
        fact = self.entries.get(id)
        if fact is None:
            raise UnknownFact(f"{{{name}}}: no fact called {id}")
        if fact.confidence not in SHOWABLE:
            raise UnknownFact(f"{{{name}}}: {id} has confidence {fact.confidence} and is not shown")
        if field == OPEN and fact.hours:
            return fact.hours.phrase(self.clock())
        value = fact.values.get(field)
        if not isinstance(value, str):
            raise UnknownFact(f"{{{name}}}: {id} has no text called {field}")
        return value

    def fill(self, text: str) -> str:
        """Replace every {id.field} in a text; raises UnknownFact rather than showing a brace."""
        return PLACEHOLDER.sub(lambda match: self.value(f"{match[1]}.{match[2]}"), text)

    def link(self, name: str) -> dict[str, str]:
        """{"title", "url"} for `id.site`, `id.telefoon` or `id.email`."""
        id, _, field = name.partition(".")
        if field not in LINK_FIELDS:
            raise UnknownFact(f"{name}: a link is .site, .telefoon or .email")
        value = self.value(name)
        title = self.value(f"{id}.naam")
        if field == "site":
            return {"title": title, "url": value}
        target = re.sub(r"[^\d+]", "", value) if field == "telefoon" else value
        return {"title": f"{title}: {value}", "url": LINK_FIELDS[field] + target}

    def emergency(self) -> list[dict[str, str]]:
        """The two numbers that every error and every emergency shows."""
        return [self.link("politie_nood.telefoon"), self.link("noodcentrale.telefoon")]

    def violations(self, text: str) -> Iterator[Denied]:
        """Deny-listed numbers and phrases that a finished text contains."""
        return (denied for denied in self.denied if denied.pattern.search(text))


def placeholders(text: str) -> list[str]:
    """Names of the facts that a text uses, in order."""
    return [f"{id}.{field}" for id, field in PLACEHOLDER.findall(text)]


@functools.lru_cache(maxsize=4)
def load(folder: Path) -> Facts:
    """Read all facts files of a folder; raises FactsError that names file, entry and field, also for what is unsafe to show."""
    entries: dict[str, Fact] = {}
    web: Any = None
    for file in FILES:
        for id, raw in read_yaml(folder / file).items():
            if id == "web":
                web = raw
            elif id in entries:
                raise FactsError(f"{file}: {id} already stands in {entries[id].file}")
            else:
                entries[id] = _entry(id, raw, file)
    denied = denied_from(read_yaml(folder / "denied.yml"))
    for id, fact in entries.items():
        for field, what in unsafe(id, fact.values, denied):
            raise FactsError(f"{fact.file}: {id}: {field} {what}")
    return Facts(entries, denied, checked_web(web, "zone.yml: web"))


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file as a dict; a missing or malformed file is a FactsError."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except (OSError, yaml.YAMLError) as error:
        raise FactsError(f"{path.name}: cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise FactsError(f"{path.name}: not a mapping")
    return content


def _entry(id: str, raw: Any, file: str) -> Fact:
    where = f"{file}: {id}"
    if not isinstance(raw, dict):
        raise FactsError(f"{where}: not a mapping")
    missing = {"source", "checked", "confidence"} - set(raw)
    if missing or not raw["source"]:
        raise FactsError(f"{where}: needs source, checked and confidence (missing: {sorted(missing) or 'a source'})")
    if not isinstance(raw["checked"], dt.date):
        raise FactsError(f"{where}: checked must be a date such as 2026-11-22")
    hours = Hours.from_yaml(raw["uren"], where) if "uren" in raw else None
    values = {key: value for key, value in raw.items() if key not in META and key != "uren"}
    for key, value in values.items():
        if not isinstance(value, (str, bool)):
            raise FactsError(f"{where}: {key} is a {type(value).__name__}; quote it")
    return Fact(id, file, values, tuple(raw["source"]), raw["checked"], str(raw["confidence"]), hours)
