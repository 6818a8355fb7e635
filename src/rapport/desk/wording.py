"""How the desk names states, reasons and feelings, in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from rapport.kernel.languages import base_language

SENTIMENTS = {
    "very_negative": ("angry", gettext_lazy("Very negative"), "bad"),
    "negative": ("frown", gettext_lazy("Negative"), "warn"),
    "neutral": ("meh", gettext_lazy("Neutral"), ""),
    "positive": ("smile", gettext_lazy("Positive"), "good"),
    "very_positive": ("laugh", gettext_lazy("Very positive"), "good"),
}

PRIORITIES = {
    "urgent": (gettext_lazy("Urgent"), "bad"),
    "high": (gettext_lazy("High"), "warn"),
    "medium": (gettext_lazy("Medium"), "info"),
    "low": (gettext_lazy("Low"), ""),
}

CHANNEL_ICONS = {
    "web": "message-circle",
    "internal": "clipboard-list",
    "api": "plug",
    "email": "mail",
    "voice": "phone",
    "telegram": "send",
    "whatsapp": "smartphone",
    "wechat": "messages-square",
}

REASONS = {
    "customer_asked": gettext_lazy("The customer asked for a person"),
    "our_mistake": gettext_lazy("It may be our mistake; a person decides"),
    "over_limit": gettext_lazy("The amount is above what the assistant may decide"),
    "not_understood": gettext_lazy("The assistant did not understand"),
    "too_many_attempts": gettext_lazy("Several attempts did not lead on"),
    "system_unavailable": gettext_lazy("A connected system did not answer"),
    "revoked": gettext_lazy("An action it needs has been switched off"),
    "not_identified": gettext_lazy("The customer could not be identified"),
    "refused_by_system": gettext_lazy("A connected system refused, and the procedure has no words for it"),
    "legal_threat": gettext_lazy("A legal step was mentioned"),
    "safety": gettext_lazy("Safety is at stake"),
    "vulnerability": gettext_lazy("The customer may need special care"),
    "contract_cancellation": gettext_lazy("The customer wants to end a contract"),
    "abuse": gettext_lazy("Abusive language"),
    "no_answer": gettext_lazy("There is no article that answers this"),
}

METHODS = {
    "hmac": gettext_lazy("signed in on the shop's site"),
    "order_and_email": gettext_lazy("order number and e-mail"),
    "order_and_zip": gettext_lazy("order number and postal code"),
    "email_reply": gettext_lazy("an answer to our mail"),
    "email_authenticated": gettext_lazy("a mail signed by its domain"),
    "email_code": gettext_lazy("code sent by e-mail"),
    "staff": gettext_lazy("checked by a colleague"),
}

IDENTITIES = {
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "shop": gettext_lazy("Customer of the shop"),
    "identifier": gettext_lazy("Identifier"),
}

PURPOSES = {
    "service_ai": gettext_lazy("Answers by the assistant"),
    "profiling": gettext_lazy("Personal profile"),
    "marketing": gettext_lazy("Offers and news"),
    "recommendations": gettext_lazy("Recommendations"),
    "training": gettext_lazy("Improving the assistant"),
}


def staff_language() -> str:
    """The language of the screens of whoever is at the desk; procedures speak it to them too."""
    return base_language(get_language())


def reason_text(reason: str) -> str:
    """Why a conversation was handed over, in a sentence."""
    if reason in REASONS:
        return str(REASONS[reason])
    name = reason.removeprefix("rule:").replace("_", " ").strip()
    return _("Rule: %(name)s") % {"name": name} if reason.startswith("rule:") else name[:1].upper() + name[1:]


def method_text(method: str) -> str:
    """How somebody was recognised."""
    return str(METHODS.get(method, method.replace("_", " ")))


def identity_text(kind: str) -> str:
    """What kind of identity this is."""
    return str(IDENTITIES.get(kind, kind.replace("_", " ")))


def purpose_text(purpose: str) -> str:
    """What a consent is for."""
    text = purpose.replace("_", " ")
    return str(PURPOSES.get(purpose, text[:1].upper() + text[1:]))
