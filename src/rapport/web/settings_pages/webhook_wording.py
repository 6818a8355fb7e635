"""Events and failures of webhooks in staff's words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Choices = tuple[tuple[str, Promise], ...]

EVENT_GROUPS: tuple[tuple[Promise, Choices], ...] = (
    (
        _("Conversations"),
        (
            ("conversation_created", _("A conversation begins")),
            ("conversation_updated", _("Owner, labels, priority or status change")),
            ("conversation_status_changed", _("The status changes")),
        ),
    ),
    (
        _("Messages"),
        (
            ("message_created", _("A message or note is written")),
            ("message_updated", _("A choice or form is answered")),
        ),
    ),
    (
        _("Contacts and widget"),
        (
            ("contact_created", _("A contact is made")),
            ("contact_updated", _("A contact's profile changes")),
            ("webwidget_triggered", _("A page with the widget is opened")),
        ),
    ),
    (
        _("What was done"),
        (
            ("action_succeeded", _("An action of a connected system was carried out")),
            ("action_failed", _("An action was refused or failed")),
            ("procedure_ended", _("A procedure ended")),
            ("decision_recorded", _("The assistant decided")),
        ),
    ),
)

PROBLEMS: dict[str, Promise] = {
    "status": _("It answered with an error"),
    "redirect": _("It redirects, which is not followed"),
    "timeout": _("It did not answer in time"),
    "no_connection": _("No connection"),
    "no_answer": _("The connection broke before an answer came"),
    "unknown_host": _("The host's name is not known"),
    "refused_address": _("The address is private, and its network is not allowed"),
    "certificate": _("Its certificate is not valid"),
    "not_http": _("What it answered is not HTTP"),
    "gone": _("What it was about has been deleted"),
    "crashed": _("The process that sent it ended, time and again"),
    "no_secret": _("The secret cannot be read any more: make a new one"),
}


def problem_said(problem: str) -> str:
    """A failure's name in words; empty for none."""
    return str(PROBLEMS.get(problem, problem))
