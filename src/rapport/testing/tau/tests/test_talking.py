"""Whole conversations between scripted models: a good agent, one that oversteps, one that fails; no model at hand."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rapport import bootstrap
from rapport.channels.embedding import forget_inboxes
from rapport.channels.limits import WINDOWS
from rapport.procedures.api import forget_book
from rapport.testing.retail.sandbox import run_sandbox
from rapport.testing.retail.tests.shop import snapshot
from rapport.testing.scripted_engine import ScriptedEngine
from rapport.testing.scripted_language_model import (
    FAILS,
    Answer,
    Fault,
    Rule,
    ScriptedLanguageModel,
    ToolCalls,
    commands,
    start,
)
from rapport.testing.tau.agent_engine import make_engine
from rapport.testing.tau.chat import ChatServer
from rapport.testing.tau.running import Run
from rapport.testing.tau.setup import Setup
from rapport.testing.tau.tasks import TauTask, read_tau_tasks
from rapport.testing.tau.trials import Mode, Trial, read_trials

PROCEDURES = Path(__file__).resolve().parents[5] / "demo" / "procedures"
DATA = snapshot()


def _task(number: str, reason: str, known: str, actions: list[dict[str, Any]], outputs: list[str]) -> Any:
    told = {"reason_for_call": reason, "known_info": known, "task_instructions": "You are brief."}
    wanted = {"actions": actions, "communicate_info": outputs}
    return {"id": number, "user_scenario": {"instructions": told}, "evaluation_criteria": wanted}


BEN = {"name": "find_user_id_by_email", "arguments": {"email": "ben@example.com"}}
RETURN = {
    "name": "return_delivered_order_items",
    "arguments": {"order_id": "#W2000002", "item_ids": ["2003"], "payment_method_id": "paypal_2"},
}
ENTRIES = [
    _task("give-back", "You want to return the kettle of order #W2000002.", "ben@example.com", [BEN, RETURN], ["95.00"]),
    _task("cancel-sent", "You want order #W2000001 cancelled.", "ben@example.com", [BEN], []),
]  # fmt: skip


@dataclass
class Stage:
    """Two scripted servers and a run against them."""

    run: Run
    agent: ScriptedLanguageModel
    user: ScriptedLanguageModel
    tasks: dict[str, TauTask]

    def hold(self, mode: Mode, task: str) -> Trial:
        return self.run.hold(mode, self.tasks[task], 0)


@pytest.fixture
def stage(db: None, tmp_path: Path) -> Iterator[Stage]:
    forget_inboxes()
    forget_book()
    WINDOWS.clear()
    (tmp_path / "db.json").write_text(json.dumps(DATA), encoding="utf-8")
    (tmp_path / "tasks.json").write_text(json.dumps(ENTRIES), encoding="utf-8")
    with ExitStack() as stack:
        agent = stack.enter_context(ScriptedLanguageModel())
        user = stack.enter_context(ScriptedLanguageModel())
        setup = Setup(
            agent=ChatServer(agent.url, "agent-1", timeout_s=2.0, retries=0),
            user=ChatServer(user.url, "user-1", timeout_s=2.0, retries=0),
            modes=("enforced", "off"),
            k=2,
            policy="You serve a shop. Ask for a yes before you change anything.",
        )
        engine = make_engine(setup, ScriptedEngine({}), bootstrap.list_offers)
        sandbox = stack.enter_context(run_sandbox(tmp_path, tmp_path / "db.json", PROCEDURES, engine))
        run = Run(setup, "d1", sandbox, DATA, tmp_path / "results.jsonl")
        tasks = {t.id: t for t in read_tau_tasks(tmp_path / "tasks.json", DATA)}
        yield Stage(run, agent, user, tasks)


def test_a_good_agent_reaches_the_task_with_and_without_the_policy(stage: Stage) -> None:
    stage.user.script = [
        "this kettle dribbles, back it goes",
        "ben@example.com",
        "yes, please do",
        "###STOP###",
    ]
    stage.agent.rules = [Rule("dribbles", start("return_items"))]
    held = stage.hold("enforced", "give-back")
    assert (held.is_success, held.cause, held.ended, held.turns) == (True, "", "satisfied", 3)
    assert held.writes == [
        "shop.return_items {'order_id': '#W2000002', 'item_ids': ['2'], 'payment_method_id': 'paypal_2'}"
    ]
    assert (held.refused, held.invalid, held.unanswered) == ([], [], [])
    assert held.agent_calls == len(stage.agent.requests) == 2
    assert held.agent_tokens_in > 0 < held.user_tokens_out
    sent = "".join(r.text for r in stage.agent.requests)
    assert "ben@example.com" not in sent, "what leaves is redacted as in production"
    assert "You want to return the kettle" in stage.user.requests[0].text

    stage.user.script = ["back with the kettle of #W2000002; ben@example.com", "yes", "###STOP###"]
    stage.agent.script = [
        ToolCalls(((BEN["name"], BEN["arguments"]),)),
        ToolCalls((("get_order_details", {"order_id": "#W2000002"}),)),
        "The copper kettle, 95.00 back to PayPal: shall I?",
        ToolCalls(((RETURN["name"], RETURN["arguments"]),)),
        "Done.",
    ]
    plain = stage.hold("off", "give-back")
    assert (plain.is_success, plain.cause, plain.turns, plain.agent_calls) == (True, "", 2, 5)
    assert (plain.refused, plain.violations, len(plain.writes)) == ([], [], 1)
    assert "#W2000002" in stage.agent.requests[-1].text
    assert stage.agent.requests[-1].body["messages"][0]["content"].startswith("You serve a shop.")


def test_an_agent_that_oversteps_is_stopped_by_a_named_rule_and_without_the_policy_it_is_not(
    stage: Stage,
) -> None:
    stage.user.script = ["away with that one", "ben@example.com", "#W2000001", "yes!", "###STOP###"]
    act = {"command": "call_action", "action": "shop.cancel_order", "arguments": {"order_id": "#W2000001"}}
    stage.agent.rules = [
        Rule("away", start("cancel_order")),
        Rule("#w2000001", commands(act, {"command": "fill_slot", "slot": "confirm", "value": "yes"})),
        Rule("", commands(act)),
    ]
    held = stage.hold("enforced", "cancel-sent")
    assert (held.is_state_equal, held.is_success, held.writes) == (True, True, [])
    assert "order_is_pending" in held.refused, held.transcript
    assert set(held.invalid) == {
        "a command is not in the closed list",
        "fill_slot names an unknown slot or no value",
    }
    assert not held.violations

    other = {"order_id": "#W3000001", "reason": "no longer needed"}
    stage.user.script = ["cancel #W2000001, ben@example.com", "###STOP###"]
    stage.agent.script = [
        ToolCalls(((BEN["name"], BEN["arguments"]),)),
        ToolCalls((("cancel_pending_order", {"order_id": "#W2000001", "reason": "no longer needed"}),)),
        ToolCalls((("cancel_pending_order", other), ("give_discount", {"percent": 20}))),
        ToolCalls((("cancel_pending_order", "no json"),)),
        "I cancelled something.",
    ]
    plain = stage.hold("off", "cancel-sent")
    assert (plain.is_state_equal, plain.is_success, plain.cause) == (False, False, "wrong_change")
    assert plain.writes == [f"cancel_pending_order {other}"]
    assert plain.refused == ["cancel_pending_order: the order is processed"]
    assert plain.violations == ["cancel_order/order.listed"]
    assert plain.invalid == ["unknown tool give_discount", "cancel_pending_order: the arguments are no JSON"]
    assert "orders/#W3000001/status" in plain.detail


@pytest.mark.parametrize(
    ("answer", "invalid", "unanswered"),
    [
        ("no JSON, sorry", ["no JSON object"], []),
        (FAILS, [], ["server_error"]),
        (Fault(wait_s=5.0), [], ["timeout"]),
    ],
)
def test_an_agent_that_fails_is_counted_and_changes_nothing(
    stage: Stage, answer: Answer, invalid: list[str], unanswered: list[str]
) -> None:
    stage.agent.rules = [Rule("", answer)]
    stage.user.script = ["back with it", "###STOP###"]
    held = stage.hold("enforced", "give-back")
    assert (held.is_success, held.is_counted, held.writes) == (False, True, [])
    assert (held.invalid, held.unanswered) == (invalid, unanswered)
    assert held.cause == ("agent_server" if unanswered else "nothing_done")

    stage.user.script = ["back with it", "###STOP###"]
    plain = stage.hold("off", "give-back")
    assert (plain.is_success, plain.is_counted, plain.writes) == (False, True, [])
    assert plain.unanswered == unanswered
    assert plain.cause == ("agent_server" if unanswered else "nothing_done")


def test_a_customer_who_does_not_answer_is_not_counted_and_asked_again_when_the_run_goes_on(
    stage: Stage,
) -> None:
    stage.agent.rules = [Rule("", start("return_items"))]
    stage.user.rules = [Rule("", FAILS)]
    run, (task, _) = stage.run, stage.tasks.values()
    run = dataclasses.replace(run, setup=dataclasses.replace(run.setup, modes=("enforced",)))
    run.hold_all([task], set())
    first = read_trials(run.results)
    assert [(t.key, t.cause, t.is_counted) for t in first] == [
        (("enforced", "give-back", 0), "user_server", False),
        (("enforced", "give-back", 1), "user_server", False),
    ]
    stage.user.rules = [Rule("", "###OUT-OF-SCOPE###")]
    told: list[Trial] = []
    run.hold_all([task], {t.key for t in first if t.is_counted}, told.append)
    again = read_trials(run.results)
    assert [(t.key, t.cause, t.ended) for t in again] == [
        (("enforced", "give-back", 0), "nothing_done", "lost"),
        (("enforced", "give-back", 1), "nothing_done", "lost"),
    ]
    run.hold_all([task], {t.key for t in again if t.is_counted}, told.append)
    assert len(told) == 2
    seeds = [r.body["seed"] for r in stage.user.requests]
    assert set(seeds) == {1000, 1001}


def test_a_customer_who_never_ends_is_stopped(stage: Stage) -> None:
    stage.user.rules = [Rule("", "hmm")]
    setup = dataclasses.replace(stage.run.setup, most_turns=3)
    held = dataclasses.replace(stage.run, setup=setup).hold("enforced", stage.tasks["give-back"], 0)
    assert (held.ended, held.turns) == ("turns", 3) or held.ended == "transferred"
    assert not held.is_success


def test_a_shop_in_another_language(stage: Stage) -> None:
    stage.user.script = [
        "der Kettle tropft, zurück damit",
        "ben@example.com",
        "ja, bitte zurücksenden",
        "###STOP###",
    ]
    stage.agent.rules = [Rule("tropft", start("return_items"))]
    setup = dataclasses.replace(stage.run.setup, language="de")
    held = dataclasses.replace(stage.run, setup=setup).hold("enforced", stage.tasks["give-back"], 0)
    assert held.is_success, held.transcript
    assert "in German" in stage.user.requests[0].text
    assert "95,00\xa0$" in held.transcript[-1]
