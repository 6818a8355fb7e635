"""A CSV file that rows are appended to: one writer at a time, each row whole and on disk, each key once."""

from __future__ import annotations

import csv
import fcntl
import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rapport.connectors.contracts import CallOutcome, ConnectorDown, UnknownOutcome

LOCK_WAIT_S = 5.0
MAX_FILE_BYTES = 50_000_000


class CsvFile:
    """One file of a configured folder."""

    def __init__(self, folder: str, name: str, columns: tuple[str, ...], key_column: str) -> None:
        self._folder, self._name = Path(folder), name
        self._columns, self._key_column = columns, key_column

    def append(self, cells: list[str], key: str) -> CallOutcome:
        """Append a row unless one with this key is there. Raises ConnectorDown, UnknownOutcome."""
        row = [*cells, key]
        with self._locked() as fd:
            content = self._content(fd)
            refusal = self._wrong_header(content)
            if refusal is not None:
                return refusal
            number = self._line_of(content, key)
            if number:
                return CallOutcome(ok=True, data={"row": number, "was_there": True})
            text = "" if content else _line([*self._columns, self._key_column])
            if content and not content.endswith("\n"):
                text = "\r\n"
            number = len(_rows(content + text)) + 1
            self._write(fd, (text + _line(row)).encode())
        return CallOutcome(ok=True, data={"row": number, "was_there": False})

    def find(self, key: str) -> CallOutcome | None:
        """The row with a key; None when there is none. Raises ConnectorDown."""
        with self._locked() as fd:
            number = self._line_of(self._content(fd), key)
        return CallOutcome(ok=True, data={"row": number, "was_there": True}) if number else None

    def check(self) -> str:
        """How many rows there are. Raises ConnectorDown."""
        with self._locked() as fd:
            content = self._content(fd)
            if self._wrong_header(content) is not None:
                raise ConnectorDown("the file's first line holds other columns")
        return f"{max(len(_rows(content)) - 1, 0)} rows"

    @contextmanager
    def _locked(self) -> Iterator[int]:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            fd = os.open(self._folder / self._name, flags, 0o640)
        except OSError as problem:
            raise ConnectorDown(f"the file cannot be opened: {problem.strerror}") from problem
        try:
            deadline = time.monotonic() + LOCK_WAIT_S
            while not _try_lock(fd):
                if time.monotonic() > deadline:
                    raise ConnectorDown("another program holds the file")
                time.sleep(0.02)
            yield fd
        finally:
            os.close(fd)

    def _content(self, fd: int) -> str:
        if os.fstat(fd).st_size > MAX_FILE_BYTES:
            raise ConnectorDown("the file is too large; begin a new one")
        try:
            with os.fdopen(os.dup(fd), "rb") as reader:
                reader.seek(0)
                return reader.read().decode("utf-8-sig")
        except (OSError, UnicodeError) as problem:
            raise ConnectorDown("the file cannot be read as UTF-8") from problem

    def _wrong_header(self, content: str) -> CallOutcome | None:
        expected = [*self._columns, self._key_column]
        rows = _rows(content)
        if not rows or rows[0] == expected:
            return None
        return CallOutcome(ok=False, code="wrong_columns", message=f"expected: {', '.join(expected)}")

    def _line_of(self, content: str, key: str) -> int:
        place = len(self._columns)
        found = (
            n for n, row in enumerate(_rows(content), 1) if n > 1 and len(row) > place and row[place] == key
        )
        return next(found, 0)

    def _write(self, fd: int, data: bytes) -> None:
        """All of it or nothing: a row cut short is taken back."""
        size = os.fstat(fd).st_size
        try:
            is_whole = os.write(fd, data) == len(data)
            os.fsync(fd)
        except OSError:
            is_whole = False
        if is_whole:
            return
        try:
            os.ftruncate(fd, size)
        except OSError as problem:
            raise UnknownOutcome("the row may be there in part") from problem
        raise ConnectorDown("the row could not be written")


def _try_lock(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _rows(content: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content, newline="")))


def _line(cells: list[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(cells)
    return out.getvalue()
