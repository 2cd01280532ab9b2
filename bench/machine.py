"""What the machine is and what its processes use: CPU and memory by /proc, for Linux."""

from __future__ import annotations

import os
import platform
from collections import defaultdict
from pathlib import Path

TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def describe_machine() -> str:
    """Cores, processor, memory, system, Python, and the load at this moment; nothing that names the machine."""
    model = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if "model name" in line), "")
    memory = next((int(line.split()[1]) / 2**20 for line in _lines("/proc/meminfo") if "MemTotal" in line), 0.0)
    return (
        f"{os.cpu_count()} cores ({model or platform.machine()}), {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, load at the start {os.getloadavg()[0]:.1f}"
    )


def cpu_of_children() -> dict[int, float]:
    """CPU seconds so far of each child of this process, by process id, with all that it started itself.

    Of ended processes those count that were waited for.
    """
    parents, used = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        fields = _stat(folder)
        if fields:
            parents[int(folder.name)] = int(fields[1])
            used[int(folder.name)] = sum(map(int, fields[11:15])) * TICK_S
    totals: dict[int, float] = defaultdict(float)
    me = os.getpid()
    for pid, seconds in used.items():
        child = pid
        while child in parents and parents[child] != me:
            child = parents[child]
        if child in parents:
            totals[child] += seconds
    return dict(totals)


def command_of(pid: int) -> str:
    """The words with which a process was started; "" where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def tree_of(pid: int) -> list[int]:
    """The process and all below it that live now."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        fields = _stat(folder)
        if fields:
            children[int(fields[1])].append(int(folder.name))
    found = [pid]
    for one in found:
        found += children[one]
    return found


def peak_mb(pid: int) -> float:
    """The largest resident size that the process ever had, in MB (2**20 bytes); 0 where it has ended."""
    return _status_mb(pid, "VmHWM:")


def resident_mb(pid: int) -> float:
    """The resident size of the process now, in MB (2**20 bytes); 0 where it has ended."""
    return _status_mb(pid, "VmRSS:")


def _status_mb(pid: int, field: str) -> float:
    return next((int(line.split()[1]) / 1024 for line in _lines(f"/proc/{pid}/status") if line.startswith(field)), 0.0)


def _stat(folder: Path) -> list[str]:
    """The fields of /proc/PID/stat from the state on; [] where the process has just ended."""
    try:
        return (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
