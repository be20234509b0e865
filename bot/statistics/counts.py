"""Running exact counts of the open periods: in memory, with a copy on tmpfs that survives a crash of the process.

Several processes of one machine may share the copy: each change is read, made and written under a file lock.
"""

import contextlib
import fcntl
import json
import logging
import os
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, Mapping, Optional

from bot.errors import LimitError
from bot.statistics.contact import Change

logger = logging.getLogger(__name__)

FILE, LOCK = "counts.json", "lock"
MEMORY_FILE_SYSTEMS = ("tmpfs", "ramfs")
AGAIN_SECONDS = 5.0  # a resident waits for a counter that is gone at most once in this time
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
        """Add changes; never raises for want of room or of a connection."""
        with self._guard:
            for change in changes:
                self._pending[change.period, change.table, change.cell] += change.by
            if time.monotonic() < self._again:
                return
            try:
                self.flush()
            except OSError as error:
                self._again = time.monotonic() + AGAIN_SECONDS
                logger.error("statistics: running counts could not be written (%s); kept, tried again", type(error).__name__)

    def flush(self) -> None:
        """Write what is pending; raises OSError when that does not work."""
        if self._pending:
            with self._guard, self._changing() as state:
                for (period, table, cell), by in self._pending.items():
                    cells = state["counts"].setdefault(period, {}).setdefault(table, {})
                    cells[cell] = cells.get(cell, 0) + by
            self._pending.clear()

    def opened(self) -> dict[str, bool]:
        """Periods that are being counted or wait for their release, with whether they are complete so far."""
        with self._guard, self._reading() as state:
            return dict(state["opened"])

    def open(self, period: str, complete: bool) -> None:
        """Begin a period; one that is open stays as it is."""
        with self._guard, self._changing() as state:
            state["opened"].setdefault(period, complete)

    def alive(self, seconds: float) -> float:
        """Note that counting works at this moment (seconds since 1970) and return when it last did, 0 when never."""
        with self._guard, self._changing() as state:
            before, state["alive"] = state["alive"], seconds
            return before

    def mark_incomplete(self) -> None:
        """Contacts may have been missed in every open period."""
        with self._guard, self._changing() as state:
            state["opened"] = dict.fromkeys(state["opened"], False)

    def draw(self, period: str, table: str, noise: Noise) -> dict[str, int]:
        """Replace the exact counts of a table by noisy ones, once: a second call returns the same values."""
        self.flush()
        with self._guard, self._changing() as state:
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
    """The same with its state in a file of a folder that must lie in memory."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        _private_folder(folder)
        self._file, self._lock = folder / FILE, folder / LOCK
        self._seen: Optional[tuple[int, int]] = None

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with open(self._lock, "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with contextlib.suppress(FileNotFoundError):
                if self._version() != self._seen:  # another process wrote
                    self._state, self._seen = json.loads(self._file.read_text()), self._version()
            yield

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
            handle, name = tempfile.mkstemp(dir=self._folder)
            try:
                with open(handle, "w") as file:
                    json.dump(state, file, sort_keys=True)
                os.utime(name, (0, 0))  # the time of a last contact is nobody's business
                os.replace(name, self._file)
            except OSError:
                os.unlink(name)
                raise
            self._state, self._seen = state, self._version()


def in_memory(folder: Path) -> bool:
    """True when a folder lies on tmpfs; where that cannot be told (no /proc), False."""
    try:
        mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return False
    real = folder.resolve()
    where, kind = max(((Path(place), kind) for place, kind in mounts if real.is_relative_to(place)),
                      key=lambda mount: len(mount[0].parts), default=(None, ""))
    return kind in MEMORY_FILE_SYSTEMS


def swap_is_on() -> bool:
    """True when memory may be written to a disk."""
    try:
        return len(Path("/proc/swaps").read_text().splitlines()) > 1
    except OSError:
        return False


def _private_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise LimitError(f"STATISTICS_STATE_DIR: {folder} belongs to somebody else or is open to others")
    if not in_memory(folder):
        raise LimitError(f"STATISTICS_STATE_DIR: {folder} is not in memory (tmpfs); exact counts never reach a disk")
