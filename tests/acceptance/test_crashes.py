"""``kill -9`` at any moment: no message lost, no action twice, no reply twice, and the system goes on.

``RAPPORT_KILLS=20`` makes the long version.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance.support.crowd import Crowd
from tests.acceptance.support.live import LiveSystem, live_system
from tests.acceptance.support.postgres import postgres_database, query

KILLS = int(os.environ.get("RAPPORT_KILLS", "4"))
CUSTOMERS = 4
Rows = Callable[[str], list[tuple[Any, ...]]]


def kill_while_served(system: LiveSystem, crowd: Crowd) -> None:
    """Kill one process after another, each role in turn, at random moments."""
    rng = random.Random(KILLS)
    roles = ["web", "worker", "parent", "worker", "web"]
    crowd.start()
    for n in range(KILLS):
        time.sleep(rng.uniform(0.3, 1.5))
        while not system.kill(roles[n % len(roles)]):
            time.sleep(0.1)
    time.sleep(1)
    crowd.finish()


def assert_nothing_lost_or_doubled(system: LiveSystem, crowd: Crowd, rows: Rows) -> None:
    """What must hold whatever was killed and when."""
    stored = rows("SELECT source_id, content FROM conversations_message WHERE message_type = 'incoming'")
    sent = {echo: text for customer in crowd.customers for echo, text in customer.sent.items()}
    assert Counter(source for source, _ in stored) == Counter(sent.keys())
    assert dict(stored) == sent

    sequences = rows("SELECT conversation_id, COUNT(*), MAX(sequence) FROM conversations_message GROUP BY 1")
    assert all(count == highest for _, count, highest in sequences)
    counted = dict(rows("SELECT id, message_count FROM conversations_conversation"))
    assert all(counted[conversation] == count for conversation, count, _ in sequences)

    turns = rows("SELECT id, conversation_id, generation FROM governance_decision WHERE kind = 'turn'")
    assert max(Counter((conversation, generation) for _, conversation, generation in turns).values()) == 1
    answers = rows("SELECT decision_id FROM conversations_message WHERE message_type = 'outgoing'")
    assert Counter(a for (a,) in answers) == Counter(d for d, *_ in turns)

    made = rows("SELECT action, key, state FROM connectors_actioncall")
    assert {state for *_, state in made} == {"done"}
    calls = [key for action, key, _ in made if action == "shop.return_items"]
    operations = system.shop.rows("SELECT idempotency_key, status_code FROM operation")
    assert set(calls) == {o["idempotency_key"] for o in operations}
    assert {o["status_code"] for o in operations} == {200}
    done = sum(customer.returned for customer in crowd.customers)
    assert len(calls) == done > 0
    labels = rows("SELECT message_id FROM conversations_attachment WHERE message_id IS NOT NULL")
    assert (len(made), len(labels), len(set(labels))) == (2 * done, done, done)

    greetings = rows("SELECT conversation_id FROM conversations_message WHERE source_id = 'greeting'")
    assert max(Counter(greetings).values()) == 1
    assert rows("SELECT kind, error FROM jobs_job WHERE state = 'dead'") == []
    assert all(customer.rounds > 0 for customer in crowd.customers)


def test_nothing_is_lost_or_doubled_on_sqlite(tmp_path: Path) -> None:
    with live_system(tmp_path / "data") as system:
        crowd = Crowd.of(system, CUSTOMERS)
        kill_while_served(system, crowd)
        system.stop()
        with closing(sqlite3.connect(system.data_dir / "rapport.sqlite3")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert_nothing_lost_or_doubled(system, crowd, lambda sql: connection.execute(sql).fetchall())


@pytest.fixture
def database_url() -> Iterator[str]:
    with postgres_database() as url:
        yield url


@pytest.mark.services
def test_nothing_is_lost_or_doubled_on_postgresql(tmp_path: Path, database_url: str) -> None:
    with live_system(tmp_path / "data", database_url=database_url) as system:
        crowd = Crowd.of(system, CUSTOMERS)
        kill_while_served(system, crowd)
        system.stop()
        assert_nothing_lost_or_doubled(system, crowd, lambda sql: query(database_url, sql))
