"""Actions: what each one declares, and what an administrator allows of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.connectors import api as connectors
from rapport.connectors.contracts import Action, ActionEffect, ActionLimits
from rapport.kernel.errors import InvalidInput
from rapport.web.settings_pages.pages import record_change, show

EFFECTS: dict[ActionEffect, Promise] = {
    ActionEffect.READ: gettext_lazy("Reads"),
    ActionEffect.WRITE: gettext_lazy("Changes records"),
    ActionEffect.MONEY: gettext_lazy("Moves money"),
}
COUNTS = ("per_customer_per_day", "per_day")
AMOUNTS = ("max_amount", "approve_above")


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action as shown."""

    action: Action
    effect: str
    limits: ActionLimits
    team: str
    """Name of the team that approves."""

    @property
    def is_limited(self) -> bool:
        """Whether an administrator has set anything of it."""
        return self.limits != ActionLimits(self.action.name)


@never_cache
@require_safe
@require(Permission.CONFIGURE)
def action_list(request: StaffRequest) -> HttpResponse:
    """Every action connected systems offer, by system."""
    limits, teams = connectors.list_limits(), {t.key: t.name for t in accounts.list_teams()}
    systems: dict[str, list[ActionLine]] = {}
    for action in connectors.list_actions():
        allowed = limits.get(action.name, ActionLimits(action.name))
        line = ActionLine(action, str(EFFECTS[action.effect]), allowed, teams.get(allowed.approve_team, ""))
        systems.setdefault(action.name.partition(".")[0], []).append(line)
    return show(request, "actions.html", "settings:actions", {"systems": systems.items()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def action(request: StaffRequest, name: str) -> HttpResponse:
    """One action with its declaration; a POST sets what is allowed of it."""
    found = next((a for a in connectors.list_actions() if a.name == name), None)
    if found is None:
        raise Http404
    before = connectors.find_limits(name)
    given, problem = _as_text(before), ""
    if request.method == "POST":
        given = {field: request.POST.get(field, "").strip() for field in given}
        try:
            _save(request, before, given)
        except InvalidInput as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Saved. It holds from the next call on."))
            return HttpResponseRedirect(reverse("settings:actions"))
    line = ActionLine(found, str(EFFECTS[found.effect]), before, "")
    context = {"line": line, "given": given, "teams": accounts.list_teams(), "problem": problem}
    return show(request, "action.html", "settings:actions", context, status=422 if problem else 200)


def _as_text(limits: ActionLimits) -> dict[str, str]:
    values = {f: _plain(getattr(limits, f)) for f in AMOUNTS}
    values |= {f: "" if (v := getattr(limits, f)) is None else str(v) for f in COUNTS}
    return {
        **values,
        "approve_team": limits.approve_team,
        "is_revoked": "1" if limits.is_revoked else "",
    }


def _plain(amount: Decimal | None) -> str:
    """Without the zeros the database adds."""
    return "" if amount is None else f"{amount:f}".removesuffix(".00")


def _save(request: StaffRequest, before: ActionLimits, given: dict[str, str]) -> None:
    known = {team.key for team in accounts.list_teams()}
    if given["approve_team"] and given["approve_team"] not in known:
        raise InvalidInput(_("Choose one of the teams."), field="approve_team")
    after = ActionLimits(
        before.action,
        is_revoked=given["is_revoked"] == "1",
        max_amount=_amount(given["max_amount"]),
        per_customer_per_day=_count(given["per_customer_per_day"]),
        per_day=_count(given["per_day"]),
        approve_above=_amount(given["approve_above"]),
        approve_team=given["approve_team"],
    )
    with transaction.atomic():
        connectors.save_limits(after)
        record_change(request, f"action:{before.action}", _on_record(before), _on_record(after))


def _on_record(limits: ActionLimits) -> dict[str, Any]:
    return {k: str(v) if isinstance(v, Decimal) else v for k, v in asdict(limits).items()}


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", ".")) if text else None
    except InvalidOperation as problem:
        raise InvalidInput(_("An amount is a number, not below 0.")) from problem
    if amount is not None and not (amount.is_finite() and 0 <= amount < connectors.MAX_AMOUNT):
        raise InvalidInput(_("An amount is a number, not below 0."))
    return amount


def _count(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= connectors.MAX_COUNT and len(text) < 9):
        raise InvalidInput(_("A count is a whole number, not below 0."))
    return int(text)
