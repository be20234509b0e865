"""Released figures in SQL: written once by the service, read by the dashboard through a connection that cannot write."""

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Mapping

from alembic.util import CommandError
from sqlalchemy import delete, insert, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from bot import database
from bot.errors import LimitError, StatisticsError
from bot.settings import Settings
from bot.statistics.models import release, release_log
from bot.statistics.parameters import MAX_EPSILON, MIN_EMBARGO_DAYS, MIN_SENSITIVE_THRESHOLD, MIN_THRESHOLD, Parameters
from bot.statistics.periods import Period

VERSIONS = Path(__file__).resolve().parent / "versions"
Values = Mapping[str, int]
MAY_WRITE = text("""SELECT count(*) FROM pg_class WHERE oid IN (to_regclass('release'), to_regclass('release_log')) AND (
    pg_has_role(relowner, 'MEMBER') OR has_table_privilege(oid, 'DELETE, TRUNCATE, TRIGGER')
    OR has_any_column_privilege(oid, 'INSERT, UPDATE'))""")


class Store:
    """The released figures of one database."""

    def __init__(self, engine: Engine, parameters: Parameters) -> None:
        self.engine = engine
        self.parameters = parameters

    @classmethod
    def for_service(cls, settings: Settings, parameters: Parameters) -> "Store":
        """Reads and writes; connects when it is prepared."""
        return cls(database.engine("STATISTICS_URL", settings.statistics_url), parameters)

    @classmethod
    def for_dashboard(cls, settings: Settings, parameters: Parameters) -> "Store":
        """Only reads; refuses a PostgreSQL role that may write."""
        name = "DASHBOARD_STATISTICS_URL" if settings.dashboard_statistics_url else "STATISTICS_URL"
        url = settings.dashboard_statistics_url or settings.statistics_url
        return cls(database.engine(name, url, read_only=True), parameters)

    def prepare(self) -> None:
        """Make the tables where they are missing, then check what is there.

        Raises LimitError, StatisticsError when the database is not one of this program, or SQLAlchemyError.
        """
        try:
            database.upgrade(self.engine, VERSIONS)
        except CommandError as error:
            raise StatisticsError("STATISTICS_URL: the database was made by a newer version or by another program") from error
        self.check_log()

    def check_log(self) -> None:
        """Raises LimitError when the database says that it was released outside the hard limits."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(release_log)).mappings().all()
        for row in rows:
            table = self.parameters.tables.get(row["table"])
            minimum = MIN_SENSITIVE_THRESHOLD if table is None or table.sensitive else MIN_THRESHOLD
            if not _allowed(row["epsilon"]) or row["threshold"] < minimum or row["embargo_days"] < MIN_EMBARGO_DAYS:
                raise LimitError(f"statistics: the database holds {row['table']} of {row['period']} outside the hard limits")

    def check_read_only(self) -> None:
        """Raises LimitError when a PostgreSQL role could change released figures, or give itself the right to.

        SQLite is opened read-only.
        """
        if self.engine.url.get_backend_name() != "postgresql":
            return
        with self.engine.connect() as connection:
            may = connection.execute(MAY_WRITE).scalar()
        if may:
            raise LimitError("DASHBOARD_STATISTICS_URL: this role may change released figures; use one that can only read "
                             "(python -m bot.statistics reader ROLE)")

    def write(self, period: Period, tables: Mapping[str, Values], complete: bool) -> bool:
        """Store a period in one transaction, rows in sorted order; False when it is there already. Never overwrites."""
        rows = [{"period": str(period), "table": name, "cell": cell, "value": value}
                for name, values in sorted(tables.items()) for cell, value in sorted(values.items())]
        logs = [{"period": str(period), "table": name, "complete": complete, "epsilon": str(table.epsilon),
                 "threshold": self.parameters.limit(table), "embargo_days": self.parameters.embargo_days}
                for name, table in sorted((name, self.parameters.table(name)) for name in tables)]
        try:
            with self.engine.begin() as connection:
                connection.execute(insert(release_log), logs)
                connection.execute(insert(release), rows)
        except IntegrityError:
            return False
        return True

    def forget_before(self, day: dt.date) -> int:
        """Delete the figures of periods that ended before a day; the number of periods."""
        with self.engine.begin() as connection:
            periods = connection.execute(select(release_log.c.period).distinct()).scalars().all()
            old = [period for period in periods if Period.parse(period).end < day]
            for table in (release, release_log):
                connection.execute(delete(table).where(table.c.period.in_(old)))
        return len(old)

    def log(self, table: str) -> dict[Period, bool]:
        """The released periods of a table, in order, with whether each is complete."""
        query = select(release_log.c.period, release_log.c.complete).where(release_log.c.table == table)
        with self.engine.connect() as connection:
            return dict(sorted((Period.parse(row.period), row.complete) for row in connection.execute(query)))

    def values(self, table: str) -> dict[Period, dict[str, int]]:
        """Every released value of a table, by period and cell."""
        query = select(release.c.period, release.c.cell, release.c.value).where(release.c.table == table)
        found: dict[Period, dict[str, int]] = {}
        with self.engine.connect() as connection:
            for row in connection.execute(query):
                found.setdefault(Period.parse(row.period), {})[row.cell] = row.value
        return dict(sorted(found.items()))


def _allowed(epsilon: str) -> bool:
    try:
        return 0 < Fraction(epsilon) <= MAX_EPSILON
    except (ValueError, ZeroDivisionError):
        return False
