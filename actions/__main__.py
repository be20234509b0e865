"""`python -m actions`: the action server, on loopback only, answering only who knows the shared token."""

import hmac
import logging
import sys
from typing import Optional

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from actions import counting
from bot import facts, logs
from bot.errors import WijkwijzerError
from bot.quiet import be_quiet
from bot.settings import Settings, load
from bot.statistics import service as statistics
from bot.statistics.release import Service
from bot.strict_request import StrictRequest, answer_what_cannot_be_read

LOOPBACK = "127.0.0.1"
OPEN_PATHS = ("/health",)
BACKLOG = 2048
KEEP_ALIVE_SECONDS = 75  # longer than bot/action_endpoint.py keeps a connection, so that we never close what it is writing to
MAX_BODY = 4 * 1024 * 1024  # the longest conversation that is kept has a tracker of well under one


def make_app(settings: Settings, service: Optional[Service]) -> Sanic:
    """rasa_sdk's server with a door: every path but /health needs the token. Contacts are counted by `service`, if any."""
    from rasa_sdk.endpoint import create_app  # after be_quiet: importing it prints warnings

    app = create_app("actions", cors_origins="")
    app.request_class = StrictRequest
    answer_what_cannot_be_read()
    app.config.REQUEST_MAX_SIZE = MAX_BODY
    app.config.KEEP_ALIVE_TIMEOUT = KEEP_ALIVE_SECONDS

    async def check_token(request: Request) -> Optional[HTTPResponse]:
        given = request.args.get("token", "")
        if request.path in OPEN_PATHS or hmac.compare_digest(given.encode(), settings.actions_token.encode()):
            return None
        return empty(403)

    async def say_nothing(request: Request, exception: Exception) -> HTTPResponse:
        status = getattr(exception, "status_code", 500)
        logging.getLogger("actions").error("action server: %s", type(exception).__name__)
        return empty(status)

    counting.use(service)
    if service is not None:
        app.add_task(service.keep_ticking())
    app.register_middleware(check_token, "request")
    app.error_handler.add(Exception, say_nothing)
    return app


def main() -> int:
    """Run until stopped; a wrong setting is one clear sentence."""
    be_quiet()
    logs.configure()
    try:
        settings = load()
        facts.load(settings.facts_dir).emergency()
        service = statistics.make(settings)
        service.start()
    except WijkwijzerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    make_app(settings, service).run(host=LOOPBACK, port=settings.actions_port, workers=1, access_log=False, backlog=BACKLOG)
    return 0


if __name__ == "__main__":
    sys.exit(main())
