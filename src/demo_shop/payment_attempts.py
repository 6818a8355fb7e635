"""Attempts to pay for an order: why one failed, and a link to try again."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from demo_shop.database import read_meta
from demo_shop.models import Moment, Money, Order, Shape
from demo_shop.numbering import make_token, next_number
from demo_shop.reads import find_order
from demo_shop.refusals import Refusal
from demo_shop.requests import Body, OrderWrite
from demo_shop.rules import check_owner
from demo_shop.text import from_cents, iso, to_cents
from demo_shop.vocabulary import say
from demo_shop.writes import Write

KEPT = timedelta(hours=24)
"""How long an order waits for its payment."""
MOST_FAILURES = 3
PAUSE = timedelta(hours=1)
"""Wait after so many failures."""

State = Literal["failed", "succeeded", "open"]
Reason = Literal["declined", "insufficient_funds", "expired_card", "not_confirmed", "connection_lost"]


class PaymentState(Shape):
    """How paying for an order stands: its latest attempt."""

    order_id: str
    customer_id: str
    state: State
    reason: str | None
    display_reason: str = Field(
        description="The reason as a sentence in the asked language; empty when it went through."
    )
    failures: int
    at: Moment
    keep_until: Moment = Field(description="The order is kept this long for a payment.")
    may_retry_at: Moment = Field(description="From when a new attempt is accepted.")
    amount: Money
    currency: str


class PaymentLink(Shape):
    """A page on which the open amount can be paid by any method."""

    link_id: str
    order_id: str
    customer_id: str
    path: str
    amount: Money
    currency: str
    expires_at: Moment


@dataclass(frozen=True, slots=True)
class OpenLink:
    """What the page behind a link shows."""

    token: str
    order_id: str
    amount: float
    currency: str
    is_open: bool


class ReportAttempt(Body):
    """What the payment service says of an attempt."""

    state: Literal["failed", "succeeded"]
    reason: Reason | None = None


class MakeLink(OrderWrite):
    """Ask for a link to pay an order whose payment failed."""


def list_states(connection: sqlite3.Connection, customer_id: str, language: str) -> list[PaymentState]:
    """How paying stands for each order of a customer that has attempts, the newest first."""
    rows = connection.execute(
        "SELECT * FROM payment_attempt WHERE customer_id = ? ORDER BY at, attempt_id", (customer_id,)
    )
    by_order: dict[str, list[sqlite3.Row]] = {}
    for row in rows:
        by_order.setdefault(row["order_id"], []).append(row)
    currency = read_meta(connection, "currency", "EUR")
    states = [_state(found, currency, language) for found in by_order.values()]
    return sorted(states, key=lambda state: state.at, reverse=True)


def _state(rows: list[sqlite3.Row], currency: str, language: str) -> PaymentState:
    last = rows[-1]
    at = datetime.fromisoformat(last["at"])
    failures = [row for row in rows if row["state"] == "failed"]
    recent = [row for row in failures if datetime.fromisoformat(row["at"]) > at - PAUSE]
    retry = at + PAUSE if len(recent) >= MOST_FAILURES else at
    return PaymentState(
        order_id=last["order_id"],
        customer_id=last["customer_id"],
        state=last["state"],
        reason=last["reason"],
        display_reason=say("payment reasons", last["reason"], language) if last["reason"] else "",
        failures=len(failures),
        at=last["at"],
        keep_until=iso(at + KEPT),
        may_retry_at=iso(retry),
        amount=from_cents(last["amount_cents"]),
        currency=currency,
    )


def _find_state(write: Write, order: Order) -> PaymentState | None:
    states = list_states(write.connection, order.customer_id, "en")
    return next((state for state in states if state.order_id == order.order_id), None)


def make_payment_link(write: Write, order_id: str, body: MakeLink) -> PaymentLink:
    """Make a link for a failed payment, within the time the order is kept."""
    order = find_order(write.connection, order_id)
    check_owner(order, body.customer_id)
    state = _find_state(write, order)
    if state is None or state.state != "failed" or not order.status.startswith("pending"):
        raise Refusal("payment_not_due")
    if write.at > state.keep_until:
        raise Refusal("payment_too_late", f"It was kept until {state.keep_until}.")
    if write.at < state.may_retry_at:
        raise Refusal("too_many_attempts", f"Try again after {state.may_retry_at}.")
    link_id = next_number(write, "payment_link", "L")
    token = make_token(link_id, order.order_id, order.customer_id, write.at)
    write.run(
        "INSERT INTO payment_link VALUES (?, ?, ?, ?, ?, ?, ?)",
        link_id, token, order.order_id, order.customer_id, to_cents(state.amount), write.at, state.keep_until,
    )  # fmt: skip
    write.record(order.customer_id, order.order_id, "payment_link_sent", link_id=link_id)
    return PaymentLink(
        link_id=link_id,
        order_id=order.order_id,
        customer_id=order.customer_id,
        path=f"/pay/{token}",
        amount=state.amount,
        currency=state.currency,
        expires_at=state.keep_until,
    )


def report_attempt(write: Write, order_id: str, body: ReportAttempt) -> PaymentState:
    """Note how an attempt ended; the feed says so, for whoever waits for it."""
    order = find_order(write.connection, order_id)
    if not order.status.startswith("pending"):
        raise Refusal("payment_not_due", f"The status is '{order.status}'.")
    write.run(
        "INSERT INTO payment_attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        next_number(write, "payment_attempt", "A"), order.order_id, order.customer_id,
        order.payment_method_id or "", to_cents(order.total), body.state,
        body.reason if body.state == "failed" else None, write.at,
    )  # fmt: skip
    write.record(order.customer_id, order.order_id, f"payment_{body.state}", reason=body.reason)
    found = _find_state(write, order)
    assert found is not None
    return found


def find_link(connection: sqlite3.Connection, token: str, at: str) -> OpenLink:
    """The order behind a link, or refuse with ``not_found``: unknown, or no longer valid."""
    row = connection.execute("SELECT * FROM payment_link WHERE token = ?", (token,)).fetchone()
    if row is None or row["expires_at"] < at:
        raise Refusal("not_found")
    states = list_states(connection, row["customer_id"], "en")
    state = next(state for state in states if state.order_id == row["order_id"])
    return OpenLink(token, state.order_id, state.amount, state.currency, state.state == "failed")


def pay_link(write: Write, token: str) -> None:
    """Somebody pays on the page behind a link; a second click changes nothing."""
    link = find_link(write.connection, token, write.at)
    if link.is_open:
        report_attempt(write, link.order_id, ReportAttempt(state="succeeded"))
