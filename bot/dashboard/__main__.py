"""`python -m bot.dashboard` serves the dashboard; with a command it manages the accounts of staff."""

import argparse
import getpass
import socket
import sys
from typing import Callable

from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.dashboard.staff import Staff, StaffError
from bot.errors import WijkwijzerError
from bot.quiet import be_quiet
from bot.settings import Settings, load
from bot.statistics.release import now

COMMANDS = {
    "add-user": "a new account; asks for its password",
    "set-password": "another password; ends the account's sessions and its lock",
    "remove-user": "remove an account and end its sessions",
    "unlock": "end the lock after too many wrong passwords",
    "list-users": "the names of all accounts",
    "audit": "who did what, the newest last",
}
NAMED, WITH_PASSWORD = ("add-user", "set-password", "remove-user", "unlock"), ("add-user", "set-password")
LINES = 100


def main(arguments: list[str] | None = None) -> int:
    """0 when done, 1 when a database or the port is not there, 2 for a wrong setting or argument."""
    given = _parser().parse_args(arguments)
    be_quiet()
    logs.configure()
    try:
        settings = load()
        return _manage(settings, given) if given.command else _serve(settings)
    except WijkwijzerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except SQLAlchemyError as error:
        print(f"error: DASHBOARD_STAFF_URL: the database does not answer ({type(error).__name__})", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error.strerror or type(error).__name__}: DASHBOARD_HOST and DASHBOARD_PORT, or the folder of "
              "DASHBOARD_STAFF_URL, cannot be used", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.dashboard", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="command")
    for name, help in COMMANDS.items():
        commands.add_parser(name, help=help, description=help)
    for name in NAMED:
        commands.choices[name].add_argument("name")
    for name in WITH_PASSWORD:
        commands.choices[name].add_argument("--password-stdin", action="store_true",
                                            help="read the password from the first line of standard input")
    commands.choices["audit"].add_argument("--last", type=int, default=LINES, metavar="N", help="how many lines (%(default)s)")
    return parser


def _serve(settings: Settings) -> int:
    from bot.dashboard.app import make_app  # the commands need no web server

    app = make_app(settings)
    host = settings.dashboard_host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, settings.dashboard_port), family=family) as listening:  # Sanic would hide that it cannot
        app.run(sock=listening, workers=1, access_log=False, motd=False)
    return 0


def _manage(settings: Settings, given: argparse.Namespace) -> int:
    staff = Staff.of(settings, now)
    commands: dict[str, Callable[[Staff, argparse.Namespace], None]] = {
        "add-user": _add, "set-password": _set_password, "remove-user": _remove, "unlock": _unlock, "list-users": _list,
        "audit": _audit}
    commands[given.command](staff, given)
    return 0


def _add(staff: Staff, given: argparse.Namespace) -> None:
    staff.add(given.name, _password(given))
    print(f"{given.name} may log in")


def _set_password(staff: Staff, given: argparse.Namespace) -> None:
    staff.set_password(given.name, _password(given))
    print(f"{given.name} has a new password; its sessions are ended")


def _remove(staff: Staff, given: argparse.Namespace) -> None:
    staff.remove(given.name)
    print(f"{given.name} is removed; its sessions are ended")


def _unlock(staff: Staff, given: argparse.Namespace) -> None:
    staff.unlock(given.name)
    print(f"{given.name} may try again")


def _list(staff: Staff, _: argparse.Namespace) -> None:
    for name in staff.names():
        print(name)


def _audit(staff: Staff, given: argparse.Namespace) -> None:
    for entry in reversed(staff.audit(max(1, given.last))):
        print(f"{entry.when:%Y-%m-%d %H:%M:%S} UTC  {entry.who:20} {entry.what:15} {entry.about}".rstrip())


def _password(given: argparse.Namespace) -> str:
    """From standard input or, twice, from the terminal; raises StaffError when that gives no password."""
    try:
        if given.password_stdin:
            return sys.stdin.readline().rstrip("\r\n")
        password = getpass.getpass(f"password of {given.name}: ")
        if getpass.getpass("the same again: ") != password:
            raise StaffError("the two passwords differ; nothing was changed")
        return password
    except (EOFError, KeyboardInterrupt):
        raise StaffError("no password was given; nothing was changed") from None
    except UnicodeDecodeError:
        raise StaffError("a password is text in UTF-8") from None


if __name__ == "__main__":
    sys.exit(main())
