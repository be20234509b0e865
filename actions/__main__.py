"""`python -m actions`: the action server, on loopback only, answering only who knows the shared token."""

import hmac
import logging
import sys
from typing import Optional

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot import logs
from bot.errors import SettingsError
from bot.quiet import be_quiet
from bot.settings import Settings, load

LOOPBACK = "127.0.0.1"
OPEN_PATHS = ("/health",)


def make_app(settings: Settings) -> Sanic:
    """rasa_sdk's server with a door: every path but /health needs the token."""
    from rasa_sdk.endpoint import create_app  # after be_quiet: importing it prints warnings

    app = create_app("actions", cors_origins="")

    async def check_token(request: Request) -> Optional[HTTPResponse]:
        given = request.args.get("token", "")
        if request.path in OPEN_PATHS or hmac.compare_digest(given.encode(), settings.actions_token.encode()):
            return None
        return empty(403)

    async def say_nothing(request: Request, exception: Exception) -> HTTPResponse:
        status = getattr(exception, "status_code", 500)
        logging.getLogger("actions").error("action server: %s", type(exception).__name__)
        return empty(status)

    app.register_middleware(check_token, "request")
    app.error_handler.add(Exception, say_nothing)
    return app


def main() -> int:
    """Run until stopped; a wrong setting is one clear sentence."""
    be_quiet()
    logs.configure()
    try:
        settings = load()
    except SettingsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    make_app(settings).run(host=LOOPBACK, port=settings.actions_port, workers=1, access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
