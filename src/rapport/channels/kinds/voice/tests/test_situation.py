"""The menu by what a verified caller's orders allow."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from rapport.channels.kinds.voice.situation import rank_menu
from rapport.connectors import api as connectors
from rapport.connectors.contracts import ConnectorDown, Record
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, Verification
from rapport.kernel.clock import now
from rapport.procedures import api as procedures
from rapport.procedures.api import MenuEntry

WHERE = {
    "status": "",
    "cancel": "order.status == 'pending'",
    "give_back": "order.status == 'delivered'",
    "odd": "size(order.items) > 0",
    "contact": None,
}
"""Procedure → condition on its order; None: it asks for no order.

``odd`` needs what these records do not hold: then it is offered.
"""


def definition(name: str) -> procedures.Definition:
    source: dict[str, Any] = {
        "procedure": name,
        "version": 1,
        "identify": "verified_customer",
        "title": {"en": name},
        "done": [{"say": {"en": "done"}}],
    }
    if (where := WHERE[name]) is not None:
        slot = {"type": "shop.order", "ask": {"en": "Which?"}, **({"where": where} if where else {})}
        source["slots"] = {"order": slot}
    return procedures.parse_definition(source)


@pytest.fixture(autouse=True)
def _book(monkeypatch: pytest.MonkeyPatch) -> None:
    book = {name: definition(name) for name in WHERE}
    monkeypatch.setattr(procedures, "load_book", lambda: book)
    entries = [MenuEntry(name, name, "", "", "") for name in WHERE]
    monkeypatch.setattr(procedures, "list_menu", lambda language: entries)


@pytest.fixture
def caller(db: None) -> ConversationInfo:
    inbox = conversations.create_inbox("Telephone", "voice")
    talk = conversations.create_conversation(conversations.create_contact(inbox, {}))
    return dataclasses.replace(talk, verification=Verification("ada_1", "order_and_zip", now()))


def orders(monkeypatch: pytest.MonkeyPatch, *statuses: str) -> None:
    found = [Record(str(n), "", data={"status": status}) for n, status in enumerate(statuses)]
    monkeypatch.setattr(connectors, "list_records", lambda *_: found)


@pytest.mark.parametrize(
    ("statuses", "names"),
    [
        (("pending", "delivered"), "status cancel odd contact give_back"),
        (("delivered",), "status give_back odd contact cancel"),
        (("refunded",), "status odd contact cancel give_back"),
        ((), "contact status cancel give_back odd"),
    ],
)
def test_what_the_latest_order_allows_comes_first(
    caller: ConversationInfo, monkeypatch: pytest.MonkeyPatch, statuses: tuple[str, ...], names: str
) -> None:
    orders(monkeypatch, *statuses)
    ranks = rank_menu(caller)
    assert sorted(ranks, key=lambda entry: ranks[entry]) == [f"start:{name}" for name in names.split()]


def test_nothing_is_looked_up_for_who_is_not_verified(
    caller: ConversationInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connectors, "list_records", lambda *_: pytest.fail("not for a stranger"))
    assert rank_menu(dataclasses.replace(caller, verification=None)) == {}


def test_a_silent_shop_leaves_the_usual_menu(
    caller: ConversationInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: Any) -> Any:
        raise ConnectorDown("away")

    monkeypatch.setattr(connectors, "list_records", silent)
    assert rank_menu(caller) == {}
