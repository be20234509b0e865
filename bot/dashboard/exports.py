"""Released figures as files: /export/<table>/<period>.csv, .ods or .json; tot-<period> gives the series that a chart shows."""

import asyncio
import hashlib
import re
from typing import Any, Callable

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.dashboard import texts
from bot.dashboard.files import as_csv, as_json, as_ods
from bot.dashboard.sheet import Sheet
from bot.dashboard.source import INVENTED, Source, known
from bot.dashboard.staff import EXPORTED
from bot.errors import NotReleased
from bot.statistics.periods import Period

NAME = re.compile(r"(tot-)?([0-9A-Z-]+)\.(csv|ods|json)")
MAKERS: dict[str, tuple[Callable[[Sheet], bytes], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "ods": (as_ods, "application/vnd.oasis.opendocument.spreadsheet"),
    "json": (as_json, "application/json"),
}

routes = Blueprint("exports")


@routes.route("/export/<table:str>/<name:str>", methods=("GET", "HEAD"))
async def released(request: Request, table: str, name: str) -> HTTPResponse:
    """A file of released figures."""
    return await _export(request, False, table, name)


@routes.route(INVENTED + "/export/<table:str>/<name:str>", methods=("GET", "HEAD"))
async def invented(request: Request, table: str, name: str) -> HTTPResponse:
    """A file of invented figures, marked as such."""
    return await _export(request, True, table, name)


async def _export(request: Request, invented: bool, table: str, name: str) -> HTTPResponse:
    asked = NAME.fullmatch(name)
    if asked is None:
        raise NotReleased("not a file of figures")
    source = await asyncio.to_thread(Source.of, request, invented)
    sheet = _sheet(source, table, Period.parse(asked[2]), bool(asked[1]))
    make, kind = MAKERS[asked[3]]
    body = make(sheet)
    tag = f'"{hashlib.sha256(body).hexdigest()}"'
    headers = {"ETag": tag, "Content-Disposition": f'attachment; filename="{_file_name(source, table, name)}"'}
    if request.headers.get("if-none-match") == tag:
        return HTTPResponse(status=304, headers={"ETag": tag})
    if request.method == "GET":
        about = f"{'voorbeeld ' if invented else ''}{table} {asked[1] or ''}{asked[2]} {asked[3]}"
        await asyncio.to_thread(request.app.ctx.staff.record, request.ctx.account, EXPORTED, about)
    return raw(body, headers=headers, content_type=kind)


def _sheet(source: Source, table: str, period: Period, series: bool) -> Sheet:
    """The figures of one period or of the series that ends with it; raises StatisticsError."""
    own = source.parameters.table(table)
    known(str(period), source.figures.periods(table, period.kind))
    points: list[Any] = source.series(table, period) if series else [(period, source.cells(table, period))]
    labels = {cell: source.label(table, cell) for cell in own.cells}
    return Sheet(own, source.parameters, source.facts.value("zone.naam"), labels, [cells for _, cells in points if cells],
                 source.invented)


def _file_name(source: Source, table: str, name: str) -> str:
    words = texts.load()
    return f"{words['invented']['slug'] if source.invented else ''}wijkwijzer-{words['tables'][table]['slug']}-{name}"
