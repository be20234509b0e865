"""What one session has been counted for so far, and what a next message adds: pure functions on plain values.

A marker maps a table to [period, cell]. It lives with the conversation, in memory, and is forgotten with it.
"""

import datetime as dt
from typing import Mapping, NamedTuple

from bot.statistics.parameters import Parameters
from bot.statistics.periods import Period

OUTCOME = "outcome"
Marker = dict[str, list[str]]


class Change(NamedTuple):
    """One step of a running count: `by` is 1 or -1."""

    period: str
    table: str
    cell: str
    by: int


def count(marker: Marker, wanted: Mapping[str, str], now: dt.datetime, parameters: Parameters) -> tuple[list[Change], Marker]:
    """(changes, new marker) when a session deserves the cells `wanted` {table: cell} at an aware moment.

    The first cell of a table stays; only the outcome may move, and only while its period is not yet released.
    Raises UnknownLabel for a table or cell outside the key space, before anything is changed.
    """
    changes: list[Change] = []
    after = dict(marker)
    for name, cell in wanted.items():
        parameters.check_cell(name, cell)
        if name not in marker:
            period = str(Period.of(parameters.table(name).period, now))
            changes.append(Change(period, name, cell, 1))
            after[name] = [period, cell]
        elif name == OUTCOME and marker[name][1] != cell and _is_open(marker[name][0], now, parameters):
            period, old = marker[name]
            changes += [Change(period, name, old, -1), Change(period, name, cell, 1)]
            after[name] = [period, cell]
    return changes, after


def _is_open(period: str, now: dt.datetime, parameters: Parameters) -> bool:
    return now < Period.parse(period).due(parameters.embargo_days)
