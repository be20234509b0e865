"""Requests that Sanic 21.12 cannot take: a negative length keeps it busy for ever, raw bytes in a path get no answer at all."""

from typing import Any

from sanic.compat import Header
from sanic.exceptions import InvalidUsage, RequestTimeout, SanicException, ServiceUnavailable
from sanic.http import Http
from sanic.request import Request
from sanic.server.protocols import http_protocol

MAX_DIGITS = 15


class StrictRequest(Request):
    """For `request_class` of an app: 400 for a length that is no plain number, is told twice, or stands beside chunks."""

    def __init__(self, url_bytes: bytes, headers: Header, *arguments: Any, **named: Any) -> None:
        lengths = headers.getall("content-length", [])
        if any(not (length.isascii() and length.isdigit() and len(length) <= MAX_DIGITS) for length in lengths):
            raise InvalidUsage("content-length")
        if len(lengths) + len(headers.getall("transfer-encoding", [])) > 1:
            raise InvalidUsage("more than one length of body")
        super().__init__(url_bytes, headers, *arguments, **named)


class AnsweringHttp(Http):
    """A head that cannot be read is answered 400 by the error handler of the app, where Sanic gives 500 or just hangs up."""

    def create_empty_request(self) -> None:
        """A request to give the error handler; with the address that could not be read Sanic fails here once more."""
        self.url = None
        super().create_empty_request()

    async def error_response(self, exception: Exception) -> None:
        """Who sent the head is to blame for what goes wrong before there is a request; who was too slow is let go."""
        unread = self.request is None and not isinstance(exception, SanicException)
        await super().error_response(InvalidUsage("head of a request") if unread else exception)
        if isinstance(exception, (RequestTimeout, ServiceUnavailable)):
            self.request_body = None  # else Sanic waits for ever for the rest of a message that came too slowly


def answer_what_cannot_be_read() -> None:
    """For all servers of this process; Sanic has no setting for it."""
    http_protocol.Http = AnsweringHttp
