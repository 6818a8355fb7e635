"""The conversation list: what a page costs with a thousand and with a hundred thousand conversations."""

from __future__ import annotations

import sqlite3
import uuid
from typing import Any

from bench import machine
from bench.clients import Connection
from bench.figures import Figure
from bench.system import System

FEW, MANY = 1_000, 100_000
STATUSES = ("open", "pending") + 3 * ("resolved",)
"""A fifth is open: the list an agent works from."""
PAGES = 4
"""Every look reads this many pages, each with the cursor of the one before."""


def measure(system: System, *, rounds: int) -> tuple[list[Figure], dict[str, Any]]:
    """CPU of the server for one page of 25, through HTTP, at both sizes."""
    staff = Connection(system.port, {"api_access_token": system.facts["api_access_token"]})
    fill(system, FEW)
    few = _page_ms(system, staff, rounds)
    fill(system, MANY)
    many = _page_ms(system, staff, rounds)
    figures = [
        Figure("conversation list at 100,000: server CPU a page", many, "ms", at_most=2.0),
        Figure("conversation list: cost at 100,000 to 1,000", many / few, "×", at_most=1.3),
    ]
    raw = {
        "ms_at_1000": round(few, 3),
        "ms_at_100000": round(many, 3),
        "pages_read": rounds * PAGES,
        "load": machine.load(),
    }
    return figures, raw


def _page_ms(system: System, staff: Connection, rounds: int) -> float:
    _look(staff)
    before = system.cpu_s()["web"]
    pages = sum(_look(staff) for _ in range(rounds))
    return 1000 * (system.cpu_s()["web"] - before) / pages


def _look(staff: Connection) -> int:
    """Read the first pages of the open conversations; returns how many."""
    cursor = ""
    for number in range(1, PAGES + 1):
        path = f"/api/v1/accounts/1/conversations?status=open&cursor={cursor}"
        answer = staff.call("GET", path)["data"]
        assert len(answer["payload"]) == 25, "a full page"
        cursor = answer["meta"]["next_cursor"]
        if not cursor:
            return number
    return PAGES


def fill(system: System, total: int) -> None:
    """Copies of one conversation until there are `total`, spread over time and status."""
    connection = sqlite3.connect(system.data / "rapport.sqlite3", timeout=60)
    try:
        table = "conversations_conversation"
        cursor = connection.execute(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1")
        names = [column[0] for column in cursor.description]
        template = dict(zip(names, cursor.fetchone(), strict=True))
        counted = connection.execute(f"SELECT count(*), max(id), max(display_id) FROM {table}").fetchone()
        present, last_id, last_number = counted
        rows = []
        for n in range(1, total - present + 1):
            at = f"2026-{1 + n % 9:02}-{1 + n % 28:02} {n % 24:02}:{n % 60:02}:{n // 60 % 60:02}.{n:06}"
            status = STATUSES[n % len(STATUSES)]
            rows.append(
                {
                    **template,
                    "id": last_id + n,
                    "display_id": last_number + n,
                    "uuid": str(uuid.UUID(int=last_id + n)),
                    "status": status,
                    "owner": "agent" if status == "open" else "assistant",
                    "last_activity_at": at,
                    "queued_at": None,
                }
            )
        places = ", ".join(f":{name}" for name in names)
        connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", rows)
        connection.commit()
    finally:
        connection.close()
