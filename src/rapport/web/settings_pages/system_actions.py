"""Actions of a connected system: made of an operation or a tool, mapped, confirmed by a person."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.connectors import api as connectors
from rapport.connectors.contracts import ActionEffect, ConnectorInfo
from rapport.kernel.errors import InvalidInput
from rapport.web.settings_pages import system_form
from rapport.web.settings_pages.declared_systems import find_declared
from rapport.web.settings_pages.pages import record_change, show


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def create(request: StaffRequest, key: str) -> HttpResponse:
    """Make an action of something the system offers."""
    info = find_declared(key)
    catalogue = connectors.find_catalogue(key)
    offer = catalogue.find(request.GET.get("offer", "")) if catalogue else None
    if offer is None or offer.problem:
        raise Http404
    suggested = system_form.suggest(key, offer)
    if request.method == "POST":
        return _change(request, info, suggested, "", offer)
    return _page(request, info, suggested, "", offer)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def edit(request: StaffRequest, key: str, name: str) -> HttpResponse:
    """Change an action."""
    info = find_declared(key)
    action = connectors.list_declared(key).get(name)
    if action is None:
        raise Http404
    offer = _offer_of(key, action)
    if offer is not None and request.GET.get("renew") == "1":
        mapped = {f.key for f in offer.fields}
        kept = tuple(i for i in action.inputs if i.field in mapped)
        action = replace(action, target=offer.target, fields=offer.fields, inputs=kept)
    if request.method == "POST":
        return _change(request, info, action, name, offer)
    return _page(request, info, action, name, offer)


def _offer_of(key: str, action: connectors.DeclaredAction) -> connectors.Offer | None:
    catalogue = connectors.find_catalogue(key)
    wanted = action.target.get("tool") or f"{action.target.get('method')} {action.target.get('path')}"
    return catalogue.find(str(wanted)) if catalogue else None


def _change(
    request: StaffRequest,
    info: ConnectorInfo,
    base: connectors.DeclaredAction,
    former: str,
    offer: connectors.Offer | None,
) -> HttpResponse:
    action = base
    try:
        action = system_form.read_action(request.POST, info.key, base)
        system_form.check_confirmed(request.POST)
        with transaction.atomic():
            before = connectors.list_declared(info.key).get(former)
            connectors.save_declared(info.key, action, former)
            record_change(request, f"action:{action.name}", _on_record(before), _on_record(action))
    except InvalidInput as refusal:
        return _page(request, info, action, former, offer, str(refusal))
    messages.success(request, _("Saved. Procedures can use %(name)s.") % {"name": action.name})
    return HttpResponseRedirect(reverse("settings:system_action", args=[info.key, action.name]))


def _on_record(action: connectors.DeclaredAction | None) -> dict[str, object]:
    if action is None:
        return {}
    return {
        "effect": action.effect.value,
        "is_personal": action.is_personal,
        "target": action.target,
        "inputs": [f"{i.field} = {i.source} {i.value}".rstrip() for i in action.inputs],
        "outputs": [f"{o.name} = {o.path}" for o in action.outputs],
        "is_idempotent": action.is_idempotent,
        "key_header": action.key_header,
        "find": action.find,
        "owner": action.owner,
        "guard": action.guard,
        "amount_argument": action.amount_argument,
        "undone_by": action.undone_by,
    }


def _page(
    request: StaffRequest,
    info: ConnectorInfo,
    action: connectors.DeclaredAction,
    former: str,
    offer: connectors.Offer | None,
    problem: str = "",
) -> HttpResponse:
    others = [a for a in connectors.list_declared(info.key).values() if a.name != former]
    readers = [a.name for a in others if a.effect is ActionEffect.READ]
    effects = [
        (ActionEffect.READ.value, _("Reads: changes nothing")),
        (ActionEffect.WRITE.value, _("Writes: changes a record")),
        (ActionEffect.MONEY.value, _("Money: changes a record and moves money")),
    ]
    sources = [
        ("", _("Not sent")),
        ("argument", _("From the procedure")),
        ("fixed", _("Always the same")),
        ("customer", _("Verified customer's reference")),
        ("language", _("Language")),
        ("key", _("Key of the call")),
    ]
    context = {
        "system": info,
        "action": action,
        "former": former,
        "offer": offer,
        "problem": problem,
        "readers": readers,
        "changers": [a.name for a in others if a.effect is not ActionEffect.READ],
        "guards": [a.name for a in others if a.effect is ActionEffect.READ and a.owner],
        "effects": effects,
        "sources": sources,
        "is_outdated": bool(
            former and offer and (offer.target != action.target or offer.fields != action.fields)
        ),
        "is_renewed": request.GET.get("renew") == "1",
        **system_form.rows_of(action),
    }
    return show(request, "system_action.html", "settings:systems", context, status=422 if problem else 200)


@require_POST
@require(Permission.CONFIGURE)
def remove(request: StaffRequest, key: str, name: str) -> HttpResponse:
    """Take an action away."""
    info = find_declared(key)
    before = connectors.list_declared(key).get(name)
    if before is None:
        raise Http404
    try:
        with transaction.atomic():
            connectors.remove_declared(key, name)
            record_change(request, f"action:{name}", _on_record(before), {})
    except InvalidInput as refusal:
        return _page(request, info, before, name, _offer_of(key, before), str(refusal))
    messages.success(request, _("The action is gone."))
    return HttpResponseRedirect(reverse("settings:system_setup", args=[key]))
