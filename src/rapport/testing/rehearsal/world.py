"""The sandbox of a rehearsal: a shop in memory with something of everything, records given by a test, answers planned.

A procedure that needs records or actions of another system can be rehearsed when a test file gives them; `missing`
says what nobody has given.
"""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rapport.connectors.contracts import CallOutcome, ConnectorDown, JsonDict, Principal, Record
from rapport.kernel.errors import InvalidInput
from rapport.procedures.api import ACTION_NEED, CUSTOMER_NEED, FILE_NEED, RUNS_NEED, Definition
from rapport.procedures.contracts import NEEDS_APPROVAL, Option
from rapport.testing.rehearsal.holding import file_option, find_customers, make_file
from rapport.testing.shop_twin import TwinShop

CUSTOMER = "ada_1"
NOW = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.UTC)
"""When conversations begin, unless a test says otherwise."""
SHOP_TYPES = frozenset(
    {"shop.order", "shop.order_item", "shop.variant", "shop.payment_method", "shop.product"}
)
SHOP_READS = frozenset({"shop.get_order", "shop.list_orders", "shop.list_gift_cards", "shop.find_product"})
GIVEN_READS = frozenset({"shop.get_loyalty", "shop.get_contact_data", "shop.search_products"})
"""Reads that change nothing either; what they answer is given by the test file."""
SHOP_WRITES = frozenset(
    {
        "shop.cancel_order", "shop.change_address", "shop.change_items", "shop.change_payment",
        "shop.return_items", "shop.exchange_items", "shop.change_customer_address", "shop.report_problem",
    }
)  # fmt: skip

DOCUMENTS = frozenset({"documents.return_label", "documents.complaint_form", "documents.withdrawal_form"})
"""Documents that come along with Rapport; here they only get a number, no paper is made."""

GIVE = "a test case gives it under"


class BadSetting(InvalidInput):
    """What a test gives the sandbox cannot be used."""

    code = "bad_setting"


@dataclass(frozen=True, slots=True)
class Setting:
    """What differs from the standard sandbox, as a test file's `given` says."""

    is_known: bool = True
    """Whether the customer has proven who they are."""
    is_down: bool = False
    change: Mapping[str, JsonDict] = field(default_factory=dict)
    """Record id → fields that differ from the standard record."""
    records: Mapping[str, tuple[JsonDict, ...]] = field(default_factory=dict)
    """Slot type → the only records of it."""
    results: Mapping[str, JsonDict | tuple[JsonDict, ...]] = field(default_factory=dict)
    """Action → ``{ok, code, message, data}`` it answers, or several of them: one after another, the last again."""
    customer: JsonDict = field(default_factory=dict)
    """Fields that differ from the standard customer."""
    now: dt.datetime = NOW
    """The moment at which the conversation begins."""
    tone: Literal["formal", "informal"] = "formal"
    runs: Mapping[str, int] = field(default_factory=dict)
    """Limit → how often the procedure has ended done within its time."""


def standard_shop() -> TwinShop:
    """A shop with an order in every state, variants in and out of stock, and four ways to pay."""
    shop = TwinShop(currency="USD")
    shop.add_customer(CUSTOMER, "Ada Young", "ada@example.com")
    shop.add_method(CUSTOMER, "paypal_1", "paypal", "PayPal")
    shop.add_method(CUSTOMER, "gift_2", "gift_card", "second gift card", 900.0)
    shop.add_order(CUSTOMER, "#W1735502", "pending", ("Kettle", 40.0), ("Lamp", 60.0))
    shop.add_order(CUSTOMER, "#W2846613", "pending", ("Backpack", 120.0))
    shop.add_order(CUSTOMER, "#W3957724", "delivered", ("Headphones", 150.0), ("Blender", 80.0))
    shop.add_order(CUSTOMER, "#W4168835", "delivered", ("Jacket", 200.0), ("Watch", 90.0))
    shop.add_order(CUSTOMER, "#W5279946", "shipped", ("Bicycle", 700.0))
    shop.add_order(CUSTOMER, "#W6380157", "cancelled", ("Tent", 300.0))
    shop.add_order(CUSTOMER, "#W7491268", "pending (item modified)", ("Speaker", 130.0))
    shop.add_order(CUSTOMER, "#W8502379", "return requested", ("Camera", 450.0))
    shop.orders["#W7491268"]["was_modified"] = True
    for name, price in (
        ("Kettle", 40.0), ("Lamp", 60.0), ("Backpack", 120.0), ("Headphones", 150.0), ("Blender", 80.0),
        ("Jacket", 200.0), ("Watch", 90.0), ("Bicycle", 700.0),
    ):  # fmt: skip
        shop.add_variants(name, ("red", price, True), ("blue", price + 15.0, True), ("green", price, False))
    return shop


@dataclass(slots=True)
class Sandbox:
    """One customer's view of the connected systems, and what was done there."""

    setting: Setting = field(default_factory=Setting)
    shop: TwinShop = field(default_factory=standard_shop)
    writes: list[tuple[str, JsonDict]] = field(default_factory=list)
    """Every change that happened: action and arguments."""
    calls: list[tuple[str, JsonDict, CallOutcome]] = field(default_factory=list)
    """Every call, reads and refusals included."""
    approved: set[str] = field(default_factory=set)
    """Keys of calls that a person has approved: an answer ``needs_approval`` no longer stands against them."""
    files: list[JsonDict] = field(default_factory=list)
    """What the customer has sent."""
    faults: frozenset[str] = frozenset()
    """Actions whose calls fail once for a technical reason before they work."""
    _failed: set[str] = field(default_factory=set)
    _answered: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        unknown = dict(self.setting.change)
        for order in self.shop.orders.values():
            _change(order, unknown.pop(order["id"], {}))
        customer = self.shop.customers[CUSTOMER]
        _change(customer, self.setting.customer)
        for method in customer["payment_methods"]:
            _change(method, unknown.pop(method["id"], {}))
        for variant in (v for known in self.shop.variants.values() for v in known):
            _change(variant, unknown.pop(variant["id"], {}))
        if unknown:
            raise BadSetting(f"there is no record {', '.join(sorted(unknown))} in the sandbox to change")
        self.shop.is_down = self.setting.is_down
        for data in self.setting.records.get("file", ()):
            self.add_file(data)

    @property
    def customer(self) -> JsonDict | None:
        """The customer's record as procedures see it; None while unknown."""
        return copy.deepcopy(self.shop.customers[CUSTOMER]) if self.setting.is_known else None

    def list_options(self, type_: str, of: JsonDict, language: str) -> tuple[Option, ...]:
        """The records of a slot type. Raises ConnectorDown."""
        if self.setting.is_down:
            raise ConnectorDown("the sandbox is down")
        if type_.startswith(ACTION_NEED):
            return self._look_up(type_.removeprefix(ACTION_NEED), of)
        if type_ == RUNS_NEED:
            count = self.setting.runs.get(str(of.get("limit")), 0)
            return (Option(str(count), str(count), data={"count": count}),)
        if type_ == FILE_NEED:
            return tuple(file_option(copy.deepcopy(data)) for data in self.files)
        if type_ == CUSTOMER_NEED:
            known = self.setting.records.get("customer", (self.shop.customers[CUSTOMER],))
            return find_customers(copy.deepcopy(known), str(of.get("query", "")))
        if type_ in self.setting.records:
            return tuple(_option(copy.deepcopy(data)) for data in self.setting.records[type_])
        if type_ not in SHOP_TYPES:
            return ()
        found = self.shop.list_records(type_, Principal(CUSTOMER, "rehearsal", language), of)
        return tuple(_from_record(record) for record in found)

    def add_file(self, given: str | Mapping[str, Any]) -> str:
        """The customer sends a file, by its name or its fields; returns its id, the same for the same name."""
        data = make_file(given)
        if all(known["id"] != data["id"] for known in self.files):
            self.files.append(data)
        return str(data["id"])

    def call(self, action: str, arguments: JsonDict, key: str) -> CallOutcome:
        """Perform an action, or answer as planned. Raises ConnectorDown."""
        if action in self.faults and key not in self._failed:
            self._failed.add(key)
            raise ConnectorDown("a fault, for once")
        outcome = self._perform(action, arguments, key)
        if outcome.ok and action not in SHOP_READS | GIVEN_READS:
            self.writes.append((action, copy.deepcopy(arguments)))
        return outcome

    @property
    def has_failed(self) -> bool:
        """Whether a fault has come up."""
        return bool(self._failed)

    def _look_up(self, action: str, arguments: JsonDict) -> tuple[Option, ...]:
        """What a reading action answers; nothing when it does not."""
        outcome = self._perform(action, arguments, "look-up")
        return (Option("", action, data=dict(outcome.data)),) if outcome.ok else ()

    def _perform(self, action: str, arguments: JsonDict, key: str) -> CallOutcome:
        if self.setting.is_down:
            raise ConnectorDown("the sandbox is down")
        planned = self._planned(action)
        if planned is not None and planned.get("code") == NEEDS_APPROVAL and key in self.approved:
            planned = None if action in SHOP_WRITES else {"ok": True}
        if planned is not None:
            outcome = CallOutcome(
                ok=bool(planned.get("ok", True)),
                data=copy.deepcopy(dict(planned.get("data", {}))),
                code=str(planned.get("code", "")),
                message=str(planned.get("message", "")),
            )
        elif action in SHOP_READS | SHOP_WRITES:
            outcome = self.shop.call(action, arguments, Principal(CUSTOMER, "rehearsal"), key)
        elif action in DOCUMENTS:
            outcome = CallOutcome(ok=True, data={"number": "R1"})
        else:
            outcome = CallOutcome(ok=False, code="not_in_sandbox")
        self.calls.append((action, arguments, outcome))
        return outcome

    def _planned(self, action: str) -> JsonDict | None:
        """What a test gives as the answer."""
        planned = self.setting.results.get(action)
        if not isinstance(planned, tuple):
            return planned
        self._answered[action] += 1
        return planned[min(self._answered[action], len(planned)) - 1] if planned else None

    def fingerprint(self) -> str:
        """A digest of the end state: what was changed, with what, in which order, and the shop's data."""
        state = [self.writes, self.shop.orders, self.shop.customers, self.shop.claims]
        return hashlib.sha256(json.dumps(state, sort_keys=True, default=str).encode()).hexdigest()[:16]


def missing(
    definition: Definition, setting: Setting | None = None, book: Mapping[str, Definition] | None = None
) -> tuple[str, ...]:
    """What of a definition, and of those in the book that it runs, the sandbox has no data for."""
    given, found = setting or Setting(), list[str]()
    waiting, seen = [definition], {definition.name}
    while waiting:
        one = waiting.pop(0)
        found += _missing(one, given, "" if one is definition else f"procedure {one.name!r}: ")
        others = [name for name in one.runs if name not in seen and book is not None]
        found += [f"there is no procedure {name!r}" for name in others if name not in (book or {})]
        waiting += [book[name] for name in others if book is not None and name in book]
        seen |= set(others)
    return tuple(dict.fromkeys(found))


def _missing(definition: Definition, given: Setting, start: str) -> list[str]:
    found = [
        f"{start}slot {slot.name!r}: no records of type {slot.type!r}; {GIVE} 'records'"
        for slot in definition.slots
        if slot.is_looked_up
        and slot.type not in SHOP_TYPES | {"customer", "file"}
        and slot.type not in given.records
    ]
    named = [action.action for action in definition.actions]
    named += [action.undo.action for action in definition.actions if action.undo is not None]
    named += [lookup.action for lookup in definition.lookups]
    found += [
        f"{start}action {name!r}: no answer is given; {GIVE} 'results'"
        for name in dict.fromkeys(named)
        if name not in SHOP_READS | SHOP_WRITES | DOCUMENTS and name not in given.results
    ]
    return found


def _option(data: JsonDict) -> Option:
    title = str(data.get("title") or data.get("name") or data["id"])
    aliases = tuple(str(alias) for alias in data.get("aliases", ()))
    options: Any = data.get("options", {})
    attributes = {str(k): str(v) for k, v in options.items()} if isinstance(options, Mapping) else {}
    return Option(str(data["id"]), title, data=data, aliases=aliases, attributes=attributes)


def _from_record(record: Record) -> Option:
    return Option(
        record.value, record.title, record.description, record.data, record.aliases, record.attributes
    )


def _change(record: JsonDict, fields: Mapping[str, Any]) -> None:
    record.update(copy.deepcopy(dict(fields)))
