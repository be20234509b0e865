"""Bound methods as request handlers."""

import functools
from typing import Any, Awaitable, Callable


def function(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """A plain function around a bound method: Sanic writes attributes on its handlers."""

    @functools.wraps(method)
    async def handler(*arguments: Any, **named: Any) -> Any:
        return await method(*arguments, **named)

    return handler
