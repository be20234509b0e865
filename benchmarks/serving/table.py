"""The table of a run, from its records: {"run", "who", "name", "value"}, one figure each. The last record of a name counts."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.serving.project import APART, DELIVERED, OURS, STOCK

COLUMNS = {STOCK: "stock Rasa", OURS: "ours", DELIVERED: "ours, the model of the tree", APART: "the same with an action server"}
Record = Mapping[str, Any]

FAVOURS = """Where stock Rasa does less work than ours, so that the comparison favours it:

- It has no danger, language, follow-up, detail or second-question detection, and reads a message once; ours reads its parts too.
- Its intakes find no details (entities) in a text, so they ask, miss and skip until the route; danger cannot break through them.
- Its channel `/webhooks/rest/webhook` answers any sender: no sessions, tokens, limits, button ids, origin checks or resuming.
- Its action server counts no statistics and asks no token.
- Its responses are finished beforehand: ours fills facts, opening hours and links into each answer when it is given.
- It runs on tensorflow-cpu as ours does; what `pip install rasa` brings is larger.
- Without stories TED and UnexpecTED learn and predict nothing, without retrieval intents ResponseSelector neither.

Where ours does less: actions get no domain with each call (`enable_selective_domain`), and but for the last column they run
inside the chat server (`ACTIONS_INSIDE=yes`); logs are at warning level, those of `rasa run` at its default; a conversation over
120 events is shortened. Its sentence encoder was tuned beforehand (`make tune-encoder`, three quarters of an hour) and is a file
of the tree: that time is not in its training time."""


def latest(records: Iterable[Record]) -> dict[str, dict[str, float]]:
    """{name: {who: value}} in order of first appearance."""
    found: dict[str, dict[str, float]] = {}
    for record in records:
        found.setdefault(record["name"], {})[record["who"]] = record["value"]
    return found


def figure(value: float) -> str:
    """Three digits that count, without exponent."""
    if math.isnan(value):
        return "-"
    decimals = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    return f"{value:,.{min(decimals, 3)}f}"


def ratio(value: Any, stock: Any) -> str:
    """ours/stock, or a dash when one of them is absent."""
    return f"{value / stock:.2f}" if value is not None and stock else "-"


def row(name: str, values: Mapping[str, float]) -> str:
    """One line: stock, then each of ours with its ratio."""
    cells = [figure(values.get(STOCK, math.nan))]
    for who in (OURS, DELIVERED, APART):
        cells += [figure(values.get(who, math.nan)), ratio(values.get(who), values.get(STOCK))]
    return f"| {name} | " + " | ".join(cells) + " |"


def table(records: Iterable[Record]) -> str:
    """The whole markdown: what was run, the figures, what they do not say."""
    records = list(records)
    notes = [record for record in records if "note" in record]
    figures = latest(record for record in records if "value" in record)
    titles = [COLUMNS[STOCK], *(title for who in (OURS, DELIVERED, APART) for title in (COLUMNS[who], "ours/stock"))]
    head = f"| | {' | '.join(titles)} |\n" + "|---" * (len(titles) + 1) + "|"
    runs = {record["run"] for record in records}
    mixed = ["- These figures come from more than one run."] if len(runs) > 1 else []
    lines = list(dict.fromkeys(f"- {record['note']}" for record in notes))
    return "\n".join([*lines, *mixed, "", head, *(row(name, values) for name, values in figures.items()), "", FAVOURS, ""])
