"""Two documents to print: the report of a quarter, and one page for the colleagues in the force."""

import itertools
from typing import Mapping, Sequence

from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot import topics
from bot.dashboard import views
from bot.dashboard.figure_page import figure_page
from bot.dashboard.source import Source, known
from bot.dashboard.views import Row
from bot.facts.store import Facts
from bot.responses import UTTER, all_responses
from bot.statistics.parameters import DAYS, HOURS, TABLES
from bot.statistics.periods import MONTH, QUARTER

MONTHLY = ("priority_week", "priority_month", "topic", "outcome")
MOST_ASKED, TO_KNOW = 3, 5
ENOUGH = 330  # characters of an answer: five of them fit on the page
ITEM, ENDS = "- ", (".", "?", "!", ":")
SEE_OTHER = 303
FORMS: Mapping[str, tuple[str, str, Sequence[str]]] = {  # field of a form: kind of period, address, tables
    "kwartaal": (QUARTER, "/verslag/", TABLES),
    "maand": (MONTH, "/briefing/", MONTHLY),
}


def index(request: Request, source: Source) -> HTTPResponse:
    """Every report and briefing that there is; a choice in one of the forms leads to it."""
    offered = {field: source.periods(kind, *tables) for field, (kind, _, tables) in FORMS.items()}
    for field, (_, address, _) in FORMS.items():
        if field in request.args:
            return redirect(f"{source.base}{address}{known(request.args.get(field), offered[field])}", status=SEE_OTHER)
    return figure_page(request, source, "reports.html", offered=offered,
                       first={field: source.next_release(kind) for field, (kind, _, _) in FORMS.items()})


def quarter(request: Request, source: Source, id: str) -> HTTPResponse:
    """The printable report of a quarter."""
    period = known(id, source.periods(QUARTER, *TABLES))
    cells = {table: source.cells(table, period) for table in TABLES}
    rows = {table: views.rows(source, own) for table, own in cells.items()}
    return figure_page(request, source, "report.html", period=period, cells=cells, rows=rows, days=DAYS, hours=HOURS,
                       lines=views.priorities(source, period), months=list(period.parts(MONTH)))


def month(request: Request, source: Source, id: str) -> HTTPResponse:
    """One printed page for the force: what residents came for, what is rising, what to be able to answer."""
    period = known(id, source.periods(MONTH, *MONTHLY))
    cells = {table: source.cells(table, period) for table in MONTHLY}
    asked = views.rows(source, cells["topic"])
    rising = views.rising(asked)
    most, _ = views.ranked(asked)
    to_know = (rising + [row for row in most if row not in rising])[:TO_KNOW]
    return figure_page(request, source, "briefing.html", period=period, cells=cells, lines=views.priorities(source, period),
                       outcome=views.rows(source, cells["outcome"]), rising=rising[:TO_KNOW],
                       asked={priority: views.ranked(views.of_priority(asked, priority.id))[0][:MOST_ASKED]
                              for priority in topics.load().priorities.values() if not priority.sensitive},
                       to_know=[(row, opening(row, source.facts)) for row in to_know])


def opening(row: Row, facts: Facts) -> str:
    """How the assistant's answer on a topic begins: as many of its lines as make a short paragraph."""
    lines = [line.removeprefix(ITEM) for line in facts.fill(all_responses()[UTTER + row.cell][0]["text"]).splitlines() if line]
    taken = [line for line, length in zip(lines, itertools.accumulate(map(len, lines)), strict=True) if length <= ENOUGH]
    while taken and taken[-1].endswith(":"):
        taken.pop()
    return " ".join(line if line.endswith(ENDS) else f"{line}." for line in taken or lines[:1])
