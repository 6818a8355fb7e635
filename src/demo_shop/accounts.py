"""A customer's own data: e-mail, telephone, newsletter, and requests about all of it."""

import re
import sqlite3
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from demo_shop.models import Customer, Moment, Shape
from demo_shop.numbering import next_number
from demo_shop.phones import read_phone
from demo_shop.reads import find_customer
from demo_shop.refusals import Refusal
from demo_shop.requests import Body
from demo_shop.text import fold, iso
from demo_shop.writes import Write

LINK_VALID = timedelta(hours=24)
ANSWERED_WITHIN = timedelta(days=30)
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+\Z")


class ContactData(Shape):
    """How a customer is reached."""

    customer_id: str
    email: str
    phone: str | None
    is_subscribed: bool = Field(description="Receives the newsletter.")
    waiting_email: str = Field(description="An address that still has to be confirmed; empty for none.")


class EmailChange(Shape):
    """A new address; it counts once the link in the mail to it was opened."""

    email_change_id: str
    customer_id: str
    email: str
    former_email: str
    state: Literal["waiting", "confirmed"]
    expires_at: Moment


class DataRequest(Shape):
    """A request for a copy of all data, or for their deletion."""

    data_request_id: str
    customer_id: str
    kind: Literal["export", "erasure"]
    status: Literal["received", "done"]
    created_at: Moment
    due_at: Moment


class ChangeEmail(Body):
    """The new address."""

    email: str = Field(min_length=3, max_length=200)


class ChangePhone(Body):
    """The new number."""

    phone: str = Field(min_length=1, max_length=40)


class SetNewsletter(Body):
    """Whether the newsletter is wanted."""

    is_subscribed: bool


class Nothing(Body):
    """An empty body."""


class AskData(Body):
    """A request about one's own data."""

    kind: Literal["export", "erasure"]


def find_contact_data(connection: sqlite3.Connection, customer_id: str) -> ContactData:
    """How a customer is reached now."""
    customer = find_customer(connection, customer_id)
    letter = connection.execute(
        "SELECT is_subscribed FROM newsletter WHERE customer_id = ?", (customer_id,)
    ).fetchone()
    waiting = connection.execute(
        "SELECT email FROM email_change WHERE customer_id = ? AND state = 'waiting' ORDER BY at DESC",
        (customer_id,),
    ).fetchone()
    return ContactData(
        customer_id=customer_id,
        email=customer.email,
        phone=customer.phone,
        is_subscribed=bool(letter and letter["is_subscribed"]),
        waiting_email=waiting["email"] if waiting else "",
    )


def _check_email_free(write: Write, customer_id: str, email: str) -> None:
    row = write.connection.execute(
        "SELECT customer_id FROM customer WHERE email_key = ?", (fold(email),)
    ).fetchone()
    if row is not None:
        raise Refusal("email_unchanged" if row["customer_id"] == customer_id else "email_taken")


def change_email(write: Write, customer_id: str, body: ChangeEmail) -> EmailChange:
    """Send a link to the new address; until it is opened the present one counts."""
    customer = find_customer(write.connection, customer_id)
    if not _EMAIL.match(body.email):
        raise Refusal("email_not_valid")
    _check_email_free(write, customer_id, body.email)
    write.run(
        "UPDATE email_change SET state = 'replaced' WHERE customer_id = ? AND state = 'waiting'", customer_id
    )
    number = next_number(write, "email_change", "E")
    expires_at = iso(datetime.fromisoformat(write.at) + LINK_VALID)
    write.run(
        "INSERT INTO email_change VALUES (?, ?, ?, 'waiting', ?, ?)",
        number, customer_id, body.email, write.at, expires_at,
    )  # fmt: skip
    write.record(customer_id, None, "email_change_asked", email_change_id=number)
    return EmailChange(
        email_change_id=number,
        customer_id=customer_id,
        email=body.email,
        former_email=customer.email,
        state="waiting",
        expires_at=expires_at,
    )


def confirm_email(write: Write, email_change_id: str, _body: Nothing) -> Customer:
    """The link in the mail was opened: the new address counts from now on."""
    row = write.connection.execute(
        "SELECT * FROM email_change WHERE email_change_id = ?", (email_change_id,)
    ).fetchone()
    if row is None or row["state"] != "waiting" or row["expires_at"] < write.at:
        raise Refusal("email_change_not_found")
    _check_email_free(write, row["customer_id"], row["email"])
    write.run(
        "UPDATE customer SET email = ?, email_key = ? WHERE customer_id = ?",
        row["email"], fold(row["email"]), row["customer_id"],
    )  # fmt: skip
    write.run("UPDATE email_change SET state = 'confirmed' WHERE email_change_id = ?", email_change_id)
    write.record(row["customer_id"], None, "email_confirmed", email_change_id=email_change_id)
    return find_customer(write.connection, row["customer_id"])


def change_phone(write: Write, customer_id: str, body: ChangePhone) -> ContactData:
    """Replace the number; couriers use it from the next parcel on."""
    customer = find_customer(write.connection, customer_id)
    phone = read_phone(body.phone, customer.address.country)
    write.run("UPDATE customer SET phone = ? WHERE customer_id = ?", phone, customer_id)
    write.record(customer_id, None, "phone_changed")
    return find_contact_data(write.connection, customer_id)


def set_newsletter(write: Write, customer_id: str, body: SetNewsletter) -> ContactData:
    """Begin or stop the newsletter; asking for what is already so changes nothing."""
    find_customer(write.connection, customer_id)
    write.run(
        "INSERT INTO newsletter VALUES (?, ?, ?) ON CONFLICT (customer_id) DO UPDATE SET"
        " is_subscribed = excluded.is_subscribed, at = excluded.at",
        customer_id, body.is_subscribed, write.at,
    )  # fmt: skip
    write.record(customer_id, None, "newsletter_changed", is_subscribed=body.is_subscribed)
    return find_contact_data(write.connection, customer_id)


def ask_data(write: Write, customer_id: str, body: AskData) -> DataRequest:
    """Open a ticket with the privacy team; what is under way must end before anything is deleted."""
    find_customer(write.connection, customer_id)
    is_open = write.connection.execute(
        "SELECT 1 FROM data_request WHERE customer_id = ? AND kind = ? AND status = 'received'",
        (customer_id, body.kind),
    ).fetchone()
    if is_open:
        raise Refusal("data_request_open")
    under_way = write.connection.execute(
        "SELECT 1 FROM orders WHERE customer_id = ? AND (status LIKE 'pending%' OR status IN"
        " ('processed', 'shipped', 'return requested', 'exchange requested'))",
        (customer_id,),
    ).fetchone()
    if body.kind == "erasure" and under_way:
        raise Refusal("orders_under_way")
    request = DataRequest(
        data_request_id=next_number(write, "data_request", "G"),
        customer_id=customer_id,
        kind=body.kind,
        status="received",
        created_at=write.at,
        due_at=iso(datetime.fromisoformat(write.at) + ANSWERED_WITHIN),
    )
    write.run("INSERT INTO data_request VALUES (?, ?, ?, ?, ?, ?)", *request.model_dump().values())
    write.record(
        customer_id, None, "data_requested", data_request_id=request.data_request_id, about=body.kind
    )
    return request


def list_data_requests(connection: sqlite3.Connection, customer_id: str) -> list[DataRequest]:
    """A customer's requests, the newest first."""
    find_customer(connection, customer_id)
    rows = connection.execute(
        "SELECT * FROM data_request WHERE customer_id = ? ORDER BY created_at DESC", (customer_id,)
    )
    return [DataRequest.model_validate(dict(row)) for row in rows]
