"""A whole system for the tests in this folder: the demonstration, started once."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.chromium import CHROMIUM

START_LIMIT_S = 1500  # the first demonstration encodes some thousand texts


@dataclass(frozen=True, slots=True)
class LiveSystem:
    """A running demonstration."""

    base_url: str


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Closed after each file: while it is open its event loop runs in this thread, and Django refuses the database."""
    from playwright import sync_api

    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def live_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSystem]:
    """The demonstration without its history, on a free port; ``RAPPORT_URL`` names one that runs already."""
    running = os.environ.get("RAPPORT_URL")
    if running:
        yield LiveSystem(running.rstrip("/"))
        return
    directory = tmp_path_factory.mktemp("demo")
    port = _free_port()
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "rapport", "demo", "--without-history"],
            env=_environment(directory, port),
            stdout=log,
            stderr=log,
        )
    base_url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(base_url, process, directory / "log")
        yield LiveSystem(base_url)
    finally:
        process.terminate()
        process.wait(30)


def _environment(directory: Path, port: int) -> dict[str, str]:
    """This process's environment without what pytest put there for its own Django."""
    kept = {
        k: v
        for k, v in os.environ.items()
        if k not in {"DJANGO_SETTINGS_MODULE", "SECRET_KEY", "DATABASE_URL"}
    }
    return {**kept, "DATA_DIR": str(directory), "PORT": str(port), "RATE_LIMITS": "0"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(base_url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    ends_at = time.monotonic() + START_LIMIT_S
    while time.monotonic() < ends_at:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{base_url}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    pytest.fail(f"the demonstration did not start:\n{log.read_text(errors='replace')[-2000:]}")
