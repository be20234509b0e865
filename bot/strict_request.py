"""A Sanic request that refuses what its reader of bodies cannot take: a negative length keeps Sanic 21.12 busy for ever."""

from typing import Any

from sanic.compat import Header
from sanic.exceptions import InvalidUsage
from sanic.request import Request

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
