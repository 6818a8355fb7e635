"""Records beside orders: what the customer has of the shop's services, in the customer's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from babel.dates import format_date

from rapport.connectors.contracts import JsonDict, Record
from rapport.connectors.kinds.shop.service_words import (
    CLAIM_STATES,
    DAY,
    DAY_PARTS,
    POINTS,
    ROLLING,
    TIME_PARTS,
)
from rapport.connectors.selling.records import BABEL, money, short_date
from rapport.kernel.languages import pick

REWARDS = (100, 200, 300, 500, 1000, 2000)


def _order_words(order_id: str) -> tuple[str, ...]:
    """How a customer writes an order's number."""
    return (order_id, order_id.lstrip("#"), order_id.lstrip("#W"))


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def invoice_records(invoices: Iterable[JsonDict], language: str) -> list[Record]:
    """Invoices, those that are still to come too."""
    records = []
    for invoice in invoices:
        order_id, when = invoice["order_id"], short_date(invoice["issued_at"], language)
        total = money(invoice["total"], invoice["currency"], language)
        data = {
            "id": order_id,
            "order_id": order_id,
            "number": invoice["number"],
            "is_issued": invoice["is_issued"],
            "issued_at": invoice["issued_at"] or "",
            "total": float(invoice["total"]),
            "currency": invoice["currency"],
        }
        title = f"{order_id} · {', '.join(invoice['names'][:2])}"
        aliases = (*_order_words(order_id), *filter(None, [invoice["number"]]), *invoice["names"])
        records.append(Record(order_id, title, _joined(when, total), data, tuple(dict.fromkeys(aliases))))
    return records


def payment_records(states: Iterable[JsonDict], language: str) -> list[Record]:
    """Orders whose paying took more than one attempt, or still waits."""
    records = []
    for state in states:
        order_id = state["order_id"]
        total = money(state["amount"], state["currency"], language)
        data = {
            "id": order_id,
            "order_id": order_id,
            "state": state["state"],
            "reason": state["reason"] or "",
            "reason_title": state["display_reason"],
            "failures": float(state["failures"]),
            "at": state["at"],
            "keep_until": state["keep_until"],
            "may_retry_at": state["may_retry_at"],
            "amount": float(state["amount"]),
            "currency": state["currency"],
        }
        description = _joined(total, short_date(state["at"], language))
        records.append(Record(order_id, order_id, description, data, _order_words(order_id)))
    return records


def warranty_records(items: Iterable[JsonDict], language: str) -> list[Record]:
    """The customer's pieces with their warranty."""
    records = []
    for item in items:
        options = ", ".join(item["display_options"].values())
        title = f"{item['display_name']} ({options})" if options else str(item["display_name"])
        value = f"{item['order_id']}/{item['line']}"
        data = {
            "id": value,
            "order_id": item["order_id"],
            "line": float(item["line"]),
            "name": item["display_name"],
            "title": title,
            "state": item["state"],
            "delivered_at": item["delivered_at"] or "",
            "covered_until": item["covered_until"] or "",
            "claim_id": item["warranty_claim_id"],
            "claim_status": pick(
                CLAIM_STATES.get(item["claim_status"], {"en": item["claim_status"]}), language
            ),
        }
        description = _joined(item["order_id"], short_date(item["delivered_at"], language))
        aliases = (item["name"], item["display_name"], item["item_id"], *item["display_options"].values())
        records.append(
            Record(
                value, title, description, data, tuple(dict.fromkeys(aliases)), dict(item["display_options"])
            )
        )
    return records


def window_data(starts_at: str, ends_at: str, zone: str, language: str) -> JsonDict:
    """A time one can book, with its title: day and hours where the customer is."""
    start, end = (dt.datetime.fromisoformat(text).astimezone(ZoneInfo(zone)) for text in (starts_at, ends_at))
    day = format_date(start, pick(DAY, language), locale=BABEL.get(language, language))
    hours = f"{start:%H:%M}–{end:%H:%M}"
    part = "morning" if start.hour < 12 else "afternoon"
    return {
        "id": starts_at,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "day": day,
        "hours": hours,
        "part": pick(DAY_PARTS[part], language),
        "title": f"{day}, {hours}",
    }


def window_records(windows: Iterable[JsonDict], language: str) -> list[Record]:
    """Free times; day, part of the day and hours tell them apart."""
    records = []
    for window in windows:
        data = window_data(window["starts_at"], window["ends_at"], window["zone"], language)
        start = dt.datetime.fromisoformat(window["starts_at"]).astimezone(ZoneInfo(window["zone"]))
        aliases = (
            data["day"],
            data["hours"],
            f"{start:%H:%M}",
            f"{start.day}. {start.month}.",
            f"{start:%Y-%m-%d}",
        )
        facets = {pick(TIME_PARTS[key], language): data[key] for key in TIME_PARTS}
        records.append(Record(data["id"], data["title"], "", data, aliases, facets))
    return records


def appointment_data(appointment: JsonDict, language: str) -> JsonDict:
    """An order under way and its appointment; `window` is empty while none is booked."""
    window = (
        window_data(appointment["starts_at"], appointment["ends_at"], appointment["zone"], language)
        if appointment["starts_at"]
        else None
    )
    return {
        "id": appointment["order_id"],
        "order_id": appointment["order_id"],
        "status": appointment["status"],
        "state": appointment["state"],
        "city": appointment["region"].partition("/")[2],
        "window": window["title"] if window else "",
        "starts_at": appointment["starts_at"] or "",
    }


def appointment_records(appointments: Iterable[JsonDict], language: str) -> list[Record]:
    """Orders under way."""
    records = []
    for appointment in appointments:
        order_id = appointment["order_id"]
        data = appointment_data(appointment, language)
        title = f"{order_id} · {', '.join(appointment['names'][:2])}"
        aliases = (*_order_words(order_id), *appointment["names"])
        records.append(Record(order_id, title, data["window"], data, tuple(dict.fromkeys(aliases))))
    return records


def subscription_data(subscription: JsonDict, language: str) -> JsonDict:
    """A subscription as conditions and wording see it."""
    options = ", ".join(subscription["display_options"].values())
    name = subscription["display_name"]
    return {
        "id": subscription["subscription_id"],
        "name": name,
        "title": f"{name} ({options})" if options else name,
        "price": float(subscription["price"]),
        "currency": subscription["currency"],
        "every_days": float(subscription["every_days"]),
        "status": subscription["status"],
        "next_at": subscription["next_at"],
        "changeable_until": subscription["changeable_until"],
        "paused_until": subscription["paused_until"] or "",
        "rhythm": pick(ROLLING, language).format(days=subscription["every_days"]),
    }


def subscription_records(subscriptions: Iterable[JsonDict], language: str) -> list[Record]:
    """The customer's subscriptions that are not cancelled."""
    records = []
    for subscription in subscriptions:
        if subscription["status"] == "cancelled":
            continue
        data = subscription_data(subscription, language)
        aliases = (subscription["name"], subscription["display_name"], subscription["subscription_id"])
        description = _joined(data["rhythm"], money(data["price"], data["currency"], language))
        records.append(Record(data["id"], data["title"], description, data, tuple(dict.fromkeys(aliases))))
    return records


def reward_records(account: JsonDict, language: str) -> list[Record]:
    """How many points can be turned into a gift card: round numbers, and all of them."""
    most = account["points"] // 100 * 100
    steps = sorted({points for points in (*REWARDS, most) if 0 < points <= most})
    records = []
    for points in steps:
        amount = points * 0.05
        data = {"id": str(points), "points": float(points), "amount": amount, "currency": account["currency"]}
        title = pick(POINTS, language).format(points=points)
        description = money(amount, account["currency"], language)
        records.append(Record(str(points), title, description, data, (str(points), f"{amount:.0f}")))
    return records


def category_records(categories: Iterable[JsonDict], language: str) -> list[Record]:
    """The shop's categories."""
    records = []
    for category in categories:
        low, high = (
            money(category[key], category["currency"], language) for key in ("price_from", "price_to")
        )
        data = {
            "id": category["category"],
            "name": category["display_name"],
            "product_count": float(category["product_count"]),
            "price_from": float(category["price_from"]),
            "price_to": float(category["price_to"]),
            "currency": category["currency"],
        }
        aliases = tuple(dict.fromkeys([category["category"], *category["names"].values()]))
        records.append(
            Record(category["category"], category["display_name"], f"{low} – {high}", data, aliases)
        )
    return records
