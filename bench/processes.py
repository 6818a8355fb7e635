"""What the kernel says of processes: CPU time, memory, children. Linux only."""

from __future__ import annotations

import os
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """User and system time of a process, its threads included [seconds]."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def memory_mb(pid: int) -> dict[str, float]:
    """Resident and proportional memory [MB]: shared pages are divided among their users in ``pss``."""
    found = dict.fromkeys(("rss", "pss"), 0.0)
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name.lower() in found:
            found[name.lower()] = int(rest.split()[0]) / 1024
    return found


def children_of(pid: int) -> dict[int, str]:
    """Direct children: pid → the last word of the command (``web``, ``worker``)."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child): _name(int(child)) for child in listed}


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    return words[-1].decode("utf-8", "replace")
