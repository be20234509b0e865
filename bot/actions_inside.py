"""Actions run inside the chat server: no action server, no call over HTTP, for a zone with one chat server (ACTIONS_INSIDE=yes).

The same actions, called through the endpoint that Rasa lets anybody configure. See docs/adr/0023-actions-inside.md.
"""

import asyncio
import json
import logging
from typing import Any, Optional

from rasa.core.actions.action import ActionExecutionRejection
from rasa.utils.endpoints import ClientResponseError
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as Rejected
from rasa_sdk.interfaces import ActionNotFoundException

from actions import counting
from bot.action_endpoint import ActionEndpoint
from bot.statistics.release import Service

logger = logging.getLogger(__name__)

PACKAGE = "actions"


class ActionsInside(ActionEndpoint):
    """An endpoint that answers itself. Contacts are counted by `service`, if any."""

    def __init__(self, service: Optional[Service]) -> None:
        super().__init__(enable_selective_domain=True)
        self._service = service
        self._ticking: Optional[asyncio.Task] = None
        self._executor = ActionExecutor()
        self._executor.register_package(PACKAGE)
        counting.use(service)

    async def request(self, method: str = "post", subpath: Optional[str] = None,
                      content_type: Optional[str] = "application/json", compress: bool = False, **kwargs: Any) -> Any:
        """What the action server would answer to {"next_action", "tracker"} in `json`. Raises ClientResponseError 404 for an
        action that is not there and 500, without a word of the conversation, for one that fails; Rasa's own
        ActionExecutionRejection for one that declines. The chat API limits how long a turn takes."""
        call = kwargs["json"]
        try:
            answer = await self._executor.run(call)
        except Rejected as error:
            raise ActionExecutionRejection(error.action_name, error.message) from None
        except ActionNotFoundException:
            raise ClientResponseError(404, "there is no such action", "") from None
        except Exception as error:
            logger.error("%s failed with %s", call.get("next_action"), type(error).__name__)
            raise ClientResponseError(500, type(error).__name__, "") from None
        return json.loads(json.dumps(answer))  # as over HTTP: nothing is shared with what an action keeps

    async def start(self) -> None:
        """Release what is due from now on; where there is an action server, it does so."""
        if self._service is not None:
            self._ticking = asyncio.get_running_loop().create_task(self._service.keep_ticking())

    async def close(self) -> None:
        """Stop releasing."""
        if self._ticking is not None:
            self._ticking.cancel()
