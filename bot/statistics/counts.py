"""Running exact counts of the open periods: in memory, with a copy on tmpfs that survives a crash of the process.

Several processes of one machine may share the copy: each change is read, made and written under a file lock. A contact leaves
no trace of its moment: no line in a log, no time on anything that another user of the machine can see.
"""

import contextlib
import fcntl
import json
import logging
import os
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, Mapping, Optional, TextIO

from bot.errors import LimitError, SettingsError, StatisticsError, WijkwijzerError
from bot.statistics.contact import Change
from bot.statistics.periods import Period

logger = logging.getLogger(__name__)

FOLDER, FILE, NEW, LOCK = "running", "counts.json", "counts.new", "lock"
MEMORY_FILE_SYSTEMS = ("tmpfs", "ramfs")
WAIT_SECONDS = 0.25  # a resident never waits longer for another process that holds the counts
AGAIN_SECONDS = 5.0  # and for a counter that is gone at most once in this time
Noise = Callable[[Mapping[str, int]], dict[str, int]]
State = dict[str, Any]  # {"opened": {period: complete}, "counts"|"drawn": {period: {table: {cell: number}}}, "alive": seconds}


class Counts:
    """Counts in the memory of this process. What cannot be written is kept, summed without order, and tried again."""

    def __init__(self) -> None:
        self._state: State = {"opened": {}, "counts": {}, "drawn": {}, "alive": 0.0}
        self._prepare()

    def _prepare(self) -> None:
        self._pending: Counter[tuple[str, str, str]] = Counter()
        self._guard = threading.RLock()
        self._again = 0.0

    def add(self, changes: Iterable[Change]) -> None:
        """Add changes; never raises for want of room or of a connection, and logs nothing: the next tick will tell."""
        with self._guard:
            for change in changes:
                self._pending[change.period, change.table, change.cell] += change.by
            if time.monotonic() < self._again:
                return
            try:
                self.flush()
            except (OSError, WijkwijzerError):
                self._again = time.monotonic() + AGAIN_SECONDS

    def flush(self) -> None:
        """Write what is pending; raises OSError when that does not work."""
        with self._guard:
            if not self._pending:
                return
            with self._changing() as state:
                for (period, table, cell), by in self._pending.items():
                    cells = state["counts"].setdefault(period, {}).setdefault(table, {})
                    cells[cell] = cells.get(cell, 0) + by
                    # what is counted is always open, or it would never be released and forgotten
                    state["opened"].setdefault(period, previous(period) in state["opened"])
            self._pending.clear()

    def opened(self) -> dict[str, bool]:
        """Periods that are being counted or wait for their release, with whether they are complete so far."""
        with self._guard, self._reading() as state:
            return dict(state["opened"])

    def open(self, period: str, complete: bool) -> None:
        """Begin a period; one that is open stays as it is."""
        with self._guard, self._changing() as state:
            state["opened"].setdefault(period, complete)

    def alive(self, seconds: float, silence: float) -> None:
        """Note that counting works at this moment (seconds since 1970).

        After more than `silence` seconds without such a note contacts may have been missed: every open period is incomplete.
        """
        with self._guard, self._changing() as state:
            if state["alive"] and seconds - state["alive"] > silence:
                state["opened"] = dict.fromkeys(state["opened"], False)
            state["alive"] = seconds

    def draw(self, period: str, table: str, noise: Noise) -> dict[str, int]:
        """Replace the exact counts of a table by noisy ones, once: a second call returns the same values."""
        with self._guard:
            self.flush()
            return self._draw(period, table, noise)

    def _draw(self, period: str, table: str, noise: Noise) -> dict[str, int]:
        with self._changing() as state:
            drawn = state["drawn"].setdefault(period, {})
            if table not in drawn:
                drawn[table] = noise(state["counts"].get(period, {}).pop(table, {}))
            return dict(drawn[table])

    def settle(self, period: str) -> None:
        """Forget a period that is safely stored."""
        with self._guard, self._changing() as state:
            for part in ("opened", "counts", "drawn"):
                state[part].pop(period, None)

    def exact(self, period: str, table: str) -> dict[str, int]:
        """The exact counts of an open period: for tests and the simulation only, never shown."""
        with self._guard, self._reading() as state:
            return dict(state["counts"].get(period, {}).get(table, {}))

    @contextlib.contextmanager
    def _reading(self) -> Iterator[State]:
        yield self._state

    @contextlib.contextmanager
    def _changing(self) -> Iterator[State]:
        yield self._state


class FileCounts(Counts):
    """The same with its state in a file of a folder that must lie in memory.

    The file stands one folder deeper: others can see when something changed in the folder itself, not inside it.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._outer, self._inner = folder, folder / FOLDER
        self._file, self._new, self._lock = self._inner / FILE, self._inner / NEW, self._inner / LOCK
        self._seen: Optional[tuple[int, int]] = None
        self._lost = False
        _private_folder(folder)

    def alive(self, seconds: float, silence: float) -> None:
        """As Counts.alive; and the place to tell of counts that were lost, because it does not follow a contact."""
        super().alive(seconds, silence)
        if self._lost:
            self._lost = False
            logger.error("statistics: running counts were removed or damaged; the open periods are marked incomplete")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        if not self._inner.is_dir():  # the first time, or cleaned away: some systems do so when a user logs out
            _private_folder(self._outer)
            self._inner.mkdir(mode=0o700, exist_ok=True)
        with open(self._lock, "a") as lock:
            _take(lock)
            self._catch_up()
            yield

    def _catch_up(self) -> None:
        """Take over what another process wrote; when that is gone or damaged, go on with what this process knows."""
        try:
            version = self._version()
            if version != self._seen:
                self._state, self._seen = _checked(self._file.read_text()), version
        except (FileNotFoundError, ValueError) as error:
            if self._seen is not None or isinstance(error, ValueError):
                self._state = {**self._state, "opened": dict.fromkeys(self._state["opened"], False)}
                self._seen, self._lost = None, True

    def _version(self) -> tuple[int, int]:
        status = self._file.stat()
        return status.st_ino, status.st_ctime_ns

    @contextlib.contextmanager
    def _reading(self) -> Iterator[State]:
        with self._locked():
            yield self._state

    @contextlib.contextmanager
    def _changing(self) -> Iterator[State]:
        with self._locked():
            state = json.loads(json.dumps(self._state))  # changed only when it is written
            yield state
            try:
                with open(os.open(self._new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                    json.dump(state, file, sort_keys=True)
                os.replace(self._new, self._file)
            except OSError:
                with contextlib.suppress(OSError):
                    os.unlink(self._new)  # half of it; after a crash the next write replaces it
                raise
            self._state, self._seen = state, self._version()


def previous(period: str) -> str:
    """The id of the period before it: a period is complete when counting already ran as it began."""
    return str(Period.parse(period).previous())


def _checked(text: str) -> State:
    """The state that a text holds; raises ValueError when it is cut off or not one of ours."""
    state = json.loads(text)
    try:
        for period in (*state["opened"], *state["counts"], *state["drawn"]):
            Period.parse(period)
        numbers = [number for part in ("counts", "drawn") for tables in state[part].values()
                   for cells in tables.values() for number in cells.values()]
    except (KeyError, TypeError, AttributeError, StatisticsError) as error:
        raise ValueError("not running counts") from error
    if not all(type(number) is int for number in numbers) or not isinstance(state.get("alive"), (int, float)):
        raise ValueError("not running counts")
    return state


def _take(lock: TextIO) -> None:
    """Lock a file; raises OSError when another process holds it too long, stopped in a terminal for instance."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise
            time.sleep(0.001)


def in_memory(folder: Path) -> bool:
    """True when a folder lies on tmpfs; where that cannot be told (no /proc), False."""
    try:
        device = folder.stat().st_dev
        mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    except OSError:
        return False
    number = f"{os.major(device)}:{os.minor(device)}"
    return any(mount[2] == number and mount[mount.index("-") + 1] in MEMORY_FILE_SYSTEMS for mount in mounts)


def swap_is_on() -> bool:
    """True when memory may be written to a disk."""
    try:
        return len(Path("/proc/swaps").read_text().splitlines()) > 1
    except OSError:
        return False


def _private_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"STATISTICS_STATE_DIR: {folder} cannot be made ({type(error).__name__})") from error
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise LimitError(f"STATISTICS_STATE_DIR: {folder} belongs to somebody else or is open to others")
    if not in_memory(folder):
        raise LimitError(f"STATISTICS_STATE_DIR: {folder} is not in memory (tmpfs); exact counts never reach a disk")
