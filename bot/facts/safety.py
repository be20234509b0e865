"""What makes a facts file dangerous to whoever reads its answers: such files are refused, whoever wrote them."""

import re
from typing import Any, Iterator, Mapping, NamedTuple

from bot.facts.denied import Denied

EMERGENCY = {"politie_nood": "101", "noodcentrale": "112"}  # law and habit, not a choice of a zone
TELEPHONE = re.compile(r"\+?[0-9][0-9 ./-]*")
EMAIL = re.compile(r"[^\s@<>\"'()]+@[^\s@<>\"'()]+\.[^\s@<>\"'().]+")
SITE = re.compile(r"https://[^\s<>\"'\\]+")
FORMS = {"telefoon": TELEPHONE, "email": EMAIL, "site": SITE}
STRANGE = re.compile(r"[<>\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")  # marks of HTML, control characters, turned text


class Unsafe(NamedTuple):
    """A value that may not be shown: which `field`, and `what` is wrong with it."""

    field: str
    what: str


def unsafe(id: str, values: Mapping[str, Any], denied: tuple[Denied, ...]) -> Iterator[Unsafe]:
    """What is wrong with the values of the fact `id`."""
    for field, value in values.items():
        if not isinstance(value, str):
            continue
        for item in denied:
            if item.pattern.search(value):
                yield Unsafe(field, f"holds the deny-listed {item.value} ({item.why})")
        if STRANGE.search(value):
            yield Unsafe(field, "holds a mark of HTML or a character that cannot be seen")
        if field in FORMS and not FORMS[field].fullmatch(value):
            yield Unsafe(field, f"is no {'https address' if field == 'site' else field}: {value!r}")
    if id in EMERGENCY and values.get("telefoon") != EMERGENCY[id]:
        yield Unsafe("telefoon", f"must be {EMERGENCY[id]}")
