"""The frame of these screens: which sections exist and which of them this reader may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from rapport.accounts.api import StaffRequest
from rapport.accounts.contracts import Permission


@dataclass(frozen=True, slots=True)
class Section:
    """One tab."""

    url_name: str
    label: Promise
    permission: Permission


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab as shown."""

    url: str
    label: str
    is_current: bool


SECTIONS = (
    Section("governance:home", gettext_lazy("Objections"), Permission.PROTECT_DATA),
    Section("governance:decisions", gettext_lazy("Decisions"), Permission.SUPERVISE),
    Section("governance:models", gettext_lazy("Models"), Permission.SUPERVISE),
    Section("governance:consents", gettext_lazy("Consents"), Permission.PROTECT_DATA),
    Section("governance:audit", gettext_lazy("Audit log"), Permission.PROTECT_DATA),
)


def show(
    request: StaffRequest, template: str, current: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of these screens with its tabs; `current` is the section's URL name."""
    tabs = [
        Tab(reverse(s.url_name), str(s.label), s.url_name == current)
        for s in SECTIONS
        if s.permission in request.staff.permissions
    ]
    may_answer = Permission.ANSWER in request.staff.permissions
    shown = {"tabs": tabs, "may_answer": may_answer, **context}
    return render(request, f"desk/oversight/{template}", shown, status=status)
