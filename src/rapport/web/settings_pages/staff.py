"""Staff and teams: who works here, in which role, and whether they may sign in."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission, StaffAccount
from rapport.channels import api as channels
from rapport.kernel.errors import InvalidInput
from rapport.web.settings_pages.pages import record_change, show

ROLE_NAMES = {
    "administrator": gettext_lazy("Administrator"),
    "supervisor": gettext_lazy("Supervisor"),
    "agent": gettext_lazy("Agent"),
    "analyst": gettext_lazy("Analyst"),
    "marketer": gettext_lazy("Marketer"),
    "dpo": gettext_lazy("Data-protection officer"),
}
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)


@never_cache
@require_safe
@require(Permission.CONFIGURE)
def staff_list(request: StaffRequest) -> HttpResponse:
    """Every account and every team."""
    return _list_page(request)


def _list_page(request: StaffRequest, problem: str = "") -> HttpResponse:
    teams = accounts.list_teams()
    names = {team.id: team.name for team in teams}
    rows = [
        (found, ROLE_NAMES.get(found.staff.role, found.staff.role), [names[t] for t in found.staff.team_ids])
        for found in accounts.list_accounts()
    ]
    sizes = [(team, sum(team.id in a.staff.team_ids for a, *_ in rows)) for team in teams]
    context = {"rows": rows, "teams": sizes, "roles": _roles(), "problem": problem}
    return show(request, "staff.html", "settings:staff", context, status=422 if problem else 200)


def _roles() -> list[tuple[str, Any]]:
    return [(role, ROLE_NAMES[role]) for role in accounts.ROLES]


@sensitive_post_parameters("password")
@never_cache
@require_POST
@require(Permission.CONFIGURE)
def create(request: StaffRequest) -> HttpResponse:
    """A new member of staff, who may sign in at once."""
    post = request.POST
    email = post.get("email", "").strip().lower()
    try:
        validate_email(email)
        staff_id = accounts.add_account(
            email,
            post.get("name", ""),
            post.get("role", ""),
            post.get("password", ""),
            actor_id=request.staff.id,
        )
    except ValidationError:
        return _list_page(request, _("This is no e-mail address."))
    except InvalidInput as refusal:
        return _list_page(request, str(refusal))
    messages.success(request, _("Added. They may sign in at once."))
    return HttpResponseRedirect(reverse("settings:account", args=[staff_id]))


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def account(request: StaffRequest, staff_id: int) -> HttpResponse:
    """One account: role, teams, availability, whether it may sign in, a new password."""
    found = accounts.find_account(staff_id)
    if found is None:
        raise Http404
    shown, problem = _change_of(found), ""
    if request.method == "POST":
        shown = _read_change(request)
        try:
            _save(request, found, shown)
        except InvalidInput as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("settings:staff"))
    context = {
        "account": found,
        "shown": shown,
        "roles": _roles(),
        "teams": [(team, team.id in shown.team_ids) for team in accounts.list_teams()],
        "is_self": staff_id == request.staff.id,
        "problem": problem,
    }
    return show(request, "account.html", "settings:staff", context, status=422 if problem else 200)


def _change_of(found: StaffAccount) -> accounts.StaffChange:
    staff = found.staff
    teams = tuple(sorted(staff.team_ids))
    return accounts.StaffChange(staff.name, staff.role, found.is_active, found.is_available, teams)


def _read_change(request: StaffRequest) -> accounts.StaffChange:
    post = request.POST
    return accounts.StaffChange(
        name=post.get("name", "").strip(),
        role=post.get("role", ""),
        is_active=post.get("is_active") == "1",
        is_available=post.get("is_available") == "1",
        team_ids=tuple(
            sorted(team.id for team in accounts.list_teams() if str(team.id) in post.getlist("teams"))
        ),
        password=post.get("password", ""),
    )


@transaction.atomic
def _save(request: StaffRequest, found: StaffAccount, change: accounts.StaffChange) -> None:
    accounts.change_account(found.staff.id, change, actor_id=request.staff.id)
    now_is = {**_on_record(change), "password": "changed" if change.password else ""}
    record_change(
        request, f"staff:{found.staff.id}", {**_on_record(_change_of(found)), "password": ""}, now_is
    )
    transaction.on_commit(accounts.forget_tokens)


def _on_record(change: accounts.StaffChange) -> dict[str, Any]:
    return {
        "name": change.name,
        "role": change.role,
        "is_active": change.is_active,
        "is_available": change.is_available,
        "teams": list(change.team_ids),
    }


@require_POST
@require(Permission.CONFIGURE)
def create_team(request: StaffRequest) -> HttpResponse:
    """A new team; procedures name it by its key."""
    key, name = request.POST.get("key", "").strip().lower(), request.POST.get("name", "").strip()
    taken = accounts.list_teams()
    if not _KEY.fullmatch(key) or not 0 < len(name) <= 80:
        messages.error(request, _("Give a name, and a key of small letters, digits, - and _."))
    elif any(key == team.key or name == team.name for team in taken):
        messages.error(request, _("There is a team with this name or key."))
    else:
        with transaction.atomic():
            made = accounts.create_team(key, name)
            accounts.record_audit(
                "team_created",
                actor_id=request.staff.id,
                subject=f"team:{made.pk}",
                detail={"key": key, "name": name},
                ip_address=channels.client_address(request),
            )
        messages.success(request, _("The team is there. Choose its members on their accounts."))
    return HttpResponseRedirect(reverse("settings:staff"))
