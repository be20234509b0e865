"""The deny-list: numbers and phrases that no answer may show, however they are written."""

import re
from dataclasses import dataclass
from typing import Any, Mapping


@dataclass(frozen=True)
class Denied:
    """A number or phrase that no answer may show, with the reason."""

    value: str
    why: str
    pattern: re.Pattern[str]


def denied_from(lists: Mapping[str, Any]) -> tuple[Denied, ...]:
    """The deny-list of denied.yml: {"numbers": [{"value", "why"}], "phrases": the same}."""
    numbers = [Denied(str(item["value"]), item["why"], _number(str(item["value"]))) for item in lists["numbers"]]
    phrases = [Denied(item["value"], item["why"], re.compile(re.escape(item["value"]), re.I)) for item in lists["phrases"]]
    return (*numbers, *phrases)


def _number(value: str) -> re.Pattern[str]:
    """A telephone number however it is spaced, but not inside a longer number, and not an hour ("17 uur")."""
    digits = re.findall(r"\d", value)
    return re.compile(r"(?<!\d)(?<!\d[ ./-])" + r"[ ./-]?".join(digits) + r"(?![ ./-]?\d)(?! uur)")
