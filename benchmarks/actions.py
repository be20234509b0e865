"""`python -m benchmarks.actions`: the action server as benchmarks need it, with a clock in a file or without counting."""

import argparse
import datetime as dt
import sys
from pathlib import Path

from actions.__main__ import LOOPBACK, make_app
from bot import logs
from bot.quiet import be_quiet
from bot.settings import load
from bot.statistics import service as statistics
from bot.statistics.release import Clock


def file_clock(file: Path) -> Clock:
    """A clock that another process moves: the file holds seconds since 1970."""
    return lambda: dt.datetime.fromtimestamp(float(file.read_text()), dt.timezone.utc)


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
        service = statistics.make(settings, file_clock(given.clock)) if given.clock else statistics.make(settings)
        if given.clock:
            service.missed_after = dt.timedelta.max  # a clock that jumps is no silence
        service.start()
    make_app(settings, service).run(host=LOOPBACK, port=settings.actions_port, workers=1, access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
