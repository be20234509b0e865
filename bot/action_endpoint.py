"""How the chat server calls the action server: over connections that stay open. Rasa's own opens one for every action."""

import asyncio
from typing import Any, Optional

import aiohttp
import ujson
from rasa.utils.endpoints import EndpointConfig

IDLE_SECONDS = 15  # well under the time after which the action server closes


class _Borrowed:
    """`async with` a session that stays open afterwards."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *_: Any) -> None:
        return None


class ActionEndpoint(EndpointConfig):
    """The endpoint of endpoints.yml with one session for each event loop; a connection that was closed meanwhile is made anew."""

    _session: Optional[aiohttp.ClientSession] = None
    _loop: Optional[asyncio.AbstractEventLoop] = None

    @classmethod
    def of(cls, endpoint: EndpointConfig) -> "ActionEndpoint":
        """The same address, parameters and headers."""
        made = cls()
        made.__dict__.update(endpoint.__dict__)
        return made

    def session(self) -> Any:
        """What EndpointConfig.request enters for each call."""
        loop = asyncio.get_running_loop()
        if self._session is None or self._session.closed or self._loop is not loop:
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS)
            self._session = aiohttp.ClientSession(headers=self.headers, connector=connector, json_serialize=ujson.dumps)
            self._loop = loop
        return _Borrowed(self._session)

    async def start(self) -> None:
        """Called once by the chat server when it is ready; connections are opened when they are needed."""

    async def close(self) -> None:
        """Close what is open."""
        if self._session is not None:
            await self._session.close()
