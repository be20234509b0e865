"""`python -m tests.dashboard.by_clock FILE`: the dashboard, by the moment that a test wrote in a file."""

import datetime as dt
import sys
from pathlib import Path

from bot import logs
from bot.dashboard.app import make_app
from bot.settings import load


def main(file: Path) -> None:
    """Serve until stopped."""
    logs.configure()
    settings = load()
    app = make_app(settings, lambda: dt.datetime.fromisoformat(file.read_text()))
    app.run(host=settings.dashboard_host, port=settings.dashboard_port, workers=1, access_log=False, motd=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
