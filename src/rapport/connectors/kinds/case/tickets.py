"""A ticket: an internal conversation with a note, waiting for a team. Nobody outside can reach it."""

from __future__ import annotations

from django.db import transaction

from rapport.accounts import api as accounts
from rapport.connectors.contracts import CallOutcome, JsonDict
from rapport.connectors.kinds.case.fields import CaseFields
from rapport.conversations import api as conversations
from rapport.conversations.contracts import Briefing, ContactInfo, MessageDraft, MessageType, Sender
from rapport.kernel.ids import CustomerId

INBOX_NAME = "Cases"
CHANNEL_KIND = "internal"
MAX_NOTE_CHARS = 10_000
_MARK = "case_key"
_SENDER = Sender("system", None, "")


@transaction.atomic
def open_ticket(fields: CaseFields, details: str, customer_ref: str, team: str, key: str) -> CallOutcome:
    """Open a ticket unless there is one with this key; nobody types anything."""
    known = find_ticket(key)
    if known is not None:
        return known
    found = accounts.find_team(team) if team else None
    if team and found is None:
        return CallOutcome(ok=False, code="unknown_team", message=team)
    summary = fields.subject
    marks: JsonDict = {_MARK: key, "customer_ref": customer_ref, **fields.as_json()}
    conversation = conversations.create_conversation(
        _contact(), language=fields.language, custom_attributes=marks, subject=summary
    )
    conversations.update_conversation(conversation.id, {"priority": fields.priority})
    note = "\n\n".join(part for part in (summary, details) if part)[:MAX_NOTE_CHARS]
    conversations.add_message(
        conversation.id,
        MessageDraft(MessageType.OUTGOING, note, _SENDER, is_private=True, source_id=f"case:{key}"[:120]),
    )
    asked = tuple(fields.summary.splitlines()) or (summary,)
    briefing = Briefing("case_opened", customer_ref, asked, (), "", (summary,), team or None)
    conversations.hand_over(conversation.id, briefing, team_id=found.id if found else None)
    return CallOutcome(ok=True, data={"case_id": f"#{conversation.display_id}", "sink": "ticket"})


def find_ticket(key: str) -> CallOutcome | None:
    """The ticket opened with a key, among the latest."""
    contact = _known_contact()
    for info in conversations.list_contact_conversations(contact.id) if contact else []:
        if info.custom_attributes.get(_MARK) == key:
            return CallOutcome(ok=True, data={"case_id": f"#{info.display_id}", "sink": "ticket"})
    return None


def _contact() -> ContactInfo:
    """The one contact of all tickets, in an inbox that is off for customers."""
    known = _known_contact()
    if known is not None:
        return known
    inbox = conversations.create_inbox(INBOX_NAME, CHANNEL_KIND, is_enabled=False)
    contact = conversations.create_contact(inbox, {"name": INBOX_NAME})
    kept = {"case_contact_id": contact.id, "case_customer_id": contact.customer_id}
    conversations.update_inbox(inbox.id, {"settings": kept})
    return contact


def _known_contact() -> ContactInfo | None:
    """The contact as it was kept: contacts of an inbox that is off are not found by asking for them."""
    for inbox in conversations.list_inboxes():
        if inbox.channel_kind == CHANNEL_KIND and "case_contact_id" in inbox.settings:
            kept = inbox.settings
            customer_id = CustomerId(int(kept["case_customer_id"]))
            return ContactInfo(int(kept["case_contact_id"]), "", customer_id, inbox, False, "", 0)
    return None
