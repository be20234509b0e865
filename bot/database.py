"""Databases by URL: SQLite or PostgreSQL, brought to their newest schema by Alembic."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from bot.errors import SettingsError

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
DRIVERS = ("sqlite", "postgresql")
WAIT_SECONDS = 5
ONE_AT_A_TIME = 541100


def engine(setting: str, url: str, read_only: bool = False) -> Engine:
    """An engine that connects when first used; raises SettingsError that names the setting and never shows a password.

    The cause of the error is left out: it holds the whole address.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingsError(f"{setting}: not a database address such as sqlite:////folder/file.db") from None
    if parsed.get_backend_name() not in DRIVERS:
        raise SettingsError(f"{setting}: only {' and '.join(DRIVERS)} databases are supported")
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(setting, parsed.database, read_only)
    try:
        return create_engine(parsed, future=True, pool_pre_ping=True, connect_args={"connect_timeout": WAIT_SECONDS})
    except (NoSuchModuleError, ArgumentError):
        raise SettingsError(f"{setting}: not a database address that can be used") from None


def _sqlite(setting: str, path: Any, read_only: bool) -> Engine:
    if not path or path == ":memory:":
        raise SettingsError(f"{setting}: names no file, such as sqlite:////folder/file.db")
    mode = "ro" if read_only else "rwc"
    made = create_engine(f"sqlite:///file:{Path(path).absolute()}?mode={mode}&uri=true", future=True,
                         connect_args={"timeout": WAIT_SECONDS})

    @event.listens_for(made, "connect")
    def _settings(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA journal_mode=DELETE" if not read_only else "PRAGMA query_only=ON")  # a WAL replays the order
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA foreign_keys=ON")

    return made


def upgrade(database: Engine, versions: Path) -> None:
    """Bring a database to the newest schema of a folder of versions; nothing happens when it is there already."""
    if database.url.get_backend_name() == "sqlite":
        Path(database.url.database.removeprefix("file:")).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(versions))
    with database.begin() as connection:
        if database.url.get_backend_name() == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))  # several servers start at once
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
