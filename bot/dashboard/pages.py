"""The pages of figures, each twice: of the released figures, and under /voorbeeld of the invented ones."""

import asyncio
from typing import Any, Callable, Optional

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import topics
from bot.dashboard import protection, reports, texts, views
from bot.dashboard.figure_page import figure_page
from bot.dashboard.source import INVENTED, Source, chosen, options
from bot.errors import UnknownLabel
from bot.statistics.parameters import DAYS, HOURS
from bot.statistics.periods import KINDS, MONTH, QUARTER, WEEK, Period

READING = ("GET", "HEAD")
Handler = Callable[..., HTTPResponse]

routes = Blueprint("pages")


def shown(address: str) -> Callable[[Handler], Handler]:
    """Serve `handler(request, source, ...)` at an address of the real and of the invented figures."""
    def register(handler: Handler) -> Handler:
        for prefix in ("", INVENTED):
            routes.add_route(_answer(handler, bool(prefix)), prefix + address, methods=READING,
                             name=handler.__name__ + prefix.replace("/", "_"))
        return handler
    return register


def _answer(handler: Handler, invented: bool) -> Callable[..., Any]:
    async def answer(request: Request, **given: str) -> HTTPResponse:
        return handler(request, await asyncio.to_thread(Source.of, request, invented), **given)
    return answer


@shown("/")
def overview(request: Request, source: Source) -> HTTPResponse:
    """How many contacts last month, by priority, and whether that is more than the month before."""
    months = source.periods(MONTH, "priority_week", "priority_month", "outcome")
    period = chosen(request, months)
    if period is None:
        return _nothing(request, source, "overview", (WEEK, MONTH, QUARTER))
    outcome = source.cells("outcome", period)
    return figure_page(request, source, "overview.html", period=period, options=months, outcome=outcome,
                       lines=views.priorities(source, period), rows=views.rows(source, outcome), next=source.next_release(MONTH),
                       reports=source.periods(QUARTER, *reports.TABLES))


@shown("/prioriteit/<id:str>")
def priority(request: Request, source: Source, id: str) -> HTTPResponse:
    """One priority over time; its weeks and topics when it is not sensitive."""
    own = topics.load().priorities.get(id)
    if own is None:
        raise UnknownLabel("not a priority")
    table = views.table_of(own)
    choices = options(source, views.kinds_of(table, source), table)
    period = chosen(request, choices)
    if period is None:
        return _nothing(request, source, own.label, (MONTH,) if own.sensitive else (WEEK, MONTH))
    weeks = _weeks(source, table, period) if not own.sensitive and period.kind != WEEK else []
    topic_cells = source.cells("topic", period) if not own.sensitive and period.kind != WEEK else None
    rows = views.of_priority(views.rows(source, topic_cells), id) if topic_cells else []
    return figure_page(request, source, "priority.html", priority=own, priorities=topics.load().priorities.values(), table=table,
                       period=period, options=choices, cells=source.cells(table, period), points=source.series(table, period),
                       weeks=weeks, comparison=source.comparison(table, id, period), topic_cells=topic_cells, rows=rows)


@shown("/themas")
def themes(request: Request, source: Source) -> HTTPResponse:
    """Topics of the priorities that are not sensitive."""
    return _cells(request, source, "topic", "topics.html", priorities=[priority for priority in
                  topics.load().priorities.values() if not priority.sensitive])


@shown("/afloop")
def outcome(request: Request, source: Source) -> HTTPResponse:
    """How contacts ended."""
    return _cells(request, source, "outcome", "outcome.html")


@shown("/verwijzingen")
def referrals(request: Request, source: Source) -> HTTPResponse:
    """Services that residents were pointed to."""
    return _cells(request, source, "referral", "referrals.html")


@shown("/dagdelen")
def dayparts(request: Request, source: Source) -> HTTPResponse:
    """When residents had contact."""
    return _cells(request, source, "daypart", "dayparts.html", days=DAYS, hours=HOURS)


@shown("/volledigheid")
def completeness(request: Request, source: Source) -> HTTPResponse:
    """Of which periods everything was counted."""
    log = source.figures.log
    periods = sorted({period for table in log.values() for period in table}, reverse=True)
    if not periods:
        return _nothing(request, source, "completeness", (WEEK, MONTH, QUARTER))
    kinds = {kind: [period for period in periods if period.kind == kind] for kind in KINDS}
    complete = {period for period in periods if all(table[period] for table in log.values() if period in table)}
    return figure_page(request, source, "completeness.html", complete_periods=complete,
                       kinds={kind: found for kind, found in kinds.items() if found})


@shown("/bescherming")
def protected(request: Request, source: Source) -> HTTPResponse:
    """How residents are protected, with the parameters."""
    return figure_page(request, source, "protection.html", tables=protection.tables(source.parameters),
                       minutes=request.app.ctx.settings.chat_ttl_minutes,
                       sensitive=protection.together(source.parameters, sensitive=True),
                       ordinary=protection.together(source.parameters, sensitive=False))


def _cells(request: Request, source: Source, table: str, template: str, **values: Any) -> HTTPResponse:
    choices = options(source, views.kinds_of(table, source), table)
    period = chosen(request, choices)
    if period is None:
        return _nothing(request, source, table, (source.parameters.table(table).period,))
    cells = source.cells(table, period)
    return figure_page(request, source, template, table=table, period=period, options=choices, cells=cells,
                       rows=views.rows(source, cells), **values)


def _nothing(request: Request, source: Source, what: str, kinds: tuple[str, ...]) -> HTTPResponse:
    """When the first figures come; `what` is a key of the pages in texts.yml, or the label of a priority."""
    return figure_page(request, source, "nothing.html", what=texts.load()["pages"].get(what, what),
                       days=source.parameters.embargo_days, first={kind: source.next_release(kind) for kind in kinds})


def _weeks(source: Source, table: str, period: Period) -> list[Any]:
    """The weeks up to the last one of a period."""
    last: Optional[Period] = next((week for week in source.periods(WEEK, table) if week.end <= period.end), None)
    return source.series(table, last) if last else []


shown("/verslagen")(reports.index)
shown("/verslag/<id:str>")(reports.quarter)
shown("/briefing/<id:str>")(reports.month)
