"""Errors over HTTP: a plain page of error.html without any detail; the log says only what kind of error it was."""

import logging

from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, text
from sqlalchemy.exc import SQLAlchemyError

from bot.dashboard import render
from bot.errors import LimitError, StatisticsError

logger = logging.getLogger(__name__)

STATUSES = (400, 403, 404, 405, 413, 429, 500, 503)  # those that error.html has words for


class Problem(SanicException):
    """An answer of one of STATUSES that a handler decides on."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status), status_code=status)


def status_of(exception: BaseException) -> int:
    """HTTP status of an exception: unknown periods and tables are 404, a database that does not answer 503, the rest 500."""
    if isinstance(exception, SanicException):
        status = exception.status_code or 500
        return status if status in STATUSES else 400 if status < 500 else 500
    if isinstance(exception, (SQLAlchemyError, OSError, LimitError)):
        return 503
    return 404 if isinstance(exception, StatisticsError) else 500


def answer(request: Request, exception: BaseException) -> HTTPResponse:
    """What Sanic calls for every exception."""
    status = status_of(exception)
    if status == 500 and not request.head:  # Sanic fails on headers that are no headers
        status = 400
    if status >= 500:
        logger.error("dashboard: %s", f"LimitError: {exception}" if isinstance(exception, LimitError)
                     else type(exception).__name__)
    return page(request, status)


def page(request: Request, status: int) -> HTTPResponse:
    """The error page of a status."""
    try:
        return render.page(request, "error.html", status=status, problem=status)
    except Exception as error:  # the last resort: whatever is wrong with the pages, no detail gets out
        logger.error("dashboard: the error page failed with %s", type(error).__name__)
        return text("Er liep iets mis. Probeer het straks opnieuw.\n", status=status)
