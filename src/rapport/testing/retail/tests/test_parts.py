"""The pure parts of the retail check: tasks in both shapes, what is expected, pass^k, the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rapport.testing.retail.customer import missing_in
from rapport.testing.retail.reference import differences, expected_state
from rapport.testing.retail.report import pass_hat, report_of, transcripts_of
from rapport.testing.retail.tasks import BadTasks, Proof, Task, TaskAction, list_proofs, read_tasks
from rapport.testing.retail.tests.shop import ERRANDS, OLDER, snapshot
from rapport.testing.retail.wishes import Piece, Wish, list_wishes

DATA = snapshot()


def write(tmp_path: Path, content: Any) -> Path:
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def task(*actions: TaskAction, user: str = "ada_novak_1", text: str = "") -> Task:
    return Task("t", user, actions, text)


def test_both_shapes_of_tasks_name_the_person_and_the_actions(tmp_path: Path) -> None:
    found = read_tasks(write(tmp_path, [*ERRANDS, *OLDER]), DATA)
    assert [t.user_id for t in found] == [
        "ada_novak_1", "ada_novak_1", "ben_okoro_2", "ada_novak_1", "ben_okoro_2", "ben_okoro_2", "ada_novak_1",
    ]  # fmt: skip
    assert [len(t.writes) for t in found] == [3, 1, 1, 1, 0, 0, 2]
    assert [t.wants_person for t in found].count(True) == 1


@pytest.mark.parametrize(
    "content", [{}, [{"user_id": "x"}], [7], [{"evaluation_criteria": {"actions": [{}]}}]]
)
def test_what_is_no_list_of_tasks_is_named(tmp_path: Path, content: Any) -> None:
    with pytest.raises(BadTasks):
        read_tasks(write(tmp_path, content), DATA)


def test_a_person_tries_addresses_as_the_actions_do_and_falls_back_to_their_name() -> None:
    wrong = TaskAction("find_user_id_by_email", {"email": "old@example.com"})
    right = TaskAction("find_user_id_by_email", {"email": "ada@example.com"})
    name = Proof("", "Ada", "Novak", "40210")
    assert list_proofs(task(wrong, right), DATA) == [Proof("old@example.com"), Proof("ada@example.com")]
    assert list_proofs(task(wrong), DATA) == [Proof("old@example.com"), name]
    assert list_proofs(task(text="I am Ada Novak in 40210."), DATA) == [name]
    assert list_proofs(task(text="Mail me at ada@example.com."), DATA) == [Proof("ada@example.com")]


def test_an_action_the_benchmark_refuses_changes_nothing() -> None:
    twice = TaskAction("cancel_pending_order", {"order_id": "#W1000003", "reason": "no longer needed"})
    state, refused = expected_state(DATA, task(twice, twice))
    assert refused == ["cancel_pending_order: the order is cancelled"]
    assert state["users"]["ada_novak_1"]["payment_methods"]["gift_card_1"]["balance"] == 80.0
    assert [p["transaction_type"] for p in state["orders"]["#W1000003"]["payment_history"]] == [
        "payment",
        "refund",
    ]
    assert differences(DATA["orders"]["#W1000003"]["status"], "cancelled") == [
        ": pending expected, found cancelled"
    ]


def test_two_pieces_of_one_variant_are_two_lines(tmp_path: Path) -> None:
    (wish,) = list_wishes(read_tasks(write(tmp_path, ERRANDS), DATA)[1], DATA)
    assert [(p.line, p.new_id) for p in wish.pieces] == [("2", "2002"), ("3", "2003")]
    assert wish.others == ("Desk Lamp (black)",)


def test_the_customer_says_yes_only_to_what_they_want() -> None:
    wish = Wish(
        "return_items",
        "#W1",
        (Piece("1", "Kettle", "Kettle (steel)"),),
        ("Desk Lamp (black)",),
        method_words="4242",
    )
    right = "Return from order #W1: Kettle (steel)\nYou get it back (Visa ending 4242)"
    assert missing_in(right, wish) == ""
    assert missing_in(right.replace("#W1", "#W2"), wish) == "#W1"
    assert missing_in(right.replace("steel", "green"), wish) == "Kettle (steel)"
    assert missing_in(right + ", Desk Lamp (black)", wish) == "that Desk Lamp (black) stays"
    assert missing_in(right.replace("4242", "1111"), wish) == "4242"


def test_pass_k_is_the_chance_that_k_drawn_conversations_all_succeed() -> None:
    assert pass_hat([(4, 4), (2, 4)], 1) == 0.75
    assert pass_hat([(4, 4), (2, 4)], 2) == pytest.approx((1 + 1 / 6) / 2)
    assert pass_hat([(4, 4), (3, 4)], 4) == 0.5


def test_shares_of_processes_become_one_report() -> None:
    one = {
        "task_id": "a",
        "seed": 0,
        "is_reached": True,
        "cause": "",
        "questions": 4,
        "minimum": 4,
        "moves": 5,
    }
    two = {
        **one,
        "task_id": "b",
        "is_reached": False,
        "cause": "state: x",
        "questions": 6,
        "transcript": ["hi"],
    }
    times = {"seconds": 30.0, "cpu_s": 1.0, "steps": 5, "turn_s": 0.05, "encoder_s": 0.02}
    times |= {"deciding_s": 0.01, "systems_s": 0.01}
    shares = [{"held": [one], **times}, {"held": [two], **times}]
    report = report_of(shares, ["customers"])
    assert (report["tasks"], report["pass^1"], report["questions_ratio"]) == (2, 0.5, 1.25)
    assert report["failures_by_cause"] == {"state": 1}
    assert (report["cpu_ms_per_step"], report["cpu_ms_per_turn"]) == (2.0, 6.0)
    assert report["conversations_per_minute"] == 4.0
    assert transcripts_of(shares) == "task b, seed 0: state: x\nhi\n"
