"""Connected systems: address, key, a test of the connection, on and off."""

from __future__ import annotations

import re
import time
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.connectors import api as connectors
from rapport.connectors.contracts import ConnectorInfo
from rapport.kernel.errors import InvalidInput
from rapport.web.settings_pages.pages import record_change, show

DECLARED = ("openapi", "mcp")
"""Kinds whose actions an administrator declares on pages of their own."""
KINDS = {"shop": "shop"}
"""Systems that can be connected: key → kind."""
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


@never_cache
@require_safe
@require(Permission.CONFIGURE)
def system_list(request: StaffRequest) -> HttpResponse:
    """Every system that is or can be connected."""
    return _page(request)


def _page(request: StaffRequest, given: ConnectorInfo | None = None, problem: str = "") -> HttpResponse:
    found = [connectors.find_connector(key) or _blank(key) for key in KINDS]
    shown = [given if given and given.key == info.key else info for info in found]
    context = {
        "systems": shown,
        "problem": problem,
        "actions": [a for a in connectors.list_actions() if a.name.partition(".")[0] in KINDS],
        "declared": [
            _declared(key)
            for key, kind, *_more in connectors.list_connectors()
            if kind in DECLARED or kind in connectors.FORMS
        ],
        "forms": connectors.FORMS.values(),
    }
    return show(request, "systems.html", "settings:systems", context, status=422 if problem else 200)


def _declared(key: str) -> dict[str, Any]:
    info = connectors.find_connector(key)
    form = connectors.FORMS.get(info.kind) if info else None
    offered = [a for a in connectors.list_actions() if a.name.partition(".")[0] == key]
    return {"info": info, "form": form, "actions": len(offered)}


def _blank(key: str) -> ConnectorInfo:
    return ConnectorInfo(key, KINDS[key], "", has_secret=False, is_enabled=True, settings={"currency": "EUR"})


@sensitive_post_parameters("secret")
@never_cache
@require_POST
@require(Permission.CONFIGURE)
def change(request: StaffRequest, key: str) -> HttpResponse:
    """Connect a system, or change how it is reached."""
    if key not in KINDS:
        raise Http404
    before = connectors.find_connector(key)
    secret = request.POST.get("secret", "").strip()
    given = _read(request, before or _blank(key))
    try:
        _check(given, secret)
        _save(request, before, given, secret)
    except InvalidInput as refusal:
        return _page(request, given, str(refusal))
    messages.success(request, _("Saved. Test the connection now."))
    return HttpResponseRedirect(reverse("settings:systems"))


def _read(request: StaffRequest, before: ConnectorInfo) -> ConnectorInfo:
    post = request.POST
    return ConnectorInfo(
        before.key,
        before.kind,
        post.get("base_url", "").strip().rstrip("/"),
        before.has_secret,
        post.get("is_enabled") == "1",
        {**before.settings, "currency": post.get("currency", "").strip().upper()},
    )


def _check(given: ConnectorInfo, secret: str) -> None:
    parts = urlsplit(given.base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(given.base_url) > 300:
        raise InvalidInput(_("The address begins with https:// or http://."), field="base_url")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InvalidInput(_("The address holds no user name, query or fragment."), field="base_url")
    if not _CURRENCY.fullmatch(str(given.settings["currency"])):
        raise InvalidInput(_("A currency has three letters, as EUR."), field="currency")
    if not secret and not given.has_secret:
        raise InvalidInput(_("Enter the key the system gave you."), field="secret")
    if len(secret) > 300 or not secret.isascii():
        raise InvalidInput(_("This does not look like a key."), field="secret")


@transaction.atomic
def _save(request: StaffRequest, before: ConnectorInfo | None, given: ConnectorInfo, secret: str) -> None:
    connectors.change_connector(given, secret)
    was = _on_record(before) if before else {}
    record_change(
        request, f"connector:{given.key}", was, {**_on_record(given), "key": "changed" if secret else None}
    )


def _on_record(info: ConnectorInfo) -> dict[str, Any]:
    kept = asdict(info)
    return {"base_url": kept["base_url"], "is_enabled": kept["is_enabled"], **kept["settings"], "key": None}


@require_POST
@require(Permission.CONFIGURE)
def test(request: StaffRequest, key: str) -> HttpResponse:
    """Ask the system a harmless question and say what came of it."""
    if connectors.find_connector(key) is None:
        raise Http404
    started = time.monotonic()
    try:
        found = connectors.check_connector(key)
    except connectors.ConnectorDown as problem:
        refusal = _("It does not answer as a shop: %(reason)s.")
        if key not in KINDS:
            refusal = _("It does not answer: %(reason)s.")
        is_good, said = False, refusal % {"reason": str(problem)}
    else:
        elapsed_ms = round((time.monotonic() - started) * 1000)
        is_good, said = True, f"{_('It answers, in %(n)d ms.') % {'n': elapsed_ms}} {found}".rstrip()
    if request.headers.get("HX-Request") == "true":
        return render(request, "web/settings/system_test.html", {"is_good": is_good, "said": said})
    (messages.success if is_good else messages.error)(request, said)
    return HttpResponseRedirect(page_of(key))


def page_of(key: str) -> str:
    """The page on which a system is set up."""
    info = connectors.find_connector(key)
    if info is not None and info.kind in connectors.FORMS:
        return reverse("settings:system_form", args=[key])
    return reverse("settings:systems") if key in KINDS else reverse("settings:system_setup", args=[key])
