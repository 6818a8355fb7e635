"""Cold start on a prepared data directory, and the memory of everything at rest with the encoder loaded."""

from __future__ import annotations

import sqlite3
import time
import uuid
from pathlib import Path
from statistics import median
from typing import Any

from bench import machine
from bench.figures import Figure
from bench.system import System

FIRST_JOB_TIMEOUT_S = 60.0


def measure(data: Path, *, starts: int) -> tuple[list[Figure], dict[str, Any]]:
    """Start and stop a few times."""
    seconds, healthy, cpu, memory = [], [], [], {}
    for _ in range(starts):
        system = System(data)
        key = f"bench:{uuid.uuid4()}"
        _enqueue(data, key)
        with system:
            healthy.append(time.perf_counter() - system.begun)
            seconds.append(_first_job(system, key) - system.begun)
            cpu.append(sum(system.cpu_s().values()))
            time.sleep(2.0)
            memory = system.memory_mb()
    pss = sum(one["pss"] for one in memory.values())
    note = f"{min(seconds):.1f} to {max(seconds):.1f} s in {starts} starts, {median(cpu):.1f} s of CPU"
    figures = [
        Figure("cold start until the first job is done", median(seconds), "s", at_most=6, note=note),
        Figure("idle memory of all processes (PSS)", pss, "MB", at_most=500),
    ]
    raw = {
        "healthy_s": [round(s, 2) for s in healthy],
        "first_job_s": [round(s, 2) for s in seconds],
        "cpu_s": [round(s, 2) for s in cpu],
        "memory_mb": {name: {k: round(v, 1) for k, v in m.items()} for name, m in memory.items()},
        "load": machine.load(),
    }
    return figures, raw


def _enqueue(data: Path, key: str) -> None:
    """A job that waits for the worker: a greeting for nobody."""
    connection = sqlite3.connect(data / "rapport.sqlite3", timeout=30)
    connection.execute(
        "INSERT INTO jobs_job (kind, payload, key, priority, run_at, token, attempts, state, error, created_at)"
        " VALUES ('assistant.greet', '{\"conversation_id\": -1}', ?, 0, datetime('now', '-1 minute'), '', 0,"
        " 'ready', '', datetime('now', '-1 minute'))",
        (key,),
    )
    connection.commit()
    connection.close()


def _first_job(system: System, key: str) -> float:
    until = time.monotonic() + FIRST_JOB_TIMEOUT_S
    while time.monotonic() < until:
        if system.rows("SELECT 1 FROM jobs_job WHERE key = ? AND state = 'done'", key):
            return time.perf_counter()
        time.sleep(0.02)
    raise SystemExit("the worker took no job")
