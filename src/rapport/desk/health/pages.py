"""Outages of connected systems, and the wishes that are kept for them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.connectors import api as connectors
from rapport.connectors.contracts import OutageInfo
from rapport.desk.action_lines import action_title
from rapport.desk.wording import staff_language
from rapport.kernel.languages import pick
from rapport.procedures import api as procedures


@dataclass(frozen=True, slots=True)
class OutageLine:
    """One outage in words."""

    outage: OutageInfo
    name: str
    kept: int
    """Wishes that wait for its end."""


@dataclass(frozen=True, slots=True)
class MendingLine:
    """One call that a system did not take, in words."""

    mending: procedures.MendingInfo
    procedure: str
    action: str
    what: str
    """What was done instead, and what became of it."""
    tone: str


@never_cache
@require_safe
@require(Permission.ANSWER)
def banner(request: StaffRequest) -> HttpResponse:
    """What the desk shows above the conversations while something is wrong; nothing otherwise."""
    return render(request, "desk/health/banner.html", {"lines": current_lines()})


@never_cache
@require_safe
@require(Permission.ANSWER)
def home(request: StaffRequest) -> HttpResponse:
    """The record: outages under way and past, and what was done about each call."""
    kept = procedures.count_kept()
    context = {
        "outages": [_line(outage, kept) for outage in connectors.list_outages()],
        "mendings": _mending_lines(staff_language()),
    }
    return render(request, "desk/health/home.html", context)


def current_lines() -> list[OutageLine]:
    """Outages under way."""
    outages = connectors.list_current_outages()
    kept = procedures.count_kept() if outages else {}
    return [_line(outage, kept) for outage in outages]


def _line(outage: OutageInfo, kept: dict[str, int]) -> OutageLine:
    name = _("Shop") if outage.system == "shop" else outage.system
    return OutageLine(outage, name, kept.get(outage.system, 0) if outage.ended_at is None else 0)


def _mending_lines(language: str) -> list[MendingLine]:
    book = procedures.load_book()
    titles = {name: pick(book[name].title, language) for name in book}
    found = []
    for mending in procedures.list_mendings():
        action = connectors.find_action(mending.action) if mending.action else None
        what, tone = _what(mending)
        title = action_title(action) if action else mending.action
        found.append(
            MendingLine(
                mending,
                titles.get(mending.procedure, mending.procedure),
                title or (_("The customer's yes") if mending.is_agreement else _("Request")),
                what,
                tone,
            )
        )
    return found


def _what(mending: procedures.MendingInfo) -> tuple[str, str]:
    words = {
        "": (_("Kept"), "info"),
        "done": (_("Kept, then done"), "good"),
        "refused": (_("Kept, then refused"), "warn"),
        "cancelled": (_("Kept, then stopped by the customer"), ""),
        "otherwise": (_("Something else was done"), "good"),
        "person": (_("A person took over"), "warn"),
    }
    return words[mending.outcome if mending.way == "kept" else mending.way]
