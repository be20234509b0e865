"""Turns a template and values into a page: autoescape on, an unknown name is an error."""

import functools
import itertools
from pathlib import Path
from typing import Any, Sequence

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic.request import Request
from sanic.response import HTTPResponse, html

from bot.dashboard import texts
from bot.statistics.periods import Period

TEMPLATES = Path(__file__).resolve().parent / "templates"


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTTPResponse:
    """An HTML page. Works without login too; needs `facts` in `request.app.ctx`.

    Every template knows `account`, `csrf`, `zone`, `t` (texts.yml), `path`, `base` (prefix of links) and `invented`.
    """
    known = {
        "account": getattr(request.ctx, "account", None),
        "csrf": getattr(request.ctx, "csrf", ""),
        "zone": request.app.ctx.facts.value("zone.naam"),
        "path": request.path,
        "base": "",
        "invented": False,
    }
    return html(environment().get_template(template).render({**known, **values}), status)


@functools.lru_cache(maxsize=1)
def environment() -> Environment:
    """Jinja with our filters: `period` (november 2026), `span` (its days), `dates` (both), `moment`, `decimal`, `names`."""
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    made.filters.update(period=texts.period, dates=texts.dates, span=texts.span, moment=texts.moment, decimal=texts.decimal,
                        names=texts.names, capitalize_first=texts.capitalize_first, groupby_kind=_by_kind)
    made.globals.update(t=texts.load())
    return made


def _by_kind(periods: Sequence[Period]) -> list[tuple[str, list[Period]]]:
    """Periods as they are offered, with their kinds in the same order."""
    return [(kind, list(several)) for kind, several in itertools.groupby(periods, key=lambda period: period.kind)]
