"""The released figures as the dashboard reads them: checked before the first figure is read, at whatever moment that is."""

import threading

from bot.statistics.periods import Period
from bot.statistics.store import Store


class CheckedStore(Store):
    """A store that reads no figure before it knows that it can only read, and that all was released within the limits."""

    _checking, _checked = threading.Lock(), False

    def check(self) -> None:
        """Once a process; raises LimitError, or SQLAlchemyError while the database is not there."""
        with self._checking:
            if not self._checked:
                self.check_read_only()
                self.check_log()
                self._checked = True

    def log(self, table: str) -> dict[Period, bool]:
        """As in Store; raises LimitError."""
        self.check()
        return super().log(table)

    def values(self, table: str) -> dict[Period, dict[str, int]]:
        """As in Store; raises LimitError."""
        self.check()
        return super().values(table)
