"""A real PostgreSQL and a real Redis from Debian's programs, in a folder of their own, for tests and benchmarks."""

import contextlib
import ctypes
import glob
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Iterator, Optional, TypeVar

import psycopg2
import redis

from benchmarks.assistant import free_port

START_SECONDS = 30
KEEPER, READER = "keeper", "reader"  # owns the databases; may read what it is given
PR_SET_PDEATHSIG = 1  # of linux/prctl.h
Server = TypeVar("Server", "PostgreSQL", "Redis")
POSTGRESQL_USERS = ("postgres", "nobody")  # PostgreSQL refuses to run as root


class PostgreSQL:
    """A cluster on a free port of 127.0.0.1, with passwords."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.port, self.password = free_port(), secrets.token_hex(12)
        self._programs, self._folder, self._shared = programs, folder, ""
        self._as: dict[str, Any] = {}
        if os.getuid() == 0:
            user = next(pwd.getpwnam(name) for name in POSTGRESQL_USERS if _has_user(name))
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(folder, user.pw_uid, user.pw_gid)
        secret = folder / "password"
        secret.write_text(self.password)
        secret.chmod(0o644)
        subprocess.run([str(programs / "initdb"), "--pgdata", str(folder / "data"), "--username", "postgres", "--no-sync",
                        "--pwfile", str(secret), "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"],
                       check=True, cwd=folder, stdout=subprocess.DEVNULL, **self._as)
        self.start()
        for name in (KEEPER, READER):
            self.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{self.password}'")

    def start(self) -> None:
        """Start; waits until it answers."""
        options = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self._folder, "fsync": "off",
                   "dynamic_shared_memory_type": "mmap"}  # in its own folder, where a crash leaves nothing behind
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen([str(self._programs / "postgres"), "-D", str(self._folder / "data"), *words],
                                         cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                         preexec_fn=end_with_parent(signal.SIGQUIT), **self._as)
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                return psycopg2.connect(self.url("postgres", "postgres")).close()
            except psycopg2.OperationalError:
                assert time.monotonic() < until and self._process.poll() is None, "PostgreSQL does not answer"
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop at once, as in a crash; open connections are cut."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(START_SECONDS)

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run one statement as superuser."""
        connection = psycopg2.connect(self.url(database, "postgres"))
        with contextlib.closing(connection):
            connection.autocommit = True
            connection.cursor().execute(statement)

    def url(self, database: str, role: str = KEEPER) -> str:
        """The address of a database for a role."""
        return f"postgresql://{role}:{self.password}@127.0.0.1:{self.port}/{database}"

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"d{secrets.token_hex(6)}"
        self.execute(f"CREATE DATABASE {name} OWNER {KEEPER}")
        return self.url(name)


    def emptied(self) -> str:
        """The address of the one database that is emptied each time: much quicker, for tests that need no second one."""
        if not self._shared:
            self._shared = self.database().rsplit("/", 1)[1]
        self.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._shared}'")
        self.execute(f"DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION {KEEPER}; "
                     "GRANT USAGE ON SCHEMA public TO PUBLIC", self._shared)
        return self.url(self._shared)


class Redis:
    """A server on a free port of 127.0.0.1 that keeps nothing."""

    def __init__(self, program: str, folder: Path) -> None:
        self.port = free_port()
        self._program, self._folder = program, folder
        self.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def client(self) -> Any:
        """A connection, to look inside."""
        return redis.Redis.from_url(self.url, decode_responses=True)

    def start(self, **options: str) -> None:
        """Start, empty; waits until it answers. `options` are those of its configuration, with _ for -."""
        settings = {"port": str(self.port), "bind": "127.0.0.1", "dir": str(self._folder), "save": "", "appendonly": "no",
                    "daemonize": "no", **{name.replace("_", "-"): value for name, value in options.items()}}
        self._process = subprocess.Popen([self._program, *(word for name, value in settings.items() for word in
                                                           (f"--{name}", value))], stdout=subprocess.DEVNULL,
                                         preexec_fn=end_with_parent(signal.SIGKILL))
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                return self.client.ping()
            except redis.RedisError:
                assert time.monotonic() < until and self._process.poll() is None, "redis-server does not answer"
                time.sleep(0.02)

    def stop(self) -> None:
        """Kill it: what it held is gone."""
        self._process.kill()
        self._process.wait()
        for path in self._folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def pause(self) -> None:
        """Let it hang: connections stay, no answer comes."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._process.send_signal(signal.SIGCONT)


def end_with_parent(number: int) -> Callable[[], Any]:
    """Run in a new process: the kernel sends it this signal when the one that started it ends in whatever way."""
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, number)


def _has_user(name: str) -> bool:
    with contextlib.suppress(KeyError):
        return bool(pwd.getpwnam(name))
    return False


@contextlib.contextmanager
def own_folder() -> Iterator[Path]:
    """A folder that another user may own: pytest's own are closed to others."""
    name = tempfile.mkdtemp(prefix="wijkwijzer-test-")
    os.chmod(name, 0o711)
    try:
        yield Path(name)
    finally:
        shutil.rmtree(name, ignore_errors=True)


@contextlib.contextmanager
def running(kind: Callable[[Any, Path], Server], program: Any) -> Iterator[Server]:
    """A PostgreSQL or Redis of this program (of PostgreSQL the folder of programs) in a folder of its own, stopped at the end."""
    with own_folder() as folder:
        server = kind(program, folder)
        try:
            yield server
        finally:
            server.stop()


def postgresql_programs() -> Optional[Path]:
    """The folder of the newest PostgreSQL on this machine."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    found += [path for path in [shutil.which("initdb")] if path]
    return Path(os.path.realpath(found[-1])).parent if found else None
