"""What all settings share: the tabs, and how a change is put on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest
from rapport.accounts.contracts import Permission
from rapport.channels import api as channels


@dataclass(frozen=True, slots=True)
class Tab:
    """One section of the settings as shown."""

    url: str
    label: str
    icon: str
    is_current: bool


SECTIONS: tuple[tuple[str, Promise, str], ...] = (
    ("settings:home", gettext_lazy("Inboxes"), "inbox"),
    ("settings:staff", gettext_lazy("Staff"), "users"),
    ("settings:tokens", gettext_lazy("API tokens"), "key-round"),
    ("settings:webhooks", gettext_lazy("Webhooks"), "webhook"),
    ("settings:systems", gettext_lazy("Connected systems"), "plug"),
    ("settings:actions", gettext_lazy("Actions"), "zap"),
    ("settings:procedures", gettext_lazy("Procedures"), "workflow"),
    ("settings:canned", gettext_lazy("Canned responses"), "message-square"),
    ("settings:dispositions", gettext_lazy("Dispositions"), "tag"),
)


def show(
    request: StaffRequest, template: str, current: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the settings with its tabs; `current` is the section's URL name."""
    may_all = Permission.CONFIGURE in request.staff.permissions
    tabs = [
        Tab(reverse(name), str(label), icon, name == current)
        for name, label, icon in SECTIONS
        if may_all or name == current
    ]
    return render(request, f"web/settings/{template}", {"tabs": tabs, **context}, status=status)


def row_number(text: str) -> int | None:
    """A row's number as a form or an address gives it; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def record_change(
    request: StaffRequest, subject: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> bool:
    """Put what differs on record, before and after; whether anything did. Secrets never come here."""
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    if not changed:
        return False
    accounts.record_audit(
        "settings_changed",
        actor_id=request.staff.id,
        subject=subject,
        detail={
            "before": {name: before.get(name) for name in changed},
            "after": {name: after.get(name) for name in changed},
        },
        ip_address=channels.client_address(request),
    )
    return True
