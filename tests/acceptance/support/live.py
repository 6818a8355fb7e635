"""A real system in processes of its own: parent, web and workers over one data directory, to be killed at will.

Its shop runs in the test's process: a shop that is down makes the assistant hand over, which is right, and not
what these tests are about.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from tests.acceptance.support.shop import SECRET, RunningShop, make_shop, run_shop

ROOT = Path(__file__).resolve().parents[3]
PLAIN = Path(__file__).parent / "plain"
START_TIMEOUT_S = 60.0


def free_port() -> int:
    """A port nobody listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class LiveSystem:
    """One installation and its running processes."""

    data_dir: Path
    port: int
    shop: RunningShop
    database_url: str = ""
    workers: int = 2
    parent: subprocess.Popen[bytes] | None = None
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.data_dir / "processes.log"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def facts(self) -> dict[str, str]:
        """Tokens of the demonstration."""
        found: dict[str, str] = json.loads((self.data_dir / "demo.json").read_text(encoding="utf-8"))
        return found

    def environment(self) -> dict[str, str]:
        """Of every process of this system."""
        inherited = {k: v for k, v in os.environ.items() if k not in {"DJANGO_SETTINGS_MODULE", "SECRET_KEY"}}
        found = {
            **inherited,
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "DEMO": "1",
            "RATE_LIMITS": "0",
            "PYTHONPATH": os.pathsep.join([str(PLAIN), str(ROOT / "src"), str(ROOT)]),
        }
        found.pop("DATABASE_URL", None)
        return found | ({"DATABASE_URL": self.database_url} if self.database_url else {})

    def prepare(self) -> None:
        """Make the data directory's contents."""
        command = [sys.executable, "-m", "tests.acceptance.support.prepare", self.shop.url, SECRET]
        subprocess.run(command, env=self.environment(), cwd=ROOT, check=True, timeout=180)

    def start(self) -> None:
        """Start all processes and wait until the system answers and works."""
        command = [sys.executable, "-m", "rapport", "up", "--no-migrate", "--workers", str(self.workers)]
        with self.log.open("ab") as log:
            self.parent = subprocess.Popen(
                command, env=self.environment(), cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until the web process answers."""
        until = time.monotonic() + START_TIMEOUT_S
        address = f"{self.url}/public/api/v1/inboxes/{self.facts['api_inbox_identifier']}"
        while True:
            with contextlib.suppress(httpx2.HTTPError):
                if httpx2.get(address, timeout=2, trust_env=False).status_code == 200:
                    return
            assert time.monotonic() < until, self.log.read_text(encoding="utf-8")[-4000:]
            time.sleep(0.05)

    def children(self, name: str = "") -> list[int]:
        """Process ids of web (``web``) and workers (``worker``)."""
        assert self.parent is not None
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError, IndexError):
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                words = (entry / "cmdline").read_bytes().decode().split("\0")
                if parent == self.parent.pid and (not name or name in words):
                    found.append(int(entry.name))
        return sorted(found)

    def kill(self, name: str) -> bool:
        """``kill -9`` of one process by role; the killed parent is started again. False when there was none."""
        assert self.parent is not None
        if name == "parent":
            orphans = self.children()
            self.parent.kill()
            self.parent.wait()
            _wait_for_end(orphans)
            self.start()
            return True
        victims = self.children(name)
        if not victims:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(victims[0], signal.SIGKILL)
        return True

    def stop(self) -> None:
        """Stop in order."""
        if self.parent is None:
            return
        self.parent.terminate()
        try:
            self.parent.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.parent.kill()
            self.parent.wait()
        self.parent = None


def _wait_for_end(processes: list[int]) -> None:
    until = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in processes):
        assert time.monotonic() < until, "children outlive their killed parent"
        time.sleep(0.02)


@contextmanager
def live_system(folder: Path, *, database_url: str = "", workers: int = 2) -> Iterator[LiveSystem]:
    """A prepared and started system in a folder of its own."""
    with run_shop(make_shop(folder), folder) as shop:
        system = LiveSystem(folder, free_port(), shop, database_url, workers)
        system.prepare()
        system.start()
        try:
            yield system
        finally:
            system.stop()
    shutil.rmtree(folder, ignore_errors=True)  # kept when the test failed, to be looked into
