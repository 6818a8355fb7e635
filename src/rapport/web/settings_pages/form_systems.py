"""Systems connected by filling in a form: tables, mail, databases, cases, documents, files, a browser, platforms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.connectors import api as connectors
from rapport.connectors.contracts import ConnectorInfo
from rapport.kernel.errors import InvalidInput
from rapport.web.settings_pages.pages import record_change, show


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of a form as shown."""

    field: connectors.FormField
    value: str


def find_by_form(key: str) -> ConnectorInfo:
    """A system of these kinds. Raises Http404."""
    info = connectors.find_connector(key)
    if info is None or info.kind not in connectors.FORMS:
        raise Http404
    return info


@sensitive_post_parameters("secret")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def create(request: StaffRequest, kind: str) -> HttpResponse:
    """Connect a system of a kind."""
    form = connectors.FORMS.get(kind)
    if form is None:
        raise Http404
    is_shop = kind in connectors.SHOP_KINDS
    if request.method != "POST":
        return _page(request, form, None, {}, key="shop" if is_shop else "")
    key = request.POST.get("key", "").strip()
    try:
        _check_free(key, is_shop=is_shop)
        _save(request, form, key, None)
    except InvalidInput as refusal:
        return _page(request, form, None, request.POST, key=key, problem=str(refusal))
    messages.success(request, _("Saved. Test the connection now."))
    return HttpResponseRedirect(reverse("settings:system_form", args=[key]))


@sensitive_post_parameters("secret")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def setup(request: StaffRequest, key: str) -> HttpResponse:
    """One system: what was entered, its actions, a test."""
    info = find_by_form(key)
    form = connectors.FORMS[info.kind]
    if request.method != "POST":
        return _page(request, form, info, info.settings.get("form", {}), key=key)
    try:
        _save(request, form, key, info)
    except InvalidInput as refusal:
        return _page(request, form, info, request.POST, key=key, problem=str(refusal))
    messages.success(request, _("Saved. Test the connection now."))
    return HttpResponseRedirect(reverse("settings:system_form", args=[key]))


def _check_free(key: str, *, is_shop: bool) -> None:
    """Raises InvalidInput where another system has this name."""
    if not is_shop and connectors.find_connector(key) is not None:
        raise InvalidInput(_("A system of this name exists."), field="key")


def _save(request: StaffRequest, form: connectors.KindForm, key: str, before: ConnectorInfo | None) -> None:
    given = {field.name: request.POST.get(field.name, "") for field in form.fields}
    given = {name: value.replace("\r\n", "\n") for name, value in given.items()}
    with transaction.atomic():
        connectors.connect_by_form(form.kind, key, given)
        after = connectors.find_connector(key)
        was = before.settings.get("form", {}) if before else {}
        now = after.settings.get("form", {}) if after else {}
        record_change(
            request, f"connector:{key}", was, {**now, "key": "changed" if given.get("secret") else None}
        )


def _page(
    request: StaffRequest,
    form: connectors.KindForm,
    info: ConnectorInfo | None,
    values: Mapping[str, Any],
    *,
    key: str,
    problem: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "system": info,
        "key": key,
        "is_shop": form.kind in connectors.SHOP_KINDS,
        "entries": [Entry(f, _shown(f, values)) for f in form.fields],
        "actions": [a for a in connectors.list_actions() if a.name.partition(".")[0] == key] if info else [],
        "declared": set(connectors.list_declared(key)) if info else set(),
        "problem": problem,
    }
    return show(request, "system_form.html", "settings:systems", context, status=422 if problem else 200)


def _shown(field: connectors.FormField, values: Mapping[str, Any]) -> str:
    """What stands in a field: what was entered, else its default; a secret is never shown again."""
    return "" if field.kind == "secret" else str(values.get(field.name, field.default))
