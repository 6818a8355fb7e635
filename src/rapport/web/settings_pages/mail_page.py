"""What the page of an e-mail inbox shows besides the form that every inbox has."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from rapport.channels.kinds.email import api as email
from rapport.conversations.contracts import InboxInfo
from rapport.web.settings_pages.mail_form import MailForm, mail_form_of

METHOD_NAMES = {
    "email_reply": gettext_lazy("An answer to our mail"),
    "order_email": gettext_lazy("Order number, from the address it was placed with"),
}
SECURITY_NAMES = (
    ("tls", gettext_lazy("TLS from the start")),
    ("starttls", gettext_lazy("STARTTLS")),
    ("plain", gettext_lazy("Not encrypted")),
)
REASONS: dict[str, Promise] = {
    "auto_submitted": gettext_lazy("sent by a program"),
    "bounce": gettext_lazy("report of failure"),
    "bulk": gettext_lazy("sent to many"),
    "mailing_list": gettext_lazy("mailing list"),
    "out_of_office": gettext_lazy("absence note"),
    "own_loop": gettext_lazy("our own mail"),
    "own_address": gettext_lazy("from one of our addresses"),
    "empty_return_path": gettext_lazy("takes no answer"),
    "nobody_reads": gettext_lazy("nobody reads that address"),
    "blocked": gettext_lazy("blocked contact"),
    "too_large": gettext_lazy("too large"),
    "empty": gettext_lazy("empty"),
    "no_sender": gettext_lazy("no sender: not a mail"),
    "nested_too_deeply": gettext_lazy("cannot be read"),
    "broken": gettext_lazy("cannot be read"),
}


def mail_context(inbox: InboxInfo, form: MailForm | None = None) -> dict[str, Any]:
    """What the page of an e-mail inbox shows; empty for other inboxes."""
    if inbox.channel_kind != email.KIND:
        return {}
    entered = form or mail_form_of(int(inbox.id), inbox.settings)
    return {
        "mail": {
            "form": entered,
            "box": entered.mailbox,
            "is_set": email.mailbox_of(int(inbox.id)) is not None,
            "has_smtp_password": bool(entered.mailbox.smtp.password),
            "has_imap_password": bool(entered.mailbox.imap.password),
            "securities": SECURITY_NAMES,
            "methods": [(name, title, name in entered.methods) for name, title in METHOD_NAMES.items()],
            "url": f"{settings.CONFIG.base_url}/api/v1/inbound/email/{inbox.identifier}",
            "pipe": f'rapport mail receive --inbox "{entered.mailbox.address or inbox.name}"',
            "unsent": email.list_unsent(int(inbox.id)),
            "unanswered": [
                (m, REASONS.get(m.reason, m.reason)) for m in email.list_unanswered(int(inbox.id))
            ],
            "health": next((h for h in email.check_health() if h.inbox_id == int(inbox.id)), None),
            "outbox": str(email.outbox_folder()),
            "has_own_server": bool(email.server_for(entered.mailbox.smtp).host),
        }
    }
