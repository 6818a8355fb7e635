"""Calls after something was done: each is judged when it is made, and what the procedure did itself is not held against it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from rapport.connectors.contracts import ConnectorDown
from rapport.procedures.contracts import (
    TIMED_OUT,
    UNTOLD,
    ActionResult,
    Affirm,
    Call,
    Effect,
    Ended,
    Fill,
    HandOver,
    Input,
    Need,
    Option,
    StartProcedure,
    Tell,
    Wake,
)
from rapport.procedures.judging import TurnPolicy
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.logic.state import state_from_json, state_to_json
from rapport.procedures.tests.shop import NOW, Driver, order

KETTLE = {"id": "l1", "name": "Kettle", "title": "Kettle", "price": 30.0}

TRADE_IN = """
procedure: trade_in
version: 1
title: {en: Trade an order in}
identify: verified_customer
limits:
  - {name: once, count: 1, within: "365 days", say: {en: "Only once a year."}}
slots:
  order:
    type: shop.order
    where: "order.status == 'delivered' && days_since(order.delivered_at) <= 14"
    ask: {en: "Which order?"}
    refused:
      - {when: "order.status != 'delivered'", rule: not_delivered, say: {en: "Order {order.id} is {order.status}."}}
lookups:
  account: {action: bank.find_account, with: {order_id: order.id}, none: {en: "There is no account for it."}}
rules:
  - {name: not_too_dear, check: "order.total <= 500", say: {en: "That is too dear."}}
human_when:
  - {name: fraud, when: "order.flag == 'fraud'", say: {en: "A colleague looks at it."}}
confirm: {lines: [{en: "Trade {order} in"}]}
do:
  - {action: shop.take_back, with: {order_id: order.id}, as: taken, undo: {action: shop.send_again, with: {order_id: order.id}}}
  - {action: shop.tell_stock, with: {order_id: order.id}, as: told, undo: none}
  - {wait: {for: "28 days", event: parcel.arrived, of: order.id}}
  - {action: shop.pay_out, with: {order_id: order.id, amount: order.total}, as: paid}
done: {en: "Paid {paid.amount|money}."}
"""


@dataclass
class Judged(Driver):
    """A driver that asks the policy before each change, as the assistant does."""

    refused: list[str] = field(default_factory=list)
    looks: int = 0
    """How often the policy looked something up."""
    is_away: bool = False

    def __post_init__(self) -> None:
        self.orders = (replace(order("7", "delivered", [KETTLE]), data=self._data()),)
        self.answers = {"bank.find_account": {"number": "42"}}

    def _data(self) -> dict[str, Any]:
        return {
            **order("7", "delivered", [KETTLE]).data,
            "delivered_at": (NOW - dt.timedelta(days=10)).isoformat(),
            "flag": "",
        }

    def change(self, **fields: Any) -> None:
        """The order becomes another, by whose hand it may be."""
        (one,) = self.orders
        self.orders = (replace(one, data={**one.data, **fields}),)

    def look_anew(self, need: Need) -> tuple[Option, ...]:
        self.looks += 1
        if self.is_away:
            raise ConnectorDown("away")
        return self.look_up(need)

    def send(self, given: Input) -> list[Effect]:
        self.policy = TurnPolicy(self.book, self.look_anew)
        super().send(given)
        self.state = self.policy.settle(self.state, self.world)
        self.state = state_from_json(state_to_json(self.state))
        return self.effects

    def perform(self, call: Call) -> ActionResult:
        verdict = self.policy.judge(call, self.state, self.world)
        if not verdict.is_permitted:
            self.calls.remove(call)
            self.refused.append(verdict.rule)
            return ActionResult(call.key, False, {}, f"rule:{verdict.rule}", verdict.text)
        result = super().perform(call)
        if call.action == "shop.take_back":
            self.change(status="return requested")
        if result.ok:
            self.policy.note_change(self.state)
        return result

    policy: TurnPolicy = field(init=False)

    @property
    def done(self) -> list[str]:
        return [call.action.removeprefix("shop.") for call in self.calls]

    def wake(self, event: str = "parcel.arrived", weeks: int = 3) -> list[Effect]:
        (waiting,) = [f.waiting for f in self.state.waiting if f.waiting is not None]
        assert self.now is not None
        self.now += dt.timedelta(weeks=weeks)
        return self.send(Wake(waiting.key, event))


def trading(source: str = TRADE_IN) -> Judged:
    """A customer has agreed; the order is taken back, and the parcel is waited for."""
    driver = Judged(ProcedureBook([parse_definition(source)]))
    driver.send(StartProcedure("trade_in"))
    driver.send(Affirm())
    assert driver.done == ["take_back", "tell_stock"]
    return driver


def test_what_the_procedure_has_broken_itself_is_not_held_against_it_weeks_later() -> None:
    driver = trading()
    assert driver.state.waiting[0].excused == ("not_delivered",)
    driver.wake()
    assert driver.done[2:] == ["pay_out"]
    assert driver.ended == [("trade_in", "done")]


def test_days_are_counted_to_the_moment_it_began_to_act() -> None:
    driver = trading()
    assert driver.state.waiting[0].excused is not None
    driver.wake(TIMED_OUT, weeks=4)
    assert driver.done[2:] == ["pay_out"], "ten days after delivery it began; what comes later is no fault"


@pytest.mark.parametrize(
    ("change", "rule", "words"),
    [
        ({"total": 900.0}, "not_too_dear", "That is too dear."),
        ({"flag": "fraud"}, "human:fraud", "A colleague looks at it."),
        ({"id": "#W8"}, "order.listed", ""),
    ],
)
def test_what_others_have_changed_meanwhile_stops_it_and_what_was_done_is_taken_back(
    change: dict[str, Any], rule: str, words: str
) -> None:
    driver = trading()
    if "id" in change:
        driver.orders = (replace(driver.orders[0], value=change["id"]),)
    driver.change(**change)
    driver.wake()
    assert driver.done[2:] == ["send_again"]
    assert driver.ended == [("trade_in", "refused")]
    assert words in " ".join(driver.told)
    assert driver.refused == [rule]


def test_where_it_cannot_be_taken_back_a_person_takes_over() -> None:
    driver = trading(TRADE_IN.replace(", undo: {action: shop.send_again, with: {order_id: order.id}}", ""))
    driver.change(total=900.0)
    driver.wake()
    assert [e.reason for e in driver.effects if isinstance(e, HandOver)] == ["partly_done"]
    assert [e.text for e in driver.effects if isinstance(e, Tell)] == ["That is too dear."]
    assert driver.done == ["take_back", "tell_stock"]


def test_limits_and_look_ups_are_made_anew() -> None:
    driver = trading()
    driver.runs = {"once": 1}
    driver.wake()
    assert "Only once a year." in driver.told
    driver = trading()
    driver.answers = {}
    driver.wake()
    assert "There is no account for it." in driver.told
    assert driver.done[2:] == ["send_again"]


def test_a_record_that_it_took_off_the_list_itself_may_be_gone() -> None:
    driver = Judged(ProcedureBook([parse_definition(TRADE_IN)]))
    driver.send(StartProcedure("trade_in"))

    def take(call: Call) -> ActionResult:
        result = Judged.perform(driver, call)
        driver.orders = ()
        return result

    driver.perform = take  # type: ignore[method-assign]
    driver.send(Affirm())
    assert driver.state.waiting[0].excused == ("order.listed",)
    driver.wake()
    assert driver.done[2:] == ["pay_out"]


def test_what_follows_at_once_is_not_looked_up_again() -> None:
    driver = Judged(ProcedureBook([parse_definition(TRADE_IN)]))
    driver.send(StartProcedure("trade_in"))
    assert driver.looks == 0
    driver.send(Affirm())
    first_and_settling = 2 * 3 + 1  # limit, orders, account; the second time once more for what it has broken
    assert driver.looks <= first_and_settling
    single = TRADE_IN[: TRADE_IN.index("  - {wait")] + "done: {en: Done.}\n"
    driver = Judged(ProcedureBook([parse_definition(single)]))
    driver.send(StartProcedure("trade_in"))
    driver.send(Affirm())
    assert driver.looks == 3, "nothing is left to call: nothing is noted"


def test_what_cannot_be_looked_up_then_stands_against_nothing_later() -> None:
    driver = Judged(ProcedureBook([parse_definition(TRADE_IN)]))
    driver.send(StartProcedure("trade_in"))
    driver.is_away = True
    driver.send(Affirm())
    assert driver.state.waiting[0].excused == (UNTOLD,)
    driver.is_away = False
    driver.change(total=900.0)
    driver.wake()
    assert driver.done[2:] == ["pay_out"]


def test_a_state_from_before_is_judged_as_then() -> None:
    data = state_to_json(trading().state)
    del data["waiting"][0]["excused"]
    assert state_from_json(data).waiting[0].excused == (UNTOLD,)
    data["waiting"][0]["completed"] = []
    assert state_from_json(data).waiting[0].excused is None


def test_another_call_than_the_one_it_stands_at_is_refused() -> None:
    driver = trading()
    (frame,) = driver.state.waiting
    running = replace(
        driver.state, stack=(replace(frame, status="calling", waiting=None, step=3),), waiting=()
    )
    policy = TurnPolicy(driver.book, driver.look_anew)
    amount = {"order_id": "#W7", "amount": 30.0}
    assert policy.judge(Call("shop.pay_out", amount, "k"), running, driver.world).is_permitted
    for call in (
        Call("shop.pay_out", {**amount, "amount": 900.0}, "k"),
        Call("shop.take_back", {"order_id": "#W7"}, "k"),
    ):
        assert not policy.judge(call, running, driver.world).is_permitted


REPLACE = """
procedure: replace_order
version: 1
title: {en: Replace}
identify: verified_customer
slots:
  order: {type: shop.order, where: "order.status == 'delivered'", ask: {en: "Which order?"}}
confirm: {lines: [{en: "Replace {order}"}]}
do:
  - {run: trade_in, with: {order: order.id}}
  - {action: shop.send_new, with: {order_id: order.id}}
done: {en: "It is on its way."}
"""


def test_what_a_procedure_that_it_runs_has_changed_counts_as_its_own() -> None:
    book = ProcedureBook([parse_definition(TRADE_IN), parse_definition(REPLACE)])
    driver = Judged(book)
    driver.send(StartProcedure("replace_order"))
    driver.send(Affirm())
    driver.send(Affirm())
    assert {f.procedure: f.excused for f in driver.state.waiting} == {
        "trade_in": ("not_delivered",),
        "replace_order": ("order.where",),
    }
    driver.wake()
    assert driver.done[2:] == ["pay_out", "send_new"]
    assert driver.ended[-1] == ("replace_order", "done")


def test_each_of_several_is_judged_once_at_the_beginning() -> None:
    source = """
procedure: cancel_all
version: 1
title: {en: Cancel all}
identify: verified_customer
slots:
  orders: {type: shop.order, many: true, where: "order.status == 'delivered'", ask: {en: "Which?"}}
confirm: {lines: [{en: "All of {orders}"}]}
do:
  - {action: shop.cancel, each: orders, with: {order_id: item.id}}
"""
    driver = Judged(ProcedureBook([parse_definition(source)]))
    (one,) = driver.orders
    driver.orders = (one, replace(one, value="#W8", data={**one.data, "id": "#W8"}))
    driver.send(StartProcedure("cancel_all"))
    driver.send(Fill({"orders": ("#W7", "#W8")}))
    driver.send(Affirm())
    assert driver.done == ["cancel", "cancel"]
    assert isinstance(driver.effects[-1], Ended)
