"""Each write happens once: its answer is stored with its key, in the transaction of the write."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from demo_shop.database import Database
from demo_shop.refusals import Refusal
from demo_shop.writes import Write


@dataclass(frozen=True, slots=True)
class Call:
    """A write as it came in."""

    method: str
    path: str
    body: bytes
    key: str | None
    at: str

    @property
    def body_hash(self) -> str:
        """Fingerprint of what is asked: method, address and body."""
        return hashlib.sha256(b"\n".join((self.method.encode(), self.path.encode(), self.body))).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON text; ``replayed`` when it was stored by an earlier call with the same key."""

    status_code: int
    text: str
    replayed: bool = False


def run_once(database: Database, call: Call, do: Callable[[Write], BaseModel], success: int) -> Answer:
    """Run a write, or give the stored answer of the call that already ran under this key.

    A refusal is an answer too: what the write had done is undone, and the refusal is stored.
    """
    with database.writing() as connection:
        stored = _find_stored(connection, call)
        if stored is not None:
            return stored
        connection.execute("SAVEPOINT attempt")
        try:
            answer = Answer(success, do(Write(connection, call.at)).model_dump_json())
        except Refusal as refusal:
            connection.execute("ROLLBACK TO attempt")
            answer = Answer(refusal.status_code, json.dumps(refusal.body()))
        connection.execute("RELEASE attempt")
        if call.key is not None:
            connection.execute(
                "INSERT INTO operation VALUES (?, ?, ?, ?, ?, ?, ?)",
                (call.key, call.method, call.path, call.body_hash, answer.status_code, answer.text, call.at),
            )
        return answer


def _find_stored(connection: sqlite3.Connection, call: Call) -> Answer | None:
    if call.key is None:
        return None
    row = connection.execute("SELECT * FROM operation WHERE idempotency_key = ?", (call.key,)).fetchone()
    if row is None:
        return None
    if row["body_hash"] != call.body_hash:
        refusal = Refusal("idempotency_key_reused")
        return Answer(refusal.status_code, json.dumps(refusal.body()))
    return Answer(row["status_code"], row["response"], replayed=True)


class Operation(BaseModel):
    """What became of a write; ``succeeded`` is false when the shop refused it and changed nothing."""

    idempotency_key: str
    method: str
    path: str
    status_code: int
    succeeded: bool
    response: dict[str, Any]
    at: str


def find_operation(connection: sqlite3.Connection, key: str) -> Operation:
    """Find a write by its key, or refuse with ``operation_not_found``: it did not happen."""
    row = connection.execute("SELECT * FROM operation WHERE idempotency_key = ?", (key,)).fetchone()
    if row is None:
        raise Refusal("operation_not_found")
    return Operation(
        idempotency_key=key,
        method=row["method"],
        path=row["path"],
        status_code=row["status_code"],
        succeeded=row["status_code"] < 300,
        response=json.loads(row["response"]),
        at=row["at"],
    )
