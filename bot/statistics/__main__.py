"""`python -m bot.statistics migrate | release | status | reader ROLE`: for operators."""

import argparse
import re
import sys

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.errors import WijkwijzerError
from bot.settings import load
from bot.statistics import service as service_module
from bot.statistics.release import Service

COMMANDS = {
    "migrate": "make or renew the tables of released figures",
    "release": "release every period that is due (the running service does this by itself; twice adds nothing)",
    "status": "which periods are open, and which are released; no figure",
    "reader": "PostgreSQL: let a role read the released figures and nothing more, for DASHBOARD_STATISTICS_URL",
}
ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def main(arguments: list[str] | None = None) -> int:
    """0 when done, 1 when the database or the counter does not answer, 2 for a wrong setting or argument."""
    parser = argparse.ArgumentParser(prog="python -m bot.statistics", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, help in COMMANDS.items():
        commands.add_parser(name, help=help)
    commands.choices["reader"].add_argument("role")
    given = parser.parse_args(arguments)
    logs.configure()
    try:
        service = service_module.make(load())
        service.store.prepare()
        return {"migrate": _migrate, "release": _release, "status": _status, "reader": _reader}[given.command](service, given)
    except WijkwijzerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except (SQLAlchemyError, OSError) as error:
        print(f"error: the database or the counter does not answer ({type(error).__name__}); nothing was lost", file=sys.stderr)
        return 1


def _migrate(service: Service, _: argparse.Namespace) -> int:
    print("the tables of released figures are up to date")
    return 0


def _release(service: Service, _: argparse.Namespace) -> int:
    released = service.release()
    print("released: " + ", ".join(map(str, released)) if released else "nothing is due")
    return 0


def _status(service: Service, _: argparse.Namespace) -> int:
    for period, complete in sorted(service.counts.opened().items()):
        print(f"open      {period:9} {'complete so far' if complete else 'incomplete'}")
    for table in service.parameters.tables:
        for period, complete in service.store.log(table).items():
            print(f"released  {period!s:9} {table:15} {'complete' if complete else 'incomplete'}")
    return 0


def _reader(service: Service, given: argparse.Namespace) -> int:
    if service.store.engine.url.get_backend_name() != "postgresql" or not ROLE.fullmatch(given.role):
        print("error: this needs a PostgreSQL database in STATISTICS_URL and the plain name of a role", file=sys.stderr)
        return 2
    with service.store.engine.begin() as connection:
        if not connection.execute(text("SELECT count(*) FROM pg_roles WHERE rolname = :role"), {"role": given.role}).scalar():
            print(f"error: PostgreSQL has no role {given.role}; make it first with CREATE ROLE", file=sys.stderr)
            return 2
        connection.execute(text(f'REVOKE ALL ON release, release_log FROM "{given.role}"'))
        connection.execute(text(f'GRANT SELECT ON release, release_log TO "{given.role}"'))
    print(f"{given.role} may read the released figures, and nothing more")
    return 0


if __name__ == "__main__":
    sys.exit(main())
