"""What every system of declared actions promises, however it is spoken to and however it misbehaves."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.contract.support.ticket_system import TOOLS, Store, make_server

from rapport.connectors import api as connectors
from rapport.connectors import opening
from rapport.connectors.asking import settle_open_intents
from rapport.connectors.contracts import ActionEffect, CallOutcome, ConnectorInfo, Principal
from rapport.connectors.declared import DeclaredAction, FieldSpec, InputMap, OutputMap, to_json
from rapport.connectors.kinds.mcp import system as mcp_system
from rapport.connectors.kinds.mcp.servers import Server
from rapport.connectors.kinds.mcp.tools import read_tool
from rapport.connectors.models import ActionCall

pytestmark = pytest.mark.django_db

ANA = Principal("ana_1", "hmac")
BEN = Principal("ben_2", "hmac")
KINDS = ("openapi", "mcp-http", "mcp-stdio")
TICKET_OUTPUTS = (OutputMap("id", "id"), OutputMap("subject", "subject"))
LIST_OUTPUTS = (OutputMap("tickets", "items", many=True, title_path="subject", attributes=("priority",)),)


def _action(
    kind: str, name: str, effect: ActionEffect, inputs: dict[str, tuple[str, str]], **more: Any
) -> Any:
    tool = name.partition(".")[2]
    if kind == "openapi":
        method, path, body = {
            "get_ticket": ("GET", "/tickets/{id}", ""),
            "list_tickets": ("GET", "/tickets", ""),
            "find_ticket": ("GET", "/found", ""),
            "create_ticket": ("POST", "/tickets", "json"),
        }[tool]
        target = {"method": method, "path": path, "body": body}
        place = "body" if body else "query"
        places = {n: "path" if f"{{{n}}}" in path else place for n in inputs}
    else:
        described = read_tool(next(t for t in TOOLS if t["name"] == tool))
        assert described is not None
        target = {"tool": tool, "digest": described.digest}
        places = dict.fromkeys(inputs, "body")
    fields = tuple(FieldSpec(places[n], n, "integer" if n == "priority" else "string") for n in inputs)
    maps = tuple(InputMap(f"{places[n]}:{n}", *source) for n, source in inputs.items())
    return DeclaredAction(name, name, effect, target, fields=fields, inputs=maps, **more)


def declared(kind: str) -> list[DeclaredAction]:
    """The actions of the ticket system, as an administrator would declare them."""
    read, write = ActionEffect.READ, ActionEffect.WRITE
    me, key = ("customer", ""), ("key", "")
    create = {
        "customer": me,
        "subject": ("argument", "subject"),
        "priority": ("argument", "priority"),
        "reference": key,
    }
    ticket = {"id": ("argument", "ticket")}
    return [
        _action(kind, "crm.get_ticket", read, ticket, outputs=TICKET_OUTPUTS, owner="customer"),
        _action(kind, "crm.list_tickets", read, {"customer": me}, outputs=LIST_OUTPUTS),
        _action(kind, "crm.find_ticket", read, {"reference": key}, outputs=TICKET_OUTPUTS, is_personal=False),
        _action(
            kind,
            "crm.create_ticket",
            write,
            create,
            outputs=TICKET_OUTPUTS,
            find="crm.find_ticket",
            found="id",
        ),
        _blind(kind, create),
    ]


def _blind(kind: str, inputs: dict[str, tuple[str, str]]) -> DeclaredAction:
    """The same write, without any way to find out what became of it."""
    made = _action(kind, "crm.create_ticket", ActionEffect.WRITE, inputs, outputs=TICKET_OUTPUTS)
    return DeclaredAction("crm.send_ticket", "x", made.effect, made.target, True, made.fields, made.inputs)


@dataclass
class Case:
    """A connected ticket system."""

    kind: str
    store: Store
    seen: list[Any]
    base_url: str

    def call(
        self, name: str, arguments: dict[str, Any], key: str = "k1", principal: Any = ANA
    ) -> CallOutcome:
        """As a procedure does."""
        return connectors.call_action(
            name, arguments, key=key, principal=principal, conversation_id=None, actor="assistant"
        )


@pytest.fixture(params=KINDS)
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    store = Store(tmp_path)
    server = make_server(store)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    root = f"http://127.0.0.1:{server.server_port}"
    command = (sys.executable, str(Path(__file__).parent / "support" / "ticket_system.py"), str(tmp_path))
    monkeypatch.setattr(mcp_system, "known_servers", lambda: {"tickets": Server(command)})
    kind = request.param
    settings: dict[str, Any] = {
        "timeout_s": 0.6,
        "actions": [to_json(a) for a in declared(kind)],
        "login": {"scheme": "bearer"},
    }
    if kind == "mcp-stdio":
        settings |= {"transport": "stdio", "server": "tickets"}
    base_url = {"openapi": root, "mcp-http": f"{root}/mcp", "mcp-stdio": ""}[kind]
    info = ConnectorInfo("crm", kind.partition("-")[0], base_url, False, True, settings)
    connectors.change_connector(info, "open sesame")
    yield Case(kind, store, server.RequestHandlerClass.seen, base_url)  # type: ignore[attr-defined]
    opening.close_systems()
    server.shutdown()
    server.server_close()


NEW = {"subject": "Broken lamp", "priority": 2.0}


def test_a_write_sends_exactly_what_was_mapped(case: Case) -> None:
    outcome = case.call("crm.create_ticket", NEW)
    assert outcome == CallOutcome(ok=True, data={"id": "T1", "subject": "Broken lamp"})
    assert case.store.tickets() == [
        {"customer": "ana_1", "subject": "Broken lamp", "priority": 2, "reference": "k1", "id": "T1"}
    ]
    row = ActionCall.objects.get()
    assert (row.state, row.customer_ref, row.result) == ("done", "ana_1", outcome.data)


def test_the_same_key_acts_once(case: Case) -> None:
    first = case.call("crm.create_ticket", NEW)
    assert case.call("crm.create_ticket", NEW).data == first.data
    assert len(case.store.tickets()) == 1


def test_only_own_records_are_shown(case: Case) -> None:
    case.call("crm.create_ticket", NEW)
    assert case.call("crm.get_ticket", {"ticket": "T1"}).data == {"id": "T1", "subject": "Broken lamp"}
    other = case.call("crm.get_ticket", {"ticket": "T1"}, principal=BEN)
    assert (other.ok, other.code, other.data) == (False, "not_owner", {})
    assert case.call("crm.get_ticket", {"ticket": "T1"}, principal=None).code == "not_verified"
    assert case.call("crm.list_tickets", {}, principal=BEN).data == {"tickets": []}


def test_lists_become_records_a_procedure_can_offer(case: Case) -> None:
    case.call("crm.create_ticket", NEW)
    found = connectors.list_records("crm.tickets", ANA, {})
    assert [(r.value, r.title, r.data["priority"]) for r in found] == [("T1", "Broken lamp", 2)]
    assert connectors.list_records("crm.tickets", Principal("", "none"), {}) == []


def test_a_refusal_has_its_reason_and_is_final(case: Case) -> None:
    case.store.mode = "refuse"
    outcome = case.call("crm.create_ticket", NEW)
    expected = "too_many_open" if case.kind == "openapi" else "tool_error"
    assert (outcome.ok, outcome.code, outcome.data) == (False, expected, {"reason": "Close one first."})
    assert outcome.message == ("Close one first." if case.kind == "openapi" else ""), (
        "a tool's words stay inside"
    )
    row = ActionCall.objects.get()
    assert (row.state, row.result) == ("refused", {"reason": "Close one first."})
    case.store.mode = "good"
    assert case.call("crm.create_ticket", NEW).code == expected
    assert case.store.tickets() == []


@pytest.mark.parametrize("mode", ["late", "garbage", "huge"])
def test_an_unclear_answer_to_a_write_is_cleared_up_by_asking(case: Case, mode: str) -> None:
    case.store.mode = mode
    outcome = case.call("crm.create_ticket", NEW)
    case.store.mode = "good"
    again = case.call("crm.create_ticket", NEW)
    assert (outcome.ok, again.ok) == (True, True)
    assert outcome.data == again.data == {"id": "T1", "subject": "Broken lamp"}
    assert len(case.store.tickets()) == 1


def test_a_write_that_never_happened_may_be_made_again(case: Case) -> None:
    case.store.mode = "500"
    assert case.call("crm.create_ticket", NEW).code == "unavailable"
    assert ActionCall.objects.get().state == "intended"
    case.store.mode = "good"
    assert case.call("crm.create_ticket", NEW).ok
    assert len(case.store.tickets()) == 1


def test_without_a_way_to_ask_nothing_is_repeated_and_a_person_must_look(case: Case) -> None:
    case.store.mode = "late"
    assert case.call("crm.send_ticket", NEW).code == "unavailable"
    case.store.mode = "good"
    assert case.call("crm.send_ticket", NEW).code == "unavailable"
    assert settle_open_intents(older_than_s=-5) == 1
    row = ActionCall.objects.get()
    assert (row.state, row.code) == ("failed", "outcome_unknown")
    assert len(case.store.tickets()) == 1


@pytest.mark.parametrize("mode", ["late", "500", "garbage", "huge"])
def test_a_read_that_is_not_answered_is_unavailable(case: Case, mode: str) -> None:
    case.call("crm.create_ticket", NEW)
    case.store.mode = mode
    assert case.call("crm.get_ticket", {"ticket": "T1"}).code == "unavailable"
    case.store.mode = "good"
    assert case.call("crm.get_ticket", {"ticket": "T1"}).ok


def test_a_second_answer_is_nobody_s_answer(case: Case) -> None:
    case.store.mode = "twice"
    first = case.call("crm.create_ticket", NEW, key="k1")
    case.store.mode = "good"
    second = case.call("crm.create_ticket", {"subject": "Another", "priority": 1.0}, key="k2")
    assert (first.data["subject"], second.data["subject"]) == ("Broken lamp", "Another")
    assert len(case.store.tickets()) == 2


@pytest.mark.parametrize("mode", ["redirect", "slow_down"])
def test_redirects_are_not_followed_and_requests_to_wait_are_named(case: Case, mode: str) -> None:
    if case.kind == "mcp-stdio":
        return  # a process has neither
    case.store.mode = mode
    outcome = case.call("crm.create_ticket", NEW)
    assert outcome.code == "unavailable"
    if mode == "slow_down":
        assert outcome.message == "too many requests; wait 30 s"
    assert case.store.tickets() == []


def test_values_that_make_no_call_are_refused_before_anything_is_sent(case: Case) -> None:
    assert case.call("crm.create_ticket", {"subject": "x", "priority": 1.5}).code == "invalid_arguments"
    assert (
        case.call("crm.create_ticket", {"subject": "x", "priority": "soon"}, key="k2").code
        == "invalid_arguments"
    )
    if case.kind == "openapi":
        assert case.call("crm.get_ticket", {"ticket": ".."}).code == "invalid_arguments"
        assert [s for s in case.seen if s[0] != "DELETE"] == []
    assert case.store.tickets() == []


def test_a_trial_shows_what_is_sent_without_the_secret(case: Case) -> None:
    case.call("crm.create_ticket", NEW)
    trial = connectors.try_read("crm.get_ticket", {"ticket": "T1"}, ANA)
    assert trial.outcome.ok
    assert "T1" in trial.request
    assert "Broken lamp" in trial.answer
    assert "open sesame" not in trial.request + trial.answer
    if case.kind != "mcp-stdio":
        assert case.seen[-1][2]["authorization"] == "Bearer open sesame"


def test_the_connection_can_be_tested(case: Case) -> None:
    connectors.check_connector("crm")
    dead = ConnectorInfo(
        "crm", case.kind.partition("-")[0], "http://127.0.0.1:9", False, True, {"server": "none"}
    )
    if case.kind == "mcp-stdio":
        dead.settings["transport"] = "stdio"
    connectors.change_connector(dead, "x")
    with pytest.raises(connectors.ConnectorDown):
        connectors.check_connector("crm")


def test_actions_of_a_system_that_is_off_are_unknown(case: Case) -> None:
    known = connectors.find_connector("crm")
    assert known is not None
    assert "crm.create_ticket" in {a.name for a in connectors.list_actions()}
    connectors.change_connector(ConnectorInfo("crm", known.kind, known.base_url, True, False, known.settings))
    assert "crm.create_ticket" not in {a.name for a in connectors.list_actions()}
    assert case.call("crm.create_ticket", NEW).code == "unknown_action"


def test_a_tool_that_is_described_differently_must_be_confirmed_again(case: Case) -> None:
    if case.kind == "openapi":
        return  # an operation's document is kept, and changes only by an administrator
    case.store.mode = "changed"
    case.store.create({"customer": "ana_1", "subject": "x"})
    assert case.call("crm.get_ticket", {"ticket": "T1"}).code == "tool_changed"
    offers = connectors.refresh_tools("crm").offers
    assert [o.key for o in offers] == ["get_ticket", "list_tickets", "find_ticket", "create_ticket"]
    assert offers[0].likely_effect is ActionEffect.READ
    assert offers[3].likely_effect is ActionEffect.WRITE


def test_settings_hold_no_secret(case: Case) -> None:
    info = connectors.find_connector("crm")
    assert info is not None
    assert "open sesame" not in json.dumps(info.settings)
