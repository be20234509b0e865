"""`python -m bot.widget.example` serves the example site on loopback; the chat server runs beside it."""

import socket
import sys

from bot import facts, logs
from bot.errors import WijkwijzerError
from bot.quiet import be_quiet
from bot.settings import Settings, load
from bot.widget import files

LOOPBACK = "127.0.0.1"


def main() -> int:
    """Serve until stopped; 1 when the port is taken, 2 for a wrong setting, profile or widget."""
    be_quiet()
    logs.configure()
    try:
        settings = load()
        return _serve(settings)
    except WijkwijzerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"error: {error.strerror or type(error).__name__}: SITE_PORT {settings.site_port} cannot be used", file=sys.stderr)
        return 1


def not_allowed(settings: Settings) -> str:
    """A sentence when the zone profile does not let the example site use the chat, else an empty text."""
    origin = f"http://localhost:{settings.site_port}"
    if origin in facts.load(settings.facts_dir).web["origins"]:
        return ""
    return f"{origin} does not stand in the zone profile (web: origins): the chat on the example page will not answer"


def _serve(settings: Settings) -> int:
    from bot.widget.example.app import make_app

    app = make_app(settings, files.load())
    if warning := not_allowed(settings):
        print(f"warning: {warning}", file=sys.stderr, flush=True)
    with socket.create_server((LOOPBACK, settings.site_port)) as listening:  # Sanic would hide that it cannot
        app.run(sock=listening, workers=1, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
