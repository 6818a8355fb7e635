"""The main navigation: which pages exist here and which of them this member of staff may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.accounts.api import staff_of
from rapport.accounts.contracts import Permission, Staff
from rapport.procedures import api as procedures


@dataclass(frozen=True, slots=True)
class Place:
    """A capability that may have a page in the main navigation."""

    url_name: str
    label: Promise
    icon: str
    permission: Permission
    unless: Permission | None = None
    """Who has this one finds the page elsewhere."""
    count: Callable[[Staff], int] | None = None
    """How many things wait there for this member of staff."""


@dataclass(frozen=True, slots=True)
class NavLink:
    """One entry of the navigation as shown."""

    url: str
    label: str
    icon: str
    is_current: bool
    count: int = 0


PLACES = (
    Place("desk:home", _("Desk"), "inbox", Permission.ANSWER),
    Place(
        "approvals:home",
        _("Approvals"),
        "clipboard-check",
        Permission.APPROVE,
        count=procedures.count_approvals,
    ),
    Place("guides:home", _("Guides"), "list-checks", Permission.ANSWER),
    Place("customers:list", _("Customers"), "users", Permission.ANSWER),
    Place("knowledge:list", _("Knowledge"), "book-open", Permission.ANSWER),
    Place("reports:home", _("Reports"), "chart-column", Permission.READ_REPORTS),
    Place("insights:home", _("Insights"), "lightbulb", Permission.EDIT_PROCEDURES),
    Place("governance:home", _("Governance"), "scale", Permission.SUPERVISE),
    Place("understanding:home", _("Understanding"), "brain", Permission.SUPERVISE),
    Place(
        "settings:procedures", _("Procedures"), "workflow", Permission.EDIT_PROCEDURES, Permission.CONFIGURE
    ),
    Place("settings:home", _("Settings"), "settings", Permission.CONFIGURE),
)


def nav_links(request: HttpRequest | None) -> list[NavLink]:
    """Entries in their fixed order; pages that are not installed or not permitted are left out."""
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return []
    staff = getattr(request, "staff", None) or staff_of(user)
    links = []
    for place in PLACES:
        if place.permission not in staff.permissions or place.unless in staff.permissions:
            continue
        try:
            url = reverse(place.url_name)
        except NoReverseMatch:
            continue
        count = place.count(staff) if place.count else 0
        links.append(NavLink(url, str(place.label), place.icon, request.path.startswith(url), count))
    return links
