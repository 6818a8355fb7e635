"""The checklist before a procedure goes live: what the system judges with evidence, and what people answer for."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

import pytest

from rapport.accounts import api as accounts
from rapport.accounts.models import AuditEntry
from rapport.connectors.contracts import Action, ActionEffect, ActionLimits
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.procedures import api as procedures
from rapport.procedures.checklists import check_text
from rapport.procedures.logic.checklist import JUDGES, Answer, Checked, Facts, check
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.models import ProcedureVersion, Rehearsal

CANCEL = """
procedure: cancel
version: 1
identify: verified_customer
title: {en: Cancel}
slots:
  order: {type: shop.order, ask: {en: "Which order?"}}
confirm:
  lines: [{en: "Cancel {order.id}"}]
do:
  - {action: shop.cancel_order, with: {order_id: order.id}}
done: {en: "Cancelled."}
"""
HOURS = """
procedure: hours
version: 1
identify: none
title: {en: A, cs: B, de: C, es: D, ru: E, zh: F}
done: {en: A, cs: B, de: C, es: D, ru: E, zh: F}
"""
MONEY = {"shop.cancel_order": Action("shop.cancel_order", "Cancel an order", ActionEffect.MONEY)}
GOOD = {
    "cases": [{"name": "a", "problems": []}],
    "simulation": {"conversations": 8, "pass": [0.95, 0.9], "personas": {"forbidden": [1.0, 1.0]}},
    "past": {"compared": 9, "worse": 0, "different": 2, "examples": []},
}


def facts(source: str = CANCEL, **given: Any) -> Facts:
    return Facts(parse_definition(source), **{"actions": MONEY, "report": GOOD, "supervisors": 1, **given})


def found(key: str, source: str = CANCEL, **given: Any) -> tuple[str, tuple[str, ...]]:
    finding = JUDGES[key](facts(source, **given))
    return finding.state, finding.evidence


def test_every_item_has_a_judge_and_words_in_every_language() -> None:
    items = procedures.load_items()
    assert [item.key for item in items] == list(JUDGES)
    assert {frozenset(item.title) for item in items} == {frozenset(("en", "cs", "de", "es", "ru", "zh"))}
    assert {item.key for item in items if item.judge == "person"} == {item.key for item in items if item.ask}


@pytest.mark.parametrize(
    ("key", "given", "state", "evidence"),
    [
        ("personal_data", {}, "passed", "uses shop.order, shop.cancel_order"),
        ("purpose", {}, "open", "uses shop.order, shop.cancel_order"),
        ("money", {}, "open", "shop.cancel_order has no limit"),
        ("four_eyes", {}, "open", "shop.cancel_order needs nobody's yes, whatever the amount"),
        ("people", {}, "open", "no rule says when a person decides"),
        ("undo", {}, "open", "nothing takes shop.cancel_order back"),
        ("tests", {}, "passed", "1 pass"),
        ("tests", {"report": {}}, "open", "there is no test case"),
        ("simulation", {}, "passed", "8 conversations: pass^1 0.95, pass^2 0.90; threshold 0.90"),
        (
            "simulation",
            {"threshold": 0.96},
            "open",
            "8 conversations: pass^1 0.95, pass^2 0.90; threshold 0.96",
        ),
        ("forbidden", {}, "passed", "attempts that were refused: 1.00"),
        ("past", {}, "not_needed", "it was never in force"),
        ("past", {"version_in_force": 2}, "passed", "9 replayed, 0 come out worse, 2 differ otherwise"),
        ("failure", {}, "passed", "a person takes over: whoever is free"),
        ("failure", {"supervisors": 0}, "open", "nobody may supervise"),
        ("roll_back", {"version_in_force": 2}, "passed", "version 2 is put back"),
        ("roll_back", {}, "passed", "none was in force: it is taken out of force again"),
    ],
)
def test_the_system_judges_with_evidence(key: str, given: dict[str, Any], state: str, evidence: str) -> None:
    result, said = found(key, **given)
    assert result == state
    assert any(text.startswith(evidence) for text in said), said


def test_limits_approvals_and_what_takes_back_are_seen() -> None:
    limits = {
        "shop.cancel_order": ActionLimits(
            "shop.cancel_order", max_amount=Decimal(500), approve_above=Decimal(200)
        )
    }
    assert found("money", limits=limits) == ("passed", ("shop.cancel_order: at most 500",))
    assert found("four_eyes", limits=limits) == ("passed", ("shop.cancel_order: somebody says yes",))
    undone = {"shop.cancel_order": dataclasses.replace(MONEY["shop.cancel_order"], undone_by="shop.reopen")}
    assert found("undo", actions=undone)[0] == "passed"


def test_what_only_speaks_needs_little() -> None:
    states = {key: found(key, HOURS, actions={})[0] for key in JUDGES}
    assert [key for key, state in states.items() if state == "open"] == ["wording"]
    assert states["languages"] == "passed"
    assert found("languages")[1] == tuple(
        f"{tag}: 4 texts are missing" for tag in ("cs", "de", "es", "ru", "zh")
    )


def test_a_forbidden_attempt_that_succeeds_and_worse_conversations_stand_against_it() -> None:
    report = {**GOOD, "simulation": {**GOOD["simulation"], "personas": {"forbidden": [0.75]}}}  # type: ignore[dict-item]
    assert found("forbidden", report=report)[0] == "open"
    worse = {**GOOD, "past": {"compared": 9, "worse": 2, "different": 0, "examples": [12, 14]}}
    assert found("past", report=worse, version_in_force=1)[1][1:] == ("conversation 12", "conversation 14")


def _by_key(answers: dict[str, Answer]) -> dict[str, Checked]:
    return {c.item.key: c for c in check(procedures.load_items(), facts(supervisors=0), answers)}


def test_people_answer_only_what_they_may() -> None:
    yes = {key: Answer(True, "agreed") for key in JUDGES}
    checked = _by_key(yes)
    assert checked["money"].state == "answered"
    assert checked["wording"].state == "answered"
    assert not any(c.is_blocking for c in checked.values())
    assert _by_key({"wording": Answer(False, "not yet")})["wording"].is_blocking
    open_tests = check(procedures.load_items(), facts(report={}), yes)
    assert [c.item.key for c in open_tests if c.is_blocking] == ["tests", "simulation"]


# ── with the release ──


@pytest.fixture
def rehearsal(db: None) -> int:
    procedures.forget_book()
    accounts.create_staff("sue@example.com", "Sue", "supervisor")
    from rapport.kernel.clock import now

    return Rehearsal.objects.create(procedure="hours", source=HOURS, report=GOOD, finished_at=now()).pk


def test_an_open_item_takes_an_override_that_is_on_record(rehearsal: int) -> None:
    info = procedures.find_rehearsal(rehearsal)
    assert info is not None
    assert info.against == ("Somebody has read the wording: 2 texts",)
    with pytest.raises(procedures.GateClosed, match="Somebody has read the wording"):
        procedures.release_rehearsed(rehearsal)
    procedures.release_rehearsed(rehearsal, reason="the owner wants it tonight")
    stored = procedures.find_checklist("hours")
    assert stored is not None
    assert stored.data["override"] == "the owner wants it tonight"
    entry = AuditEntry.objects.get(kind="procedure_gate_overridden")
    assert entry.detail["stood_against"] == ["Somebody has read the wording: 2 texts"]


def test_what_was_answered_is_kept_with_the_version(rehearsal: int) -> None:
    ada = accounts.create_staff("ada@example.com", "Ada", "administrator")
    procedures.answer_item(rehearsal, "wording", is_yes=True, note="Ada, all six", actor_id=ada.pk)
    version = procedures.release_rehearsed(rehearsal, actor_id=ada.pk)
    data = ProcedureVersion.objects.get(version=version).checklist
    said = {item["key"]: item for item in data["items"]}
    assert (said["wording"]["state"], said["wording"]["answer"]["by"]) == ("answered", ada.pk)
    assert (data["by"], data["rehearsal"], data["override"]) == (ada.pk, rehearsal, "")
    text = procedures.as_markdown("hours", data)
    assert "- [x] **Somebody has read the wording**: answered\n  - 2 texts\n  - yes: Ada, all six" in text
    assert "- [-] **Money that is moved has a limit**: not_needed" in text
    with pytest.raises(NotFound):
        procedures.answer_item(rehearsal, "wording", is_yes=False, note="too late", actor_id=ada.pk)


def test_an_answer_stands_while_what_was_found_stays_the_same() -> None:
    items, said = procedures.load_items(), Answer(True, "ordered anew by hand", 7)

    def judged(key: str, evidence: tuple[str, ...], **given: Any) -> Checked:
        before = {key: (evidence, said)}
        return next(c for c in check(items, facts(**given), {}, before) if c.item.key == key)

    undo, wording = found("undo")[1], found("wording")[1]
    assert (judged("undo", undo).state, judged("undo", undo).answer) == ("answered", said)
    assert judged("undo", ("something else",)).state == "open"
    assert judged("wording", wording).state == "open", "read anew for each release"


def test_what_was_said_of_the_version_in_force_counts_for_the_next(db: None) -> None:
    procedures.forget_book()
    accounts.create_staff("sue@example.com", "Sue", "supervisor")
    version = procedures.publish(HOURS.replace(", zh: F", ""))
    procedures.record_answers(
        "hours", version, {"languages": "nobody writes Chinese", "wording": "read"}, "first"
    )
    kept = procedures.find_checklist("hours")
    assert kept is not None
    assert kept.data["override"] == "first"
    changed = HOURS.replace(", zh: F", "").replace("en: A", "en: Anew")
    states = {c.item.key: c.state for c in check_text(changed, GOOD, 0.9, {})}
    assert (states["languages"], states["wording"], states["tests"]) == ("answered", "open", "passed")


@pytest.mark.parametrize(("key", "note"), [("tests", "they pass"), ("nothing", "well"), ("wording", "x")])
def test_answers_that_do_not_count_are_turned_away(rehearsal: int, key: str, note: str) -> None:
    with pytest.raises(InvalidInput):
        procedures.answer_item(rehearsal, key, is_yes=True, note=note, actor_id=1)
