"""Trying an action: a read shows request and answer; a change is really made, and only when confirmed."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.core import signing
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.connectors import api as connectors
from rapport.connectors.contracts import ActionEffect, Principal, Trial
from rapport.web.settings_pages.declared_systems import find_system
from rapport.web.settings_pages.pages import show
from rapport.web.settings_pages.systems import page_of

FILE_SALT = "file of a trial"
FILE_SECONDS = 3600


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def attempt(request: StaffRequest, key: str, name: str) -> HttpResponse:
    """Give values, perform the action, see what came of it."""
    info = find_system(key)
    action = connectors.list_declared(key).get(name)
    if action is None:
        raise Http404
    given = {argument: request.POST.get(f"argument-{argument}", "") for argument in action.arguments}
    customer = request.POST.get("customer_ref", "").strip()[:120]
    context: dict[str, Any] = {
        "system": info,
        "action": action,
        "system_page": page_of(key),
        "given": given,
        "customer_ref": customer,
        "is_read": action.effect is ActionEffect.READ,
        "has_dry_run": action.effect is not ActionEffect.READ and connectors.may_try(info.kind, action),
    }
    if request.method == "POST":
        context |= _tried(request, action, given, customer, has_dry_run=context["has_dry_run"])
    template = "system_trial.html" if request.headers.get("HX-Request") == "true" else "system_try.html"
    return show(request, template, "settings:systems", context)


def _tried(
    request: StaffRequest,
    action: connectors.DeclaredAction,
    given: dict[str, str],
    customer: str,
    *,
    has_dry_run: bool,
) -> dict[str, Any]:
    principal = Principal(customer, "staff") if customer else None
    arguments = {name: _value(text) for name, text in given.items() if text != ""}
    is_dry = has_dry_run and request.POST.get("move") == "dry"
    if action.effect is not ActionEffect.READ and not is_dry:
        if request.POST.get("is_confirmed") != "1":
            return {"trial_problem": _("Confirm that the change is really to be made.")}
        outcome = connectors.call_action(
            action.name,
            arguments,
            key=f"try:{uuid.uuid4()}",
            principal=principal,
            conversation_id=None,
            actor=f"staff:{request.staff.id}",
        )
        return _shown(Trial("", "", outcome))
    if action.is_personal and principal is None:
        return {"trial_problem": _("This action is about one customer: enter their reference.")}
    try:
        return _shown(connectors.try_read(action.name, arguments, principal))
    except connectors.ConnectorDown as problem:
        return {"trial_problem": _("No answer: %(reason)s.") % {"reason": str(problem)}}


def _value(text: str) -> Any:
    """JSON where it is JSON of a list or object, the text itself otherwise."""
    if text.lstrip()[:1] in {"[", "{"}:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text


def _shown(trial: Trial) -> dict[str, Any]:
    results = json.dumps(trial.outcome.data, ensure_ascii=False, indent=2)
    files = [
        (file["name"], file["media_type"], signing.dumps([file["ref"], file["media_type"]], salt=FILE_SALT))
        for file in connectors.files_in(trial.outcome.data)
    ]
    return {"trial": trial, "results": results, "files": files}


@never_cache
@require_safe
@require(Permission.CONFIGURE)
def show_file(request: StaffRequest, token: str) -> HttpResponse:  # noqa: ARG001 - views get it
    """A document or a picture that a trial of the last hour left."""
    try:
        ref, media_type = signing.loads(token, salt=FILE_SALT, max_age=FILE_SECONDS)
    except signing.BadSignature as problem:
        raise Http404 from problem
    response = HttpResponse(connectors.read_call_file(ref), content_type=media_type)
    way = "inline" if media_type == "image/jpeg" else "attachment"
    response["Content-Disposition"] = f'{way}; filename="{ref.partition("/")[2]}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
