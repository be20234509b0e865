"""A page with figures: its template also knows where they come from, and how to draw them."""

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.dashboard import charts, render, views
from bot.dashboard.source import Source


def figure_page(request: Request, source: Source, template: str, **values: Any) -> HTTPResponse:
    """A page of the released or of the invented figures."""
    return render.page(request, template, source=source, base=source.base, invented=source.invented, charts=charts,
                       views=views, **values)
