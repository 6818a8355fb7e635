"""The supervisor: restarts, stops, and leaves nobody behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rapport.supervisor import check_port

SOURCE = str(Path(__file__).parents[3])
PROGRAM = """
import sys
from rapport.supervisor import ManagedProcess, run
sys.exit(run([ManagedProcess(str(n), argv, stop_s=1.0, tries=3) for n, argv in enumerate({commands!r})]))
"""


class Parent:
    """A supervisor in a process of its own."""

    def __init__(self, *commands, **env):
        program = PROGRAM.format(commands=[list(command) for command in commands])
        self.process = subprocess.Popen(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONPATH": SOURCE, **env},
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


@pytest.fixture
def start():
    parents = []

    def begin(*commands, **env):
        parents.append(Parent(*commands, **env))
        return parents[-1].process

    yield begin
    for parent in parents:
        parent.end()


def writing(folder, then="import time; time.sleep(60)"):
    """A command that notes its process id in a folder and then does something."""
    code = f"import os, pathlib, sys; pathlib.Path({str(folder)!r}, str(os.getpid())).touch(); {then}"
    return [sys.executable, "-S", "-c", code]


def started(folder, count, timeout_s=10.0):
    end = time.monotonic() + timeout_s
    while len(found := {int(path.name) for path in folder.iterdir()}) < count:
        assert time.monotonic() < end, f"{len(found)} of {count} were started"
        time.sleep(0.02)
    return found


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_dead(pids, timeout_s=5.0):
    end = time.monotonic() + timeout_s
    while alive := [pid for pid in pids if is_alive(pid)]:
        assert time.monotonic() < end, f"still alive: {alive}"
        time.sleep(0.02)


def test_whoever_dies_is_started_again_and_the_rest_stays(start, tmp_path):
    parent = start(writing(tmp_path), writing(tmp_path))
    first = started(tmp_path, 2)
    os.kill(min(first), signal.SIGKILL)
    again = started(tmp_path, 3)
    assert is_alive(max(first))
    parent.terminate()
    assert parent.wait(5) == 0
    wait_dead(again)


def test_a_child_that_will_not_stop_is_killed(start, tmp_path):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    stubborn = f"{deaf}; print('deaf', flush=True); time.sleep(60)"
    parent = start(writing(tmp_path, stubborn))
    pids = started(tmp_path, 1)
    assert parent.stdout.readline() == b"deaf\n"
    begun = time.monotonic()
    parent.send_signal(signal.SIGINT)
    assert parent.wait(20) == 0
    assert time.monotonic() - begun > 0.9
    wait_dead(pids)


def test_a_command_that_never_runs_ends_everything_with_its_code(start, tmp_path):
    parent = start(writing(tmp_path, "sys.exit(78)"), writing(tmp_path))
    _, errors = parent.communicate(timeout=20)
    assert parent.returncode == 78
    assert b"0 does not start (exit code 78); giving up" in errors
    assert b"starting it again in 1 s" in errors
    wait_dead(started(tmp_path, 4))


def test_children_do_not_outlive_a_killed_parent(start, tmp_path):
    parent = start(writing(tmp_path), writing(tmp_path))
    pids = started(tmp_path, 2)
    parent.kill()
    wait_dead(pids)


def test_a_process_without_a_supervisor_outlives_the_shell_that_started_it(tmp_path):
    code = "from rapport.supervisor import die_with_parent; die_with_parent(); import time; time.sleep(60)"
    child = writing(tmp_path, code)
    begin = f"import subprocess, time; subprocess.Popen({child!r}); time.sleep(0.5)"
    subprocess.run([sys.executable, "-c", begin], env={**os.environ, "PYTHONPATH": SOURCE}, check=True)
    (pid,) = started(tmp_path, 1)
    time.sleep(0.2)
    assert is_alive(pid)
    os.kill(pid, signal.SIGKILL)


def test_the_parent_is_small(start, tmp_path):
    parent = start(writing(tmp_path))
    started(tmp_path, 1)
    pages = int(Path(f"/proc/{parent.pid}/statm").read_text().split()[1])
    assert pages * os.sysconf("SC_PAGE_SIZE") / 2**20 < 25


def test_the_port_is_free_at_once_after_the_parent_was_killed(start, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    web = [sys.executable, "-m", "rapport.edge.tests.served_app", "granian", str(port)]
    env = {
        "DATABASE_URL": f"sqlite://{tmp_path / 'edge.sqlite3'}",
        "DATA_DIR": "/nonexistent",
        "DJANGO_SETTINGS_MODULE": "rapport.jobs.tests.settings_jobs",
    }
    for _ in range(2):
        parent = start(web, **env)
        end = time.monotonic() + 10
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert time.monotonic() < end, "the server did not start"
            time.sleep(0.03)
        parent.kill()
        parent.wait()
        time.sleep(0.05)
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_port_in_use_is_said_plainly():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SystemExit, match="Set PORT"):
        check_port("127.0.0.1", taken.getsockname()[1])
    check_port("127.0.0.1", 0)


def test_a_process_that_is_killed_again_and_again_is_started_again_every_time(start, tmp_path):
    parent = start(writing(tmp_path))
    for count in range(1, 6):  # the supervisor's patience with one that ends by itself is 3 tries
        newest = max(started(tmp_path, count), key=lambda pid: (tmp_path / str(pid)).stat().st_mtime_ns)
        os.kill(newest, signal.SIGKILL)
    started(tmp_path, 6)
    assert parent.poll() is None
