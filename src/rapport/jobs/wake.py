"""Hearing of other connections' commits: SQLite's data version, PostgreSQL's LISTEN."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from django.db import connection

from rapport.jobs.enqueueing import FEED_CHANNEL, JOBS_CHANNEL

if TYPE_CHECKING:
    import psycopg

logger = logging.getLogger(__name__)

POLL_ACTIVE_S = 0.010
POLL_IDLE_S = 0.025
ACTIVE_FOR_S = 60.0


class Waker(Protocol):
    """Waits for a commit of another connection."""

    def wait(self, timeout_s: float) -> bool:
        """True as soon as something was committed, False after `timeout_s`."""
        ...

    def close(self) -> None: ...


def open_waker() -> Waker:
    """The waker that suits the application's database."""
    if connection.vendor == "postgresql":
        return PostgresWaker(postgres_parameters())
    return SqliteWaker(str(connection.settings_dict["NAME"]))


def postgres_parameters() -> dict[str, Any]:
    """Connection parameters for a connection of our own, beside Django's."""
    wanted = ("dbname", "host", "port", "user", "password", "options")
    return {name: value for name, value in connection.get_connection_params().items() if name in wanted}


class DataVersion:
    """SQLite's counter of other connections' commits.

    Reading it takes file locks, some 0.1 ms on a sleepy machine, so the time stamp of the write-ahead log is
    looked at first. That stamp moves in steps of a few milliseconds: after a change the counter itself is
    read for a while, and once a second in any case.
    """

    SURE_FOR_S = 0.05
    AT_LEAST_EVERY_S = 1.0

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._read = self.connection.cursor().execute
        self._log_path = f"{path}-wal"
        self._log = self._log_state()
        self._sure_until = self._read_by = 0.0
        self._version = self._now()

    def has_changed(self) -> bool:
        now, log = time.monotonic(), self._log_state()
        if log != self._log:
            self._log, self._sure_until = log, now + self.SURE_FOR_S
        elif log is not None and self._sure_until < now < self._read_by:
            return False
        self._read_by = now + self.AT_LEAST_EVERY_S
        version = self._now()
        is_new, self._version = version != self._version, version
        return is_new

    def _log_state(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._log_path)  # noqa: PTH116 - called a hundred times a second
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size

    def _now(self) -> int:
        version: int = self._read("PRAGMA data_version").fetchone()[0]
        return version


class SqliteWaker:
    """Polls the data version, more slowly after a minute without news."""

    def __init__(self, path: str) -> None:
        self._version = DataVersion(path)
        self._active_until = time.monotonic() + ACTIVE_FOR_S

    def wait(self, timeout_s: float) -> bool:
        end = time.monotonic() + timeout_s
        has_changed = self._version.has_changed
        while True:
            if has_changed():
                self._active_until = time.monotonic() + ACTIVE_FOR_S
                return True
            now = time.monotonic()
            if now >= end:
                return False
            time.sleep(min(POLL_ACTIVE_S if now < self._active_until else POLL_IDLE_S, end - now))

    def close(self) -> None:
        self._version.connection.close()


class PostgresWaker:
    """Listens on a connection of its own and reconnects when it is lost."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self._parameters = parameters
        self._connection: psycopg.Connection | None = None

    def wait(self, timeout_s: float) -> bool:
        return self._guarded(lambda c: bool(list(c.notifies(timeout=timeout_s, stop_after=1))), timeout_s)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _guarded(self, wait: Callable[[psycopg.Connection], bool], timeout_s: float) -> bool:
        import psycopg  # noqa: PLC0415 - an optional dependency

        try:
            if self._connection is None:
                self._connection = psycopg.connect(**self._parameters, autocommit=True)
                self._connection.execute(f"LISTEN {JOBS_CHANNEL}")
                self._connection.execute(f"LISTEN {FEED_CHANNEL}")
                return True  # something may have been committed while we were deaf
            return wait(self._connection)
        except psycopg.OperationalError:
            logger.warning("lost the connection that listens for jobs; reconnecting", exc_info=True)
            self.close()
            time.sleep(min(timeout_s, 0.5))
            return False
