"""The retail check on a shop of our own: customers by the public API, gold actions, illegal ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rapport.channels.embedding import forget_inboxes
from rapport.channels.limits import WINDOWS
from rapport.procedures.api import forget_book
from rapport.testing.retail.gold import replay_all
from rapport.testing.retail.holding import Held, hold
from rapport.testing.retail.mutations import mutate_all
from rapport.testing.retail.sandbox import Sandbox, run_sandbox
from rapport.testing.retail.tasks import Task, read_tasks
from rapport.testing.retail.tests.shop import ERRANDS, OLDER, snapshot
from rapport.testing.scripted_engine import ScriptedEngine

PROCEDURES = Path(__file__).resolve().parents[5] / "demo" / "procedures"
DATA = snapshot()


@pytest.fixture
def sandbox(db: None, tmp_path: Path) -> Iterator[Sandbox]:
    forget_inboxes()
    forget_book()
    WINDOWS.clear()
    path = tmp_path / "snapshot.json"
    path.write_text(json.dumps(DATA), encoding="utf-8")
    with run_sandbox(tmp_path, path, PROCEDURES, ScriptedEngine()) as running:
        yield running


def tasks(tmp_path: Path, entries: list[dict[str, Any]]) -> list[Task]:
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    return read_tasks(path, DATA)


def test_customers_actions_and_illegal_ones(sandbox: Sandbox, tmp_path: Path) -> None:
    """One sandbox for all three, as making one takes most of the time."""
    errands = [*tasks(tmp_path, ERRANDS), *tasks(tmp_path, OLDER)]
    held: list[Held] = [hold(sandbox, DATA, task, seed) for task in errands for seed in (0, 3)]
    assert [(h.task_id, h.seed, h.cause, h.transcript) for h in held if not h.is_reached] == []
    clicking = [h for h in held if h.seed == 0]
    assert [(h.task_id, h.questions, h.minimum) for h in clicking if h.task_id not in {"card-too-small"}] == [
        ("change-and-cancel", 10, 10),
        ("two-of-one-kind", 6, 6),
        ("return-by-email", 3, 3),
        ("person", 0, 0),
        ("question", 2, 2),
        ("0", 9, 7),
    ]
    assert sandbox.clocks.turns == sum(h.moves for h in held)

    replay = replay_all(sandbox, DATA, errands).as_json()
    assert (replay["tasks"], replay["permitted"], replay["equal"]) == (7, 7, 7)
    assert [(a["task"], a["rule"]) for a in replay["against_policy"]] == [
        ("card-too-small", "exchange_items/gift_card_covers")
    ]
    assert replay["too_strict"] == []

    found = mutate_all(sandbox, DATA, errands[:3]).as_json()
    assert found["escaped"] == []
    assert found["tried"] == found["refused"] == found["unchanged"] == 57
    assert {kind: next(iter(entry["rules"])) for kind, entry in found["by_kind"].items()} == {
        "cancel_after_modification": "items_changed_once",
        "gift_card_too_small": "gift_card_covers",
        "item_not_in_order": "items.listed",
        "item_twice_too_often": "items.listed",
        "not_confirmed": "confirmed",
        "not_identified": "identified",
        "other_customers_order": "order.listed",
        "other_customers_payment": "pay_with.listed",
        "other_product": "replacements.listed",
        "reason_not_allowed": "reason.listed",
        "same_item": "variant_differs",
        "second_time": "once_per_order",
        "too_few_new_items": "replacements.listed",
        "unavailable_item": "variant_in_stock",
        "unknown_order": "order.listed",
        "wrong_status": "order_is_delivered",
    }
