"""`python -m benchmarks.actions`: the action server as benchmarks need it, with a clock in a file or without counting."""

import argparse
import datetime as dt
import sys
from pathlib import Path

from actions.__main__ import LOOPBACK, make_app
from bot import logs
from bot.quiet import be_quiet
from bot.settings import Settings, load
from bot.statistics import service as statistics
from bot.statistics.release import Service


def simulated(settings: Settings, file: Path) -> Service:
    """A service under a clock that another process moves: the file holds seconds since 1970. A jump is no silence."""
    service = statistics.make(settings, lambda: dt.datetime.fromtimestamp(float(file.read_text()), dt.timezone.utc))
    service.missed_after = dt.timedelta.max
    return service


def main() -> int:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.actions", description=__doc__)
    parser.add_argument("--clock", type=Path)
    parser.add_argument("--no-counting", action="store_true")
    given = parser.parse_args()
    be_quiet()
    logs.configure()
    settings, service = load(), None
    if not given.no_counting:
        service = simulated(settings, given.clock) if given.clock else statistics.make(settings)
        service.start()
    make_app(settings, service).run(host=LOOPBACK, port=settings.actions_port, workers=1, access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
