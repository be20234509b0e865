"""What Linux knows of processes: processor seconds, memory, cores. Read from /proc."""

import os
from pathlib import Path
from typing import Iterable

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def cores() -> tuple[set[int], set[int]]:
    """(cores of the servers, cores of the load generator): one each when there are two, else the same one."""
    free = sorted(os.sched_getaffinity(0))
    return {free[0]}, {free[-1]}


def family(roots: Iterable[int]) -> set[int]:
    """These processes and all their descendants that run now."""
    parents = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields:
                parents[int(entry.name)] = int(fields[1])
    found = {pid for pid in roots if pid in parents}
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        grown = bool(more)
        found |= more
    return found


def _stat(pid: int) -> list[str]:
    """Fields of /proc/<pid>/stat from the state on; none when the process is gone."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def processor_seconds(pids: Iterable[int]) -> float:
    """User and system time of processes and of their children that ended, in seconds."""
    return sum(sum(map(int, fields[11:15])) for fields in map(_stat, pids) if fields) / TICKS


def proportional_megabytes(pids: Iterable[int]) -> float:
    """PSS of processes in MB (2^20): pages that several share count for each by its part."""
    total = 0
    for pid in pids:
        try:
            text = (PROC / str(pid) / "smaps_rollup").read_text()
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


def busy_seconds(core: int) -> float:
    """Seconds that a core was not idle since the machine started, whoever used it."""
    for line in (PROC / "stat").read_text().splitlines():
        name, *figures = line.split()
        if name == f"cpu{core}":
            user, nice, system, _, _, irq, soft, steal = map(int, figures[:8])
            return (user + nice + system + irq + soft + steal) / TICKS
    return float("nan")
