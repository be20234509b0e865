"""Counts in a folder in memory: several processes, no room, damage, and folders that are refused."""

import contextlib
import errno
import fcntl
import json
import logging
import multiprocessing
import os
import shutil
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from bot.errors import LimitError, SettingsError
from bot.settings import ROOT
from bot.statistics import counts as counts_module
from bot.statistics.counts import FILE, FOLDER, LOCK, NEW, FileCounts, in_memory
from tests.statistics.tools import changes

WEEK, BEFORE = "2026-W48", "2026-W47"
ROUNDS, PROCESSES = 150, 4


@pytest.fixture
def counts(memory, monkeypatch):
    """A counter that has counted two contacts, and tries again without waiting."""
    monkeypatch.setattr(counts_module, "AGAIN_SECONDS", 0.0)
    counts = FileCounts(memory)
    counts.open(BEFORE, True)
    counts.add(changes(WEEK, "a", "x", 2))
    return counts


@contextlib.contextmanager
def mounted(folder: Path, options: str):
    """A small tmpfs on a folder; skips where that is not allowed."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"mode=700,{options}", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def add_many(folder):
    counts = FileCounts(folder)
    for _ in range(ROUNDS):
        counts.add(changes(WEEK, "a", "x") + changes(WEEK, "b", "y"))
    while True:
        with contextlib.suppress(OSError):
            counts.flush()
            break


def test_several_processes_adding_at_once_lose_nothing(memory):
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=add_many, args=[memory]) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    counts = FileCounts(memory)
    assert counts.exact(WEEK, "a") == {"x": ROUNDS * PROCESSES} and counts.exact(WEEK, "b") == {"y": ROUNDS * PROCESSES}


def test_a_second_process_goes_on_where_the_first_stopped(counts, memory):
    other = FileCounts(memory)
    other.add(changes(WEEK, "a", "x"))
    counts.add(changes(WEEK, "a", "x"))
    assert other.exact(WEEK, "a") == counts.exact(WEEK, "a") == {"x": 4}
    assert other.opened() == {BEFORE: True, WEEK: True}


def test_only_this_user_can_look_inside(counts, memory):
    assert stat.S_IMODE(memory.stat().st_mode) == stat.S_IMODE((memory / FOLDER).stat().st_mode) == 0o700
    assert stat.S_IMODE((memory / FOLDER / FILE).stat().st_mode) == 0o600
    assert {path.name for path in (memory / FOLDER).iterdir()} == {FILE, LOCK}


def check_nothing_is_lost(counts, memory, caplog):
    """What was added meanwhile was kept, is not yet written, and no line was logged."""
    assert counts.exact(WEEK, "a") == FileCounts(memory).exact(WEEK, "a") == {"x": 2}
    assert {path.name for path in (memory / FOLDER).iterdir()} <= {FILE, LOCK}
    assert not caplog.records


@pytest.mark.parametrize(("where", "number"), [("json.dump", errno.ENOSPC), ("os.replace", errno.ENOSPC),
                                               ("os.open", errno.EROFS), ("os.open", errno.EACCES), ("os.open", errno.EMFILE)])
def test_what_cannot_be_written_is_kept_and_written_later(counts, memory, monkeypatch, caplog, where, number):
    def fail(*_, **__):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as broken:
        broken.setattr(f"bot.statistics.counts.{where}", fail)
        for _ in range(3):
            counts.add(changes(WEEK, "a", "x"))
        with pytest.raises(OSError):
            counts.draw(WEEK, "a", lambda exact: {"x": 0})
        check_nothing_is_lost(counts, memory, caplog)
    counts.add(changes(WEEK, "b", "y"))
    assert FileCounts(memory).exact(WEEK, "a") == {"x": 5}


def test_a_full_tmpfs_loses_nothing(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(counts_module, "AGAIN_SECONDS", 0.0)
    with mounted(tmp_path / "small", "size=32k") as small:
        counts = FileCounts(small)
        counts.add(changes(WEEK, "a", "x", 2))
        filler = small / "filler"
        with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        for _ in range(3):
            counts.add(changes(WEEK, "a", "x"))
        with pytest.raises(OSError):
            counts.flush()
        check_nothing_is_lost(counts, small, caplog)
        filler.unlink()
        counts.add([])
        assert FileCounts(small).exact(WEEK, "a") == {"x": 5}


def test_a_folder_that_became_read_only_loses_nothing(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(counts_module, "AGAIN_SECONDS", 0.0)
    with mounted(tmp_path / "small", "size=1m") as small:
        counts = FileCounts(small)
        counts.add(changes(WEEK, "a", "x", 2))
        subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
        counts.add(changes(WEEK, "a", "x"))
        with pytest.raises(OSError):
            counts.flush()
        assert not caplog.records
        subprocess.run(["mount", "-o", "remount,rw", str(small)], check=True)
        counts.flush()
        assert FileCounts(small).exact(WEEK, "a") == {"x": 3}


def test_a_process_that_stopped_with_the_lock_delays_nobody_and_loses_nothing(counts, memory):
    with open(memory / FOLDER / LOCK, "a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        start = time.monotonic()
        counts.add(changes(WEEK, "a", "x"))
        assert time.monotonic() - start < 2
        with pytest.raises(OSError):
            counts.opened()
    counts.flush()
    assert counts.exact(WEEK, "a") == {"x": 3}


DAMAGE = {
    "empty": lambda text: b"", "cut off": lambda text: text[:len(text) // 2], "one byte short": lambda text: text[:-1],
    "not text": lambda text: b"\xff\xfe\x00" + text, "another kind": lambda text: b"[]", "nothing": lambda text: b"null",
    "parts missing": lambda text: b'{"opened": {}}', "a period of nobody": lambda text: text.replace(b"2026-W48", b"2026-W99"),
    "half a contact": lambda text: text.replace(b'"x": 2', b'"x": 2.5'),
    "no number": lambda text: text.replace(b'"x": 2', b'"x": "2"'),
    "too deep": lambda text: text.replace(b'"x": 2', b'"x": {"y": 2}'), "zeros": lambda text: bytes(len(text)),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("fresh", [True, False], ids=["after a restart", "while it runs"])
def test_damage_costs_completeness_and_no_turn(counts, memory, caplog, damage, fresh):
    file = memory / FOLDER / FILE
    file.write_bytes(DAMAGE[damage](file.read_bytes()))
    if fresh:
        counts = FileCounts(memory)
    counts.add(changes(WEEK, "a", "kanarie"))
    assert counts.exact(WEEK, "a") == ({} if fresh else {"x": 2}) | {"kanarie": 1}
    assert set(counts.opened().values()) == {False}
    assert not caplog.records  # told by the next tick, not by a contact
    counts.alive(1000, silence=900)
    counts.alive(1060, silence=900)
    assert [(record.levelno, record.exc_info) for record in caplog.records] == [(logging.ERROR, None)]
    assert "kanarie" not in caplog.text and str(memory) not in caplog.text
    assert FileCounts(memory).exact(WEEK, "a") == counts.exact(WEEK, "a")


@pytest.mark.parametrize("gone", ["folder", "inner", "file"])
def test_a_folder_that_was_cleaned_away_is_made_again(counts, memory, caplog, gone):
    path = {"folder": memory, "inner": memory / FOLDER, "file": memory / FOLDER / FILE}[gone]
    path.unlink() if path.is_file() else shutil.rmtree(path)
    counts.add(changes(WEEK, "a", "x"))
    assert FileCounts(memory).exact(WEEK, "a") == {"x": 3}
    assert counts.opened() == {BEFORE: False, WEEK: False}
    counts.alive(1000, silence=900)
    assert len(caplog.records) == 1


def test_what_a_crash_left_half_written_is_replaced(counts, memory):
    (memory / FOLDER / NEW).write_text('{"counts": {"2026-W40": {"a": {"x": 5411')
    counts.add(changes(WEEK, "a", "x"))
    assert {path.name for path in (memory / FOLDER).iterdir()} == {FILE, LOCK}
    assert "5411" not in (memory / FOLDER / FILE).read_text()


def test_settled_counts_are_nowhere_in_the_folder(counts, memory):
    counts.add(changes(WEEK, "a", "kanarie", 5411))
    counts.draw(WEEK, "a", lambda exact: {"x": 1})
    assert not any(b"5411" in path.read_bytes() for path in memory.rglob("*") if path.is_file())
    counts.settle(WEEK)
    assert WEEK not in json.dumps([path.read_text() for path in memory.rglob("*") if path.is_file()])


def a_disk() -> Path:
    """A folder that is not in memory."""
    return next((place for place in (ROOT, Path("/var/tmp")) if not in_memory(place)), None) or pytest.skip("no disk here")


def test_a_folder_on_a_disk_is_refused():
    place = a_disk() / "running-counts"
    try:
        with pytest.raises(LimitError, match="STATISTICS_STATE_DIR.*not in memory"):
            FileCounts(place)
        assert list(place.iterdir()) == []
    finally:
        shutil.rmtree(place, ignore_errors=True)


def test_a_link_is_refused(memory):
    (memory / "real").mkdir(mode=0o700)
    (memory / "link").symlink_to(memory / "real")
    with pytest.raises(LimitError, match="STATISTICS_STATE_DIR"):
        FileCounts(memory / "link")


@pytest.mark.parametrize("mode", [0o701, 0o710, 0o707, 0o770, 0o755, 0o777])
def test_a_folder_that_is_open_to_others_is_refused(memory, mode):
    memory.chmod(mode)
    with pytest.raises(LimitError, match="open to others"):
        FileCounts(memory)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_refused(memory):
    os.chown(memory, 65534, 65534)
    with pytest.raises(LimitError, match="belongs to somebody else"):
        FileCounts(memory)


def test_a_folder_that_cannot_be_made_is_a_wrong_setting(memory):
    (memory / "file").write_text("")
    with pytest.raises(SettingsError, match="STATISTICS_STATE_DIR"):
        FileCounts(memory / "file" / "folder")


def test_what_is_in_memory_is_told_from_the_file_system_itself(memory, monkeypatch):
    assert in_memory(memory) and not in_memory(a_disk()) and not in_memory(memory / "nowhere")
    monkeypatch.setattr(Path, "read_text", lambda *_: (_ for _ in ()).throw(FileNotFoundError()))
    assert not in_memory(memory)


def test_a_disk_that_hides_behind_a_name_with_a_space_is_found_out(memory):
    place, empty = memory / "my disk", tempfile.mkdtemp(dir="/var/tmp")  # an empty folder: it is mounted where tests clean up
    place.mkdir()
    try:
        if in_memory(Path(empty)) or subprocess.run(["mount", "--bind", empty, str(place)], capture_output=True).returncode:
            pytest.skip("there is no disk, or mounting is not allowed here")
        try:
            assert not in_memory(place)
        finally:
            subprocess.run(["umount", "--lazy", str(place)], check=True)
    finally:
        os.rmdir(empty)
