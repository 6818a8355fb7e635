"""A connected system misbehaves while a procedure runs: each fault ends in a defined way, and the customer is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.acceptance.support.customer import Customer, is_confirmation, signed_in, transcript
from tests.acceptance.support.shop import RunningShop
from tests.acceptance.support.system import System
from tests.contract.support.ticket_system import Store, make_server
from tests.contract.test_declared_systems import declared

from rapport.connectors import api as connectors
from rapport.connectors import opening
from rapport.connectors.contracts import ActionLimits, ConnectorInfo
from rapport.connectors.declared import to_json
from rapport.procedures import api as procedures

SOURCE = """
procedure: open_ticket
version: 1
title: {en: Open a ticket, cs: Otevřít lístek, de: Ticket öffnen, es: Abrir un caso, ru: Открыть заявку, zh: 提交工单}
identify: verified_customer
slots:
  subject:
    type: choice
    options:
      - {value: broken, title: {en: Something is broken}}
      - {value: invoice, title: {en: An invoice}}
    ask: {en: "What is it about?"}
confirm:
  lines: [{en: "Ticket: {subject}"}]
  question: {en: "Shall I open it?"}
do:
  - action: ACTION
    with: {subject: "subject", priority: "2"}
    as: ticket
    failed:
      too_many_open: {en: "You have too many open tickets. Close one first."}
done: {en: "Your ticket is {ticket.id}."}
"""


@dataclass
class Crm:
    """The connected ticket system, and a customer of a procedure that opens tickets."""

    system: System
    shop: RunningShop
    store: Store
    server: ThreadingHTTPServer

    def publish(self, action: str = "crm.create_ticket") -> None:
        """The procedure, with its action."""
        procedures.publish(SOURCE.replace("ACTION", action))
        procedures.forget_book()

    def asked(self, language: str = "en") -> Customer:
        """A verified customer before the yes."""
        customer = signed_in(self.system, self.shop.shopper(having="shipped"), language=language)
        customer.command("start:open_ticket")
        assert is_confirmation(customer.click("broken"))
        return customer

    def says_yes(self, customer: Customer, seconds: float = 90) -> str:
        """The yes, and all that follows within some time; what the customer reads last."""
        asked = customer.last
        values = {"submitted_values": [{"value": "confirm:yes"}]}
        customer.call("PATCH", f"{customer.url}/messages/{asked['id']}", values)
        self.system.settle(seconds, is_strict=False)
        assert customer.last["id"] != asked["id"], transcript(customer)
        return str(customer.last["content"])

    def states(self, customer: Customer) -> list[tuple[str, str]]:
        """State and code of the customer's actions."""
        return [(call.state, call.code) for call in self.system.calls(customer.id)]


@pytest.fixture
def crm(system: System, shop: RunningShop, tmp_path: Path) -> Iterator[Crm]:
    store = Store(tmp_path)
    server = make_server(store)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    settings = {
        "timeout_s": 0.6,
        "actions": [to_json(a) for a in declared("openapi")],
        "login": {"scheme": "bearer"},
    }
    info = ConnectorInfo("crm", "openapi", f"http://127.0.0.1:{server.server_port}", False, True, settings)
    connectors.change_connector(info, "open sesame")
    made = Crm(system, shop, store, server)
    made.publish()
    yield made
    opening.close_systems()
    procedures.forget_book()
    server.shutdown()
    server.server_close()


DONE = "Your ticket is T1."
AWAY = "I'm sorry, our system isn't answering right now. A colleague will take care of this for you."


@pytest.mark.parametrize("mode", ["late", "lost", "garbage", "huge", "twice"])
def test_given_an_unclear_answer_then_the_system_is_asked_and_the_customer_hears_what_is_true(
    crm: Crm, mode: str
) -> None:
    customer = crm.asked()
    crm.store.mode = mode
    assert crm.says_yes(customer) == DONE
    crm.store.mode = "good"
    heard = len(customer.messages)
    assert connectors.settle_open_intents(older_than_s=-300) == 0
    crm.system.settle(300)
    assert (len(customer.messages), len(crm.store.tickets())) == (heard, 1), (
        "a late answer is nobody's answer"
    )
    assert crm.states(customer) == [("done", "")]
    assert customer.info.owner == "assistant"


@pytest.mark.parametrize("mode", ["500", "slow_down", "redirect"])
def test_given_a_system_that_stays_away_then_a_person_takes_over_and_knows_what_is_left(
    crm: Crm, mode: str
) -> None:
    customer = crm.asked()
    crm.store.mode = mode
    said = crm.says_yes(customer)
    assert said.startswith(AWAY)
    assert "You are number 1" in said
    assert customer.info.owner == "queue"
    briefing = customer.info.briefing
    assert (briefing["reason"], briefing["tried"]) == ("system_unavailable", ["Open a ticket: failed"])
    assert briefing["left"] == ["Open a ticket (subject: Something is broken)"]
    assert (crm.states(customer), crm.store.tickets()) == ([("intended", "unavailable")], [])
    crm.store.mode = "good"
    assert connectors.settle_open_intents(older_than_s=-300) == 1
    assert crm.states(customer) == [("refused", "never_happened")]
    assert crm.store.tickets() == [], "nobody opens it behind the person's back"


def test_given_a_system_away_for_a_moment_then_the_customer_hears_nothing_of_it(crm: Crm) -> None:
    customer = crm.asked()
    crm.store.mode = "500"
    asked, heard = customer.last, len(customer.replies)
    values = {"submitted_values": [{"value": "confirm:yes"}]}
    customer.call("PATCH", f"{customer.url}/messages/{asked['id']}", values)
    crm.system.settle(0.2, is_strict=False)
    assert len(customer.replies) == heard
    crm.store.mode = "good"
    crm.system.settle(60)
    assert [reply["content"] for reply in customer.replies[heard:]] == [DONE]
    assert (crm.states(customer), len(crm.store.tickets())) == ([("done", "")], 1)


def test_given_no_way_to_ask_then_nothing_is_repeated_and_a_person_looks(crm: Crm) -> None:
    crm.publish("crm.send_ticket")
    customer = crm.asked()
    crm.store.mode = "late"
    assert crm.says_yes(customer).startswith(AWAY)
    assert customer.info.owner == "queue"
    assert len(crm.store.tickets()) == 1, "it happened, and was not tried again"
    crm.store.mode = "good"
    connectors.settle_open_intents(older_than_s=-300)
    assert crm.states(customer) == [("failed", "outcome_unknown")]


def test_given_a_refusal_then_it_is_told_in_the_procedure_s_words(crm: Crm) -> None:
    customer = crm.asked()
    crm.store.mode = "refuse"
    assert crm.says_yes(customer) == "You have too many open tickets. Close one first."
    assert (crm.states(customer), customer.info.owner) == ([("refused", "too_many_open")], "assistant")


def test_given_two_answers_to_one_request_then_the_next_customer_gets_their_own(crm: Crm) -> None:
    first, second = crm.asked(), crm.asked()
    crm.store.mode = "twice"
    assert crm.says_yes(first) == DONE
    assert crm.says_yes(second) == "Your ticket is T2."
    assert len({ticket["reference"] for ticket in crm.store.tickets()}) == 2


def test_given_an_action_revoked_before_the_yes_then_a_person_takes_over_and_nothing_is_done(
    crm: Crm,
) -> None:
    customer = crm.asked()
    connectors.save_limits(ActionLimits("crm.create_ticket", is_revoked=True))
    said = crm.says_yes(customer)
    assert "colleague" in said
    assert (customer.info.owner, customer.info.briefing["reason"]) == ("queue", "revoked")
    assert (crm.states(customer), crm.store.tickets()) == ([], [])


def test_given_an_action_revoked_while_it_is_tried_then_it_is_not_tried_again(crm: Crm) -> None:
    customer = crm.asked()
    crm.store.mode = "500"
    asked = customer.last
    values = {"submitted_values": [{"value": "confirm:yes"}]}
    customer.call("PATCH", f"{customer.url}/messages/{asked['id']}", values)
    crm.system.settle(0.2, is_strict=False)
    assert crm.states(customer) == [("intended", "unavailable")]
    connectors.save_limits(ActionLimits("crm.create_ticket", is_revoked=True))
    crm.store.mode = "good"
    crm.system.settle(90, is_strict=False)
    assert "colleague" in str(customer.last["content"]), transcript(customer)
    assert (customer.info.owner, crm.store.tickets()) == ("queue", [])
    assert crm.states(customer) == [("refused", "revoked")]


@pytest.mark.parametrize("how", ["off", "gone", "action gone"])
def test_given_a_system_taken_away_before_the_yes_then_a_person_takes_over(crm: Crm, how: str) -> None:
    customer = crm.asked()
    known = connectors.find_connector("crm")
    assert known is not None
    if how == "off":
        connectors.change_connector(
            ConnectorInfo("crm", known.kind, known.base_url, True, False, known.settings)
        )
    elif how == "gone":
        connectors.remove_connector("crm")
    else:
        connectors.remove_declared("crm", "crm.create_ticket")
    said = crm.says_yes(customer)
    assert "colleague" in said, said
    assert (customer.info.owner, crm.store.tickets()) == ("queue", [])
    assert [state for state, _ in crm.states(customer) if state == "done"] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("cs", "kolega"),
        ("de", "Kolleg"),
        ("es", "compañer"),
        ("ru", "коллег"),
        ("zh", "同事"),
    ],
)
def test_given_any_language_then_what_happens_next_is_told_in_it(crm: Crm, language: str, words: str) -> None:
    customer = crm.asked(language)
    crm.store.mode = "500"
    said = crm.says_yes(customer)
    assert words in said.lower() or words in said, said
    assert AWAY not in said
