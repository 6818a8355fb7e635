"""The system under test: prepared as `rapport demo` prepares it, started as `rapport up` starts it, stopped again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from bench.processes import children_of, cpu_s, memory_mb

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 30.0


@contextmanager
def prepared_data(given: Path | None) -> Iterator[Path]:
    """A data directory of our own: a copy of a prepared one, or a fresh demonstration without history."""
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        data = Path(folder) / "data"
        if given is not None:
            copy_data(given, data)
        else:
            prepare(data, free_port())
        yield data


def copy_data(source: Path, target: Path) -> None:
    """Copy a data directory; its databases through SQLite, so that a running server does no harm."""
    target.mkdir(parents=True)
    for path in source.iterdir():
        if path.suffix == ".sqlite3":
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as old:
                new = sqlite3.connect(target / path.name)
                old.backup(new)
                new.close()
        elif path.is_dir():
            shutil.copytree(path, target / path.name)
        elif not path.name.endswith(("-wal", "-shm")):
            shutil.copy2(path, target / path.name)


def prepare(data: Path, port: int) -> float:
    """`rapport demo --prepare-only --without-history`; returns how long it took [seconds]."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "rapport", "demo", "--prepare-only", "--without-history"]
    done = subprocess.run(command, env=environment(data, port), cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(f"the demonstration could not be prepared:\n{done.stderr.decode()[-2000:]}")
    return time.perf_counter() - begun


def environment(data: Path, port: int) -> dict[str, str]:
    """Of every process of the system under test."""
    dropped = {"DATABASE_URL", "BASE_URL", "ALLOWED_HOSTS", "PYTHONDONTWRITEBYTECODE"}
    kept = {k: v for k, v in os.environ.items() if k not in dropped}
    return {**kept, "DATA_DIR": str(data), "PORT": str(port), "RATE_LIMITS": "0", "DEMO": "1"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class System:
    """`rapport up` on a prepared data directory; leaves nothing running."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.facts: dict[str, str] = json.loads((data / "demo.json").read_text())
        self._log = (data / "bench.log").open("ab")

    def __enter__(self) -> Self:
        prepare(self.data, self.port)  # the shop's address holds the port
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rapport", "up"],
            env=environment(self.data, self.port),
            cwd=ROOT,
            stdout=self._log,
            stderr=self._log,
        )
        try:
            self.wait_until_healthy()
            self.children = {name: pid for pid, name in children_of(self.process.pid).items()}
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()

    def wait_until_healthy(self) -> None:
        until = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.02)
        raise SystemExit(f"the system did not start; see {self.data / 'bench.log'}")

    def cpu_s(self) -> dict[str, float]:
        """CPU time so far, by process [seconds]."""
        return {name: cpu_s(pid) for name, pid in self.children.items()}

    def memory_mb(self) -> dict[str, dict[str, float]]:
        """Memory by process [MB]."""
        pids = {"parent": self.process.pid, **self.children}
        return {name: memory_mb(pid) for name, pid in pids.items()}

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read from the system's database, beside it."""
        return self._query(self.data / "rapport.sqlite3", statement, values)

    def shop_rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read from the shop's database."""
        return self._query(self.data / "shop.sqlite3", statement, values)

    @staticmethod
    def _query(path: Path, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            return connection.execute(statement, values).fetchall()
        finally:
            connection.close()
