"""Two databases, each opened so that it cannot write: rows up to a limit, within a time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from rapport.connectors.contracts import ConnectorDown
from rapport.connectors.kinds.sql.statements import for_postgresql

if TYPE_CHECKING:
    import psycopg

TIMEOUT_S = 5.0
_PERMITTED = {
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE,
}  # fmt: skip
_STEPS = 10_000


class SqliteFile:
    """A file opened with ``mode=ro`` and ``query_only``, where an authorizer permits reading only."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def rows(self, sql: str, values: Mapping[str, Any], limit: int) -> list[dict[str, Any]]:
        """At most so many rows. Raises ConnectorDown."""
        deadline = time.monotonic() + TIMEOUT_S
        try:
            with closing(self._connect()) as connection:
                connection.set_progress_handler(lambda: int(time.monotonic() > deadline), _STEPS)
                cursor = connection.execute(sql, dict(values))
                names = [column[0] for column in cursor.description or ()]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(limit)]
        except sqlite3.Error as problem:
            raise ConnectorDown(f"the database says no: {problem}") from problem

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(self._path))}?mode=ro", uri=True, timeout=TIMEOUT_S, check_same_thread=False
        )
        connection.execute("PRAGMA query_only = ON")
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10_000_000)
        connection.set_authorizer(
            lambda code, *_: sqlite3.SQLITE_OK if code in _PERMITTED else sqlite3.SQLITE_DENY
        )
        return connection


class Postgresql:
    """A server asked in a transaction that is read-only, with a time limit of its own."""

    def __init__(self, url: str, password: str) -> None:
        self._url, self._password = url, password

    def rows(self, sql: str, values: Mapping[str, Any], limit: int) -> list[dict[str, Any]]:
        """At most so many rows. Raises ConnectorDown, also where the extra `postgres` is not installed."""
        try:
            import psycopg  # noqa: PLC0415 - an optional dependency
            from psycopg.rows import dict_row  # noqa: PLC0415
        except ImportError as problem:
            raise ConnectorDown("PostgreSQL needs the extra `postgres`, which is not installed") from problem
        try:
            with self._reading() as connection, connection.cursor(row_factory=dict_row) as cursor:
                cursor.execute(_cut(sql, limit), values)
                return cursor.fetchall()
        except psycopg.Error as problem:
            raise ConnectorDown(f"the database says no: {type(problem).__name__}") from problem

    @contextmanager
    def _reading(self) -> Iterator[psycopg.Connection[Any]]:
        import psycopg  # noqa: PLC0415 - an optional dependency

        options = f"-c default_transaction_read_only=on -c statement_timeout={int(TIMEOUT_S * 1000)}"
        with psycopg.connect(
            self._url, password=self._password or None, connect_timeout=3, options=options, autocommit=False
        ) as connection:
            connection.execute("SET TRANSACTION READ ONLY")
            try:
                yield connection
            finally:
                connection.rollback()


def _cut(sql: str, limit: int) -> bytes:
    """A checked statement inside of one that gives at most so many rows."""
    return for_postgresql(f"SELECT * FROM ({sql}) AS answer LIMIT {int(limit)}").encode()  # noqa: S608  # an administrator's
