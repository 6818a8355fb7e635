"""The demonstration's steps: what runs beside them ends with them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rapport import bootstrap
from rapport.cli import demo


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Processes begun aside; each would run for a minute."""
    found: list[subprocess.Popen[bytes]] = []

    def begin(_steps: list[str]) -> subprocess.Popen[bytes]:
        found.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]))
        return found[-1]

    monkeypatch.setattr(demo, "_begin", begin)
    monkeypatch.setattr(demo, "_has_model", lambda _config: False)
    monkeypatch.setattr(bootstrap, "set_up_django", lambda: None)
    return found


def test_a_step_that_fails_leaves_no_process_running(
    begun: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_config: object) -> str:
        raise OSError("no room")

    monkeypatch.setitem(demo.STEPS, "knowledge", fail)
    with pytest.raises(OSError, match="no room"):
        demo._run_steps(["knowledge", "model"])
    assert [process.poll() is not None for process in begun] == [True]
