"""A small shop, a plain reader and a driver for tests of procedures."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass, field
from typing import Any, Literal

from rapport.procedures.contracts import (
    ActionResult,
    Ask,
    Call,
    Confirm,
    DialogueState,
    Effect,
    Ended,
    HandOver,
    Identify,
    Input,
    Need,
    Option,
    Provided,
    RuleTrace,
    Step,
    Tell,
    World,
)
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.interpreter import advance
from rapport.procedures.logic.state import state_from_json, state_to_json

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)

PLACES = {"first": 0, "second": 1, "third": 2}


class PlainReader:
    """Finds options named in the text by whole words, ids and places before other names; "all" takes all."""

    def resolve(
        self, text: str, options: tuple[Option, ...], *, many: bool
    ) -> tuple[tuple[Option, ...], bool]:
        words = f" {_plain(text)} "
        if many and " all " in words:
            return options, False
        if " other " in words and len(options) == 1:
            return options, False
        found = tuple(
            option for option in options if any(f" {name} " in words for name in _names(option)[:1])
        )
        places = [word for word in words.split() if word in PLACES]
        if not found and places:
            return options[PLACES[places[0]] : PLACES[places[0]] + 1], False
        if not found:
            found = tuple(o for o in options if any(f" {name} " in words for name in _names(o)))
        return found, len(found) > 1 and not many

    def address(self, text: str) -> dict[str, str]:
        return dict(re.findall(r"(address1|address2|city|state|country|zip)=(\w+)", text))

    def number(self, text: str) -> float | None:
        found = re.search(r"\d+(?:\.\d+)?", text)
        return float(found.group()) if found else None

    def amount(self, text: str) -> float | None:
        found = re.findall(r"(\d+(?:\.\d+)?) euros?", text)
        return float(found[0]) if len(found) == 1 else None


def _names(option: Option) -> list[str]:
    return [_plain(name) for name in (option.value.lstrip("#"), option.title, *option.aliases) if name]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w#]+", text.lower()))


def item(line: str, name: str, colour: str, price: float) -> dict[str, Any]:
    return {
        "id": line,
        "variant_id": f"{name}-{colour}",
        "product_id": name,
        "name": name.title(),
        "title": f"{name.title()}, {colour}",
        "price": price,
        "options": {"color": colour},
    }


def order(number: str, status: str, items: list[dict[str, Any]], method: str = "visa") -> Option:
    data = {
        "id": f"#W{number}",
        "status": status,
        "items": items,
        "total": sum(entry["price"] for entry in items),
        "currency": "USD",
        "payment_method_id": method,
        "payment_method": {"id": method, "kind": "credit_card", "title": "Visa ending 4242", "balance": 0.0},
        "delivered_at": "2026-11-03T10:00:00Z",
        "item_count": len(items),
    }
    names = tuple(entry["name"] for entry in items)
    return Option(
        f"#W{number}", f"#W{number} · {len(items)} items", data=data, aliases=(f"W{number}", *names)
    )


HEADPHONES = item("l1", "headphones", "black", 120.0)
LAMP = item("l2", "lamp", "white", 40.0)
KETTLE = item("l3", "kettle", "red", 30)

ORDERS = (
    order("1", "delivered", [HEADPHONES, LAMP]),
    order("2", "pending", [KETTLE]),
    order("3", "delivered", [item("l1", "lamp", "blue", 45.0), item("l2", "chair", "green", 600.0)]),
)

METHODS = (
    Option(
        "visa", "Visa ending 4242", data={"kind": "credit_card", "balance": 0.0}, aliases=("visa", "card")
    ),
    Option("gift", "Gift card", data={"kind": "gift_card", "balance": 10.0}),
    Option("paypal", "PayPal", data={"kind": "paypal", "balance": 0.0}),
)

CUSTOMER: dict[str, Any] = {
    "id": "c1",
    "name": "Ada Novak",
    "email": "ada@example.com",
    "address": {
        "address1": "Long Street 1",
        "address2": "2B",
        "city": "Brno",
        "country": "CZ",
        "zip": "60200",
    },
}


def variants(product: str) -> tuple[Option, ...]:
    prices = {"black": 120.0, "blue": 130.0, "gold": 150.0, "silver": 120.0, "white": 40.0, "grey": 40.0}
    colours = {"headphones": ("black", "blue", "gold", "silver"), "lamp": ("white", "grey")}.get(
        product, ("red",)
    )
    return tuple(
        Option(
            f"{product}-{colour}",
            colour,
            data={
                "name": product.title(),
                "price": prices.get(colour, 30.0),
                "available": colour != "gold",
            },
        )
        for colour in colours
    )


@dataclass
class Driver:
    """Answers needs from the shop above and records what is called."""

    book: ProcedureBook
    customer: dict[str, Any] | None = field(default_factory=lambda: dict(CUSTOMER))
    language: str = "en"
    orders: tuple[Option, ...] = ORDERS
    methods: tuple[Option, ...] = METHODS
    results: dict[str, list[ActionResult]] = field(default_factory=dict)
    """Action → results to give, in turn; a plain success without."""
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Action that is looked up → what it finds; nothing without."""
    files: tuple[Option, ...] = ()
    """What the customer has sent in the conversation."""
    customers: tuple[Option, ...] = ()
    """Whom members of staff can find, by any word of the title."""
    runs: dict[str, int] = field(default_factory=dict)
    """Limit → how often it was used."""
    tone: Literal["formal", "informal"] = "formal"
    records: dict[str, tuple[Option, ...]] = field(default_factory=dict)
    """Type → the records of another system."""
    is_down: bool = False
    is_silent: bool = False
    """The customer is verified, and their record cannot be had."""
    now: dt.datetime | None = NOW
    state: DialogueState = field(default_factory=lambda: DialogueState(seed="conv"))
    calls: list[Call] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    """Of the last turn."""
    trace: list[RuleTrace] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)

    @property
    def world(self) -> World:
        customer = None if self.is_silent else self.customer
        return World(
            self.language, PlainReader(), customer, now=self.now, tone=self.tone, is_silent=self.is_silent
        )

    def step(self, given: Input) -> Step:
        step = advance(self.book, self.state, given, self.world)
        data = json.loads(json.dumps(state_to_json(step.state)))
        assert state_from_json(data) == step.state
        self.state = state_from_json(data)
        self.trace += step.trace
        self.filled += step.filled
        return step

    def send(self, given: Input) -> list[Effect]:
        """One turn: go on until the interpreter rests."""
        self.effects, self.trace, self.filled = [], [], []
        step = self.step(given)
        for _ in range(30):
            self.effects += [effect for effect in step.effects if not isinstance(effect, (Need, Call))]
            if step.needs:
                self.needs += step.needs
                found = {need.key: self.look_up(need) for need in step.needs}
                step = self.step(Provided({}, "timeout") if self.is_down else Provided(found))
            elif step.call:
                self.calls.append(step.call)
                step = self.step(self.perform(step.call))
            else:
                return self.effects
        raise AssertionError("the interpreter does not rest")

    def look_up(self, need: Need) -> tuple[Option, ...]:
        if need.type in self.records:
            return self.records[need.type]
        if need.type.startswith("rapport."):
            return self.look_up_here(need)
        if need.type.startswith("action:"):
            found = self.answers.get(need.type.removeprefix("action:"))
            return () if found is None else (Option("", "", data=found),)
        if need.type == "shop.order":
            return self.orders
        if need.type == "shop.order_item":
            return tuple(
                Option(i["id"], i["title"], data=i, aliases=(i["name"],)) for i in need.of["order"]["items"]
            )
        if need.type == "shop.variant":
            return variants(need.of["item"]["product_id"])
        return self.methods if need.type == "shop.payment_method" else ()

    def look_up_here(self, need: Need) -> tuple[Option, ...]:
        if need.type == "rapport.file":
            return self.files
        if need.type == "rapport.runs":
            return (Option("", "", data={"count": self.runs.get(need.of["limit"], 0)}),)
        words = set(_plain(need.of["query"]).split())
        return tuple(o for o in self.customers if words & {*_plain(o.title).split(), o.value})

    def perform(self, call: Call) -> ActionResult:
        planned = self.results.get(call.action)
        if planned:
            result = planned.pop(0)
            return ActionResult(call.key, result.ok, result.data, result.code, result.message)
        return ActionResult(call.key, True, {"ok": True, **call.arguments})

    # ── what the turn left open ──

    def one(self, kind: type[Any]) -> Any:
        found = [effect for effect in self.effects if isinstance(effect, kind)]
        assert len(found) == 1, self.effects
        return found[0]

    @property
    def asked(self) -> Ask:
        found: Ask = self.one(Ask)
        return found

    @property
    def told(self) -> list[str]:
        return [effect.text for effect in self.effects if isinstance(effect, Tell)]

    @property
    def ended(self) -> list[tuple[str, str]]:
        return [(effect.procedure, effect.outcome) for effect in self.effects if isinstance(effect, Ended)]

    def values(self, slot: str) -> tuple[str, ...]:
        value = self.state.stack[-1].slots.get(slot)
        return () if value is None else tuple(option.value for option in value.options)

    def resting(self) -> list[type[Effect]]:
        kinds = (Ask, Confirm, Identify, HandOver)
        return [type(effect) for effect in self.effects if isinstance(effect, kinds)]
