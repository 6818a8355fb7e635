"""API tokens: make one, which is shown once, and end one at once."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.kernel.errors import InvalidInput
from rapport.web.settings_pages.pages import row_number, show

LIFETIMES = {
    "30": gettext_lazy("30 days"),
    "90": gettext_lazy("90 days"),
    "365": gettext_lazy("One year"),
    "": gettext_lazy("Until it is revoked"),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def token_list(request: StaffRequest) -> HttpResponse:
    """Every token; a POST makes one and shows its secret in this answer only."""
    secret, problem = "", ""
    if request.method == "POST":
        try:
            secret = _issue(request)
        except InvalidInput as refusal:
            problem = str(refusal)
    context = {
        "tokens": accounts.list_tokens(),
        "staff": accounts.list_staff(),
        "lifetimes": LIFETIMES.items(),
        "secret": secret,
        "problem": problem,
        "base_url": settings.CONFIG.base_url,
    }
    return show(request, "tokens.html", "settings:tokens", context, status=422 if problem else 200)


def _issue(request: StaffRequest) -> str:
    post = request.POST
    days = post.get("lifetime", "")
    if days not in LIFETIMES:
        raise InvalidInput(_("Choose how long it shall live."), field="lifetime")
    return accounts.issue_token(
        row_number(post.get("staff_id", "")) or 0,
        post.get("name", ""),
        lifetime=dt.timedelta(days=int(days)) if days else None,
        actor_id=request.staff.id,
    )


@require_POST
@require(Permission.CONFIGURE)
def revoke(request: StaffRequest, token_id: int) -> HttpResponse:
    """End a token's life."""
    if any(token.id == token_id and token.revoked_at is None for token in accounts.list_tokens()):
        accounts.revoke_token(token_id, actor_id=request.staff.id)
        accounts.forget_tokens()
        messages.success(request, _("Revoked. Other processes refuse it within ten seconds."))
    return HttpResponseRedirect(reverse("settings:tokens"))
