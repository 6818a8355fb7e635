"""What programs of staff may see, in Chatwoot's shapes."""

from __future__ import annotations

import dataclasses
from typing import Any

from rapport.accounts.contracts import Permission, Staff, TeamInfo
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ContactInfo, ConversationInfo, InboxInfo
from rapport.customers.contracts import CustomerInfo
from rapport.governance.contracts import DecisionInfo
from rapport.kernel.ids import ACCOUNT_ID

CHANNEL_TYPES = {
    "web": "Channel::WebWidget",
    "api": "Channel::Api",
    "email": "Channel::Email",
    "voice": "Channel::Voice",
}


def present_listed(conversation: ConversationInfo) -> dict[str, Any]:
    """A conversation as a row of a list; its last text comes from the row itself, without another query."""
    shown = conversations.present_conversation(conversation)
    shown["messages"] = []
    shown["last_non_activity_message"] = {"content": conversation.preview} if conversation.preview else None
    return shown


def present_full(conversation: ConversationInfo) -> dict[str, Any]:
    """A conversation by itself, with what was handed over."""
    verified = conversation.verification
    return {
        **present_listed(conversation),
        "source_id": conversation.source_id,
        "briefing": conversation.briefing,
        "verification": {"customer_ref": verified.customer_ref, "method": verified.method}
        if verified
        else None,
    }


def present_customer(customer: CustomerInfo) -> dict[str, Any]:
    """A customer; "contact" in Chatwoot's words."""
    identifiers = [i.value for i in customer.identities if i.kind in {"shop", "identifier"}]
    return {
        "id": int(customer.id),
        "uuid": customer.uuid,
        "name": customer.name,
        "email": customer.email or None,
        "phone_number": customer.phone_number or None,
        "identifier": identifiers[0] if identifiers else None,
        "language": customer.language or None,
        "blocked": customer.is_blocked,
        "thumbnail": "",
        "availability_status": "offline",
        "custom_attributes": customer.custom_attributes,
        "additional_attributes": {},
        "identities": [
            {"kind": i.kind, "value": i.value, "verified_by": i.verified_by} for i in customer.identities
        ],
    }


def present_contact_inbox(contact: ContactInfo | None) -> dict[str, Any] | None:
    """How a new contact is reached."""
    if contact is None:
        return None
    return {
        "source_id": contact.source_id,
        "inbox": {"id": int(contact.inbox.id), "name": contact.inbox.name},
    }


def present_inbox(inbox: InboxInfo, staff: Staff) -> dict[str, Any]:
    """An inbox; its signing secret only for those who configure."""
    settings = inbox.settings
    shown = {
        "id": int(inbox.id),
        "name": inbox.name,
        "channel_type": CHANNEL_TYPES.get(inbox.channel_kind, "Channel::Api"),
        "hmac_mandatory": inbox.is_hmac_mandatory,
        "website_token": inbox.identifier if inbox.channel_kind == "web" else None,
        "inbox_identifier": inbox.identifier,
        "widget_color": settings.get("colour"),
        "welcome_title": settings.get("welcome_title"),
        "welcome_tagline": settings.get("welcome_text"),
        "languages": settings.get("languages"),
        "allowed_origins": settings.get("allowed_origins", []),
    }
    if Permission.CONFIGURE in staff.permissions:
        shown["hmac_token"] = inbox.hmac_token
    return shown


def present_staff(staff: Staff) -> dict[str, Any]:
    """A member of staff."""
    return {
        "id": int(staff.id),
        "account_id": ACCOUNT_ID,
        "name": staff.name,
        "available_name": staff.name,
        "email": staff.email,
        "role": "administrator" if staff.role == "administrator" else "agent",
        "rapport_role": staff.role,
        "confirmed": True,
    }


def present_profile(staff: Staff) -> dict[str, Any]:
    """The caller, with what they may do."""
    account = {"id": ACCOUNT_ID, "name": "Rapport", "role": present_staff(staff)["role"], "status": "active"}
    return {
        **present_staff(staff),
        "permissions": sorted(p.value for p in staff.permissions),
        "team_ids": [int(t) for t in staff.team_ids],
        "accounts": [account],
    }


def present_team(team: TeamInfo) -> dict[str, Any]:
    """A team."""
    return {"id": int(team.id), "name": team.name, "key": team.key, "account_id": ACCOUNT_ID}


def present_decision(decision: DecisionInfo) -> dict[str, Any]:
    """A decision with everything recorded about it."""
    return {
        "id": decision.id,
        "at": conversations.unix(decision.at),
        **dataclasses.asdict(decision.draft),
        "appeals": [
            {
                "id": a.id,
                "reason": a.reason,
                "state": a.state,
                "answer": a.answer,
                "created_at": conversations.unix(a.created_at),
                "due_at": conversations.unix(a.due_at),
            }
            for a in decision.appeals
        ],
    }
