"""What is wrong or worrying with the facts and with the answers that use them."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Mapping

from bot.errors import UnknownFact
from bot.facts.store import SHOWABLE, Facts, placeholders, read_yaml

STALE_AFTER = dt.timedelta(days=365)
TYPED = re.compile(r"\d|https?:|www\.|@|\b[\w-]+\.(?:be|com|org|eu|brussels|gent)\b", re.I)


@dataclass(frozen=True)
class Finding:
    """One remark: `error` fails the build, `warning` is for the editor."""

    level: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.level}: {self.where}: {self.what}"


def responses(data: Path) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(file, response name, variation) of every response in the data folder."""
    for path in sorted(data.rglob("*.yml")):
        for name, variations in (read_yaml(path).get("responses") or {}).items():
            for variation in variations:
                yield str(path.relative_to(data)), name, variation


def check_facts(facts: Facts, today: dt.date) -> Iterator[Finding]:
    """Stale, unsourced and unconfirmed facts; what is unsafe was refused when they were read."""
    for fact in facts.entries.values():
        where = f"{fact.file}: {fact.id}"
        if fact.confidence not in SHOWABLE:
            yield Finding("warning", where, f"confidence {fact.confidence}: never shown")
        if fact.checked > today:
            yield Finding("error", where, f"checked on {fact.checked}, which is in the future")
        elif today - fact.checked > STALE_AFTER:
            yield Finding("warning", where, f"stale: last checked on {fact.checked}")
        for url in fact.source:
            if not url.startswith(("https://", "http://")):
                yield Finding("error", where, f"source is not a web address: {url}")


def check_responses(facts: Facts, data: Path) -> Iterator[Finding]:
    """Answers that type a number or address themselves, name an unknown fact, or show what is denied."""
    for file, name, variation in responses(data):
        where = f"{file}: {name}"
        texts = [variation.get("text") or "", *(item["title"] for item in variation.get("buttons") or ())]
        custom = variation.get("custom") or {}
        texts += [item["title"] for item in custom.get("next") or ()]
        for text in texts:
            bare = re.sub(r"\{[^}]*\}", "", text)
            typed = TYPED.search(bare)
            if typed:
                yield Finding("error", where, f"types {typed.group()!r} itself; take it from data/facts by name")
            if re.search(r"[{}]", re.sub(r"\{[a-z0-9_]+\.[a-z0-9_]+\}", "", text)):
                yield Finding("error", where, "has a brace that is not a fact name")
            try:
                shown = facts.fill(text)
            except UnknownFact as error:
                yield Finding("error", where, str(error))
                continue
            for denied in facts.violations(shown):
                yield Finding("error", where, f"shows the deny-listed {denied.value} ({denied.why})")
        for link in custom.get("links") or ():
            try:
                facts.link(link)
            except UnknownFact as error:
                yield Finding("error", where, str(error))


def uses(facts: Facts, data: Path) -> dict[str, list[str]]:
    """For each fact id the responses that use it, in a text or as a link; unused facts have an empty list."""
    found: dict[str, list[str]] = {id: [] for id in facts.entries}
    for _, name, variation in responses(data):
        names = placeholders(variation.get("text") or "") + list((variation.get("custom") or {}).get("links") or ())
        for id in {name_.split(".")[0] for name_ in names}:
            found.setdefault(id, []).append(name)
    return found
