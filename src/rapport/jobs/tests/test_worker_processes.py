"""Real workers, killed, stopped and continued: every effect happens exactly once.

Runs on SQLite; on PostgreSQL too when DATABASE_URL names one, as ``make test-services`` does. ``RAPPORT_KILLS=60`` and
``RAPPORT_KILL_JOBS=3000`` make a long run of it.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

KILLS = int(os.environ.get("RAPPORT_KILLS", "6"))
JOBS = int(os.environ.get("RAPPORT_KILL_JOBS", "300"))
POSTGRES = os.environ.get("DATABASE_URL", "") if "postgres" in os.environ.get("DATABASE_URL", "") else ""


class House:
    """A database of its own and the processes that work on it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.processes: list[subprocess.Popen[bytes]] = []
        source = str(Path(__file__).parents[3])
        self.env = {
            **os.environ,
            "DATABASE_URL": url,
            "DATA_DIR": "/nonexistent",
            "PYTHONPATH": source,
            "DJANGO_SETTINGS_MODULE": "rapport.jobs.tests.settings_jobs",
        }

    def start(self, *arguments: str, **env: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "rapport.jobs.tests.worker_process", *arguments]
        process = subprocess.Popen(command, env={**self.env, **env}, stderr=subprocess.PIPE)
        self.processes.append(process)
        return process

    def do(self, *arguments: str) -> None:
        process = self.start(*arguments)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0, errors.decode()

    def query(self, sql: str) -> list[Any]:
        if self.url.startswith("sqlite"):
            with sqlite3.connect(self.url.removeprefix("sqlite://"), timeout=20) as connection:
                rows = connection.execute(sql).fetchall()
            connection.close()
            return rows
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as other:
            return list(other.execute(sql.encode()).fetchall())

    def count(self, table: str) -> int:
        return int(self.query(f"SELECT count(*) FROM {table}")[0][0])

    def wait(self, is_so: Callable[[], bool], timeout_s: float = 20) -> None:
        end = time.monotonic() + timeout_s
        while not is_so():
            assert time.monotonic() < end, self.query("SELECT state, count(*) FROM jobs_job GROUP BY state")
            time.sleep(0.05)

    def is_finished(self) -> bool:
        return not self.query("SELECT 1 FROM jobs_job WHERE state <> 'done' AND kind <> 'jobs.prune' LIMIT 1")

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    if request.param == "postgresql":
        house = House(POSTGRES)
        _empty(POSTGRES)
    else:
        house = House(f"sqlite://{tmp_path / 'jobs.sqlite3'}")
    house.do("migrate")
    yield house
    house.close()


def _empty(url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def test_kill_nine_loses_nothing_and_doubles_nothing(house: House) -> None:
    house.do("add", "atomic,outside", str(JOBS // 2))
    workers = [house.start("work"), house.start("work")]
    for number in range(KILLS):
        before = house.count("effect")
        house.wait(lambda: house.count("effect") >= before + 5 or house.is_finished())  # noqa: B023
        workers[number % 2].kill()
        workers[number % 2] = house.start("work")
    house.wait(house.is_finished, 20 + JOBS / 10)
    assert house.query("SELECT job, count(*) FROM effect GROUP BY job HAVING count(*) <> 1") == []
    assert house.count("effect") == JOBS // 2 * 2


def test_a_worker_stopped_beyond_its_lease_commits_nothing_afterwards(house: House) -> None:
    house.do("add", "long", "1")
    sleeper = house.start("work")
    house.wait(lambda: house.count("begun") == 1)
    sleeper.send_signal(signal.SIGSTOP)
    house.start("work")
    house.wait(house.is_finished)
    sleeper.send_signal(signal.SIGCONT)
    sleeper.terminate()
    _, errors = sleeper.communicate(timeout=10)
    assert b"was taken over; rolled back" in errors
    taken_over = house.query("SELECT pid FROM effect")
    assert taken_over != [(sleeper.pid,)]
    assert len(taken_over) == 1


def test_a_long_job_keeps_its_lease_and_sigterm_waits_for_it(house: House) -> None:
    house.do("add", "long", "1")
    worker = house.start("work")
    house.wait(lambda: house.count("begun") == 1)
    house.start("work")
    worker.terminate()
    assert worker.wait(10) == 0
    assert house.query("SELECT pid FROM effect") == [(worker.pid,)]
    assert house.count("begun") == 1
    assert house.is_finished()


def test_an_interactive_job_does_not_wait_behind_bulk(house: House) -> None:
    house.do("add", "long", "8", "9")
    house.start("work")
    house.wait(lambda: house.count("begun") == 1)
    house.do("add", "atomic", "1", "0")
    done = "SELECT priority FROM jobs_job WHERE state = 'done' AND kind = 'atomic'"
    house.wait(lambda: house.query(done) == [(0,)])
    assert house.count("begun") < 8


def test_two_workers_fire_a_schedule_once_each_period(house: House) -> None:
    begun = time.monotonic()
    for _ in range(2):
        house.start("work", TICK_S="0.5")
    house.wait(lambda: house.count("effect") >= 4)
    elapsed = time.monotonic() - begun
    keys = house.query("SELECT key FROM jobs_job WHERE key LIKE 'schedule:tick:%'")
    assert len(keys) == len(set(keys)) <= elapsed / 0.5 + 1
