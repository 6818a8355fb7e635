"""Erasing a customer: everything every package holds of them, in one transaction, with a line in the audit log."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from rapport.accounts import api as accounts
from rapport.channels import api as channels
from rapport.connectors import api as connectors
from rapport.conversations import api as conversations
from rapport.customers import api as customers
from rapport.governance import api as governance
from rapport.jobs import api as jobs
from rapport.kernel.errors import NotFound
from rapport.understanding import api as understanding


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure removes or blanks."""

    customer_id: int
    rows: dict[str, int]
    """Table → how many of its rows."""


@transaction.atomic
def plan_erasure(customer_id: int) -> Erasure:
    """What `erase_customer` would do, and nothing done. Raises NotFound, Conflict."""
    found = _erase(customer_id)
    transaction.set_rollback(True)
    return found


@transaction.atomic
def erase_customer(customer_id: int, *, actor_id: int | None, ip_address: str = "") -> Erasure:
    """Erase a customer for good. Raises NotFound, Conflict.

    Conversations go with messages, files, dialogues and waits. Decisions, actions and consents stay on record
    without what was said or done for whom. Connected systems, backups and mail that was sent are not touched.
    """
    found = _erase(customer_id)
    accounts.record_audit(
        "customer_erased",
        actor_id=actor_id,
        subject=f"customer:{found.customer_id}",
        detail=dict(found.rows),
        ip_address=ip_address,
    )
    return found


def _erase(customer_id: int) -> Erasure:
    customer = customers.find_customer(customer_id)
    if customer is None:
        raise NotFound("There is no such customer.")
    people = customers.list_rows_of(int(customer.id))
    talks = conversations.list_erasable(people)
    ids = [pk for pk, _, _ in talks]
    shop = [identity.value for identity in customer.identities if identity.kind in ("shop", "identifier")]
    rows = connectors.erase_customer(ids, shop)
    rows |= governance.erase_customer(people, ids)
    rows["understanding_trainingexample"] = sum(understanding.learning.forget_conversation(pk) for pk in ids)
    rows["understanding_languagemodelcall"] = sum(
        understanding.language_model.forget_conversation(uuid) for _, _, uuid in talks
    )
    rows |= channels.erase_customer(people, [number for _, number, _ in talks])
    rows |= conversations.erase_customer(people)
    rows |= customers.erase_customer(people)
    words = [uuid for *_, uuid in talks]
    words += [f'"conversation_id":{number},' for _, number, _ in talks]
    words += [f'{{"id":{number},"name"' for number in people]
    rows |= jobs.forget([f"conversation:{pk}" for pk in ids], words)
    return Erasure(int(customer.id), rows)
