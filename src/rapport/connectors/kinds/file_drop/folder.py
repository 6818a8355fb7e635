"""A folder that files are dropped into: each key once, never half a file, never outside of the folder.

A file is written under ``.rapport`` in the folder, then its marker, then it is renamed into the folder. A marker
whose file is still under ``.rapport`` was interrupted before the rename; one without was dropped, whatever the other
system has done with the file since.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rapport.connectors.contracts import CallOutcome, ConnectorDown, JsonDict, UnknownOutcome
from rapport.kernel.clock import now

STATE = ".rapport"
MAX_ANSWER_BYTES = 200_000
POLL_S = 0.2
SETTLED_S = 2.0
"""An answer that was written to less long ago may not be whole yet [s]."""


class DropFolder:
    """One folder and the state kept in it."""

    def __init__(self, folder: str, answers: str) -> None:
        self._folder = Path(folder)
        self._answers = Path(answers or folder)
        self._state = self._folder / STATE

    def drop(self, name: str, content: bytes, key: str) -> CallOutcome:
        """Drop a file unless this key has dropped one. Raises ConnectorDown, UnknownOutcome."""
        try:
            with self._locked():
                known = self._settled(key)
                if known is not None:
                    return known
                part, marker = self._paths(key)
                _write(part, content)
                told = {
                    "file_name": name,
                    "size": len(content),
                    "sha256": hashlib.sha256(content).hexdigest(),
                }
                _write(marker, json.dumps(told).encode())
                return self._commit(part, told)
        except OSError as problem:
            raise ConnectorDown(f"the folder cannot be written: {problem.strerror}") from problem

    def find(self, key: str) -> CallOutcome | None:
        """What became of a key; an interrupted one is dropped now. Raises ConnectorDown."""
        try:
            with self._locked():
                return self._settled(key)
        except OSError as problem:
            raise ConnectorDown(f"the folder cannot be read: {problem.strerror}") from problem

    def read_answer(self, name: str, wait_s: float = 0.0) -> bytes | None:
        """The content of an answer file; None while there is none."""
        path = self._answers / name
        deadline = time.monotonic() + wait_s
        while True:
            try:
                if path.is_symlink():
                    raise ConnectorDown("the answer is a link")
                with path.open("rb") as file:
                    return file.read(MAX_ANSWER_BYTES)
            except FileNotFoundError:
                pass
            except OSError as problem:
                raise ConnectorDown(f"the answer cannot be read: {problem.strerror}") from problem
            if time.monotonic() >= deadline:
                return None
            time.sleep(POLL_S)

    def is_settled(self, name: str) -> bool:
        """Whether an answer is there and was not written to for a moment. Raises ConnectorDown."""
        try:
            changed = (self._answers / name).lstat().st_mtime
        except FileNotFoundError:
            return False
        except OSError as problem:
            raise ConnectorDown(f"the answer cannot be read: {problem.strerror}") from problem
        return now().timestamp() - changed >= SETTLED_S

    def check(self) -> str:
        """How many files wait to be fetched. Raises ConnectorDown."""
        try:
            if not os.access(self._folder, os.W_OK | os.X_OK) or not self._answers.is_dir():
                raise ConnectorDown("the folder is not there, or may not be written")
            return f"{sum(1 for path in self._folder.iterdir() if path.is_file())} files in the folder"
        except OSError as problem:
            raise ConnectorDown(f"the folder cannot be read: {problem.strerror}") from problem

    def _settled(self, key: str) -> CallOutcome | None:
        part, marker = self._paths(key)
        if not marker.exists():
            return None
        try:
            told = json.loads(marker.read_bytes())
            name = str(told["file_name"])
        except (ValueError, KeyError, TypeError) as problem:
            raise UnknownOutcome("the marker of this key is damaged") from problem
        if part.exists():
            return self._commit(part, {**told, "file_name": name})
        return CallOutcome(ok=True, data={**told, "was_there": True})

    def _commit(self, part: Path, told: JsonDict) -> CallOutcome:
        part.rename(self._folder / told["file_name"])
        return CallOutcome(ok=True, data={**told, "was_there": False})

    def _paths(self, key: str) -> tuple[Path, Path]:
        mark = hashlib.sha256(key.encode()).hexdigest()
        return self._state / f"{mark}.part", self._state / f"{mark}.json"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._state.mkdir(mode=0o700, exist_ok=True)
        with (self._state / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def mark_of(key: str) -> str:
    """The part of a file's name that tells calls apart."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def _write(path: Path, content: bytes) -> None:
    """A whole file or none: a crash in the middle leaves the former state."""
    half = path.with_suffix(f"{path.suffix}.half")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
