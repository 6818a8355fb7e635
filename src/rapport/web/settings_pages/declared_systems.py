"""Systems connected by an OpenAPI document or as an MCP server: adding, reaching, what they offer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.connectors import api as connectors
from rapport.connectors.contracts import ConnectorInfo
from rapport.kernel.errors import InvalidInput
from rapport.web.settings_pages import system_form
from rapport.web.settings_pages.pages import record_change, show
from rapport.web.settings_pages.systems import DECLARED

MAX_SHOWN_OFFERS = 100


def find_declared(key: str) -> ConnectorInfo:
    """A system of these kinds. Raises Http404."""
    info = find_system(key)
    if info.kind not in DECLARED:
        raise Http404
    return info


def find_system(key: str) -> ConnectorInfo:
    """A system whose actions are declared, on these pages or by its form. Raises Http404."""
    info = connectors.find_connector(key)
    if info is None or info.kind not in {*DECLARED, *connectors.FORMS}:
        raise Http404
    return info


@sensitive_post_parameters("secret")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def create_openapi(request: StaffRequest) -> HttpResponse:
    """Connect a system by its OpenAPI document: a file, a text, or an address that is asked once."""
    blank = ConnectorInfo("", "openapi", "", has_secret=False, is_enabled=True, settings={})
    if request.method != "POST":
        return _new(request, "system_new_openapi.html", blank)
    given = system_form.read_connection(request.POST, blank)
    try:
        content, source = _document(request)
        found = connectors.describe_document(content, source)
        given = _named(given, system_form.read_key(request.POST), given.base_url or found.base_url)
        secret = request.POST.get("secret", "").strip()
        system_form.check_connection(given, secret)
        with transaction.atomic():
            _save(request, None, given, secret)
            connectors.keep_document(given.key, found)
    except (InvalidInput, connectors.ConnectorDown) as refusal:
        return _new(request, "system_new_openapi.html", given, str(refusal))
    _tell_found(request, len(found.operations))
    return HttpResponseRedirect(reverse("settings:system_setup", args=[given.key]))


@sensitive_post_parameters("secret")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def create_mcp(request: StaffRequest) -> HttpResponse:
    """Connect an MCP server and ask it for its tools."""
    blank = ConnectorInfo("", "mcp", "", has_secret=False, is_enabled=True, settings={"transport": "http"})
    if request.method != "POST":
        return _new(request, "system_new_mcp.html", blank)
    given = system_form.read_connection(request.POST, blank)
    try:
        given = _named(given, system_form.read_key(request.POST), given.base_url)
        secret = request.POST.get("secret", "").strip()
        system_form.check_connection(given, secret)
        with transaction.atomic():
            _save(request, None, given, secret)
    except InvalidInput as refusal:
        return _new(request, "system_new_mcp.html", given, str(refusal))
    _ask_for_tools(request, given.key)
    return HttpResponseRedirect(reverse("settings:system_setup", args=[given.key]))


def _new(request: StaffRequest, template: str, given: ConnectorInfo, problem: str = "") -> HttpResponse:
    context = {"system": given, "problem": problem, "post": request.POST, **_choices()}
    return show(request, template, "settings:systems", context, status=422 if problem else 200)


def _choices() -> dict[str, Any]:
    labels = {
        "none": _("None"),
        "bearer": _("Bearer token"),
        "basic": _("User name and password"),
        "header_key": _("Key in a header"),
        "query_key": _("Key in the address"),
        "oauth2": _("OAuth2, client credentials"),
    }
    return {"schemes": [(s, labels[s]) for s in system_form.SCHEMES], "servers": connectors.list_servers()}


def _named(given: ConnectorInfo, key: str, base_url: str) -> ConnectorInfo:
    return ConnectorInfo(key, given.kind, base_url, given.has_secret, given.is_enabled, given.settings)


def _document(request: StaffRequest) -> tuple[bytes | str, str]:
    """The document given, and the address it came from. Raises InvalidInput, ConnectorDown."""
    upload = request.FILES.get("document")
    if upload is not None:
        return upload.read(), ""
    if request.POST.get("document_text", "").strip():
        return request.POST["document_text"], ""
    url = request.POST.get("document_url", "").strip()
    if url:
        return connectors.fetch_document(url), url
    raise InvalidInput(_("Give the document as a file, as text, or by its address."), field="document")


@sensitive_post_parameters("secret")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFIGURE)
def setup(request: StaffRequest, key: str) -> HttpResponse:
    """One system: how it is reached, its actions, and what else it offers."""
    before = find_declared(key)
    if request.method != "POST":
        return _page(request, before)
    secret = request.POST.get("secret", "").strip()
    given = system_form.read_connection(request.POST, before)
    try:
        system_form.check_connection(given, secret)
        with transaction.atomic():
            _save(request, before, given, secret)
    except InvalidInput as refusal:
        return _page(request, given, str(refusal))
    messages.success(request, _("Saved. Test the connection now."))
    return HttpResponseRedirect(reverse("settings:system_setup", args=[key]))


def _page(request: StaffRequest, info: ConnectorInfo, problem: str = "") -> HttpResponse:
    catalogue = connectors.find_catalogue(info.key)
    asked = request.GET.get("q", "").strip()[:100].lower()
    offers = catalogue.offers if catalogue else ()
    found = [o for o in offers if asked in f"{o.key} {o.title} {o.group} {o.description}".lower()]
    context = {
        "system": info,
        "problem": problem,
        "post": {},
        "catalogue": catalogue,
        "declared": connectors.list_declared(info.key).values(),
        "offers": found[:MAX_SHOWN_OFFERS],
        "found": len(found),
        "total": len(offers),
        "q": asked,
        **_choices(),
    }
    if request.headers.get("HX-Request") == "true":
        return show(request, "system_offers.html", "settings:systems", context)
    return show(request, "system_setup.html", "settings:systems", context, status=422 if problem else 200)


def _save(request: StaffRequest, before: ConnectorInfo | None, given: ConnectorInfo, secret: str) -> None:
    connectors.change_connector(given, secret)
    was = _on_record(before) if before else {}
    after = {**_on_record(given), "key": "changed" if secret else None}
    record_change(request, f"connector:{given.key}", was, after)


def _on_record(info: ConnectorInfo) -> dict[str, Any]:
    kept = {k: v for k, v in info.settings.items() if k != "actions"}
    return {"kind": info.kind, "base_url": info.base_url, "is_enabled": info.is_enabled, **kept, "key": None}


def _tell_found(request: StaffRequest, count: int) -> None:
    messages.success(request, _("%(n)d operations found. Choose what becomes an action.") % {"n": count})


@require_POST
@require(Permission.CONFIGURE)
def replace_document(request: StaffRequest, key: str) -> HttpResponse:
    """Read a newer document; actions made of the former one stay as they are."""
    info = find_declared(key)
    try:
        content, source = _document(request)
        found = connectors.describe_document(content, source)
    except (InvalidInput, connectors.ConnectorDown) as refusal:
        return _page(request, info, str(refusal))
    connectors.keep_document(key, found)
    record_change(request, f"connector:{key}", {}, {"document": f"{found.title} {found.version}".strip()})
    _tell_found(request, len(found.operations))
    return HttpResponseRedirect(reverse("settings:system_setup", args=[key]))


@require_POST
@require(Permission.CONFIGURE)
def refresh(request: StaffRequest, key: str) -> HttpResponse:
    """Ask an MCP server again for its tools."""
    if find_declared(key).kind != "mcp":
        raise Http404
    _ask_for_tools(request, key)
    return HttpResponseRedirect(reverse("settings:system_setup", args=[key]))


def _ask_for_tools(request: StaffRequest, key: str) -> None:
    try:
        found = connectors.refresh_tools(key)
    except connectors.ConnectorDown as problem:
        messages.error(request, _("The server does not answer: %(reason)s.") % {"reason": str(problem)})
    else:
        messages.success(
            request, _("%(n)d tools found. Choose what becomes an action.") % {"n": len(found.offers)}
        )


@require_POST
@require(Permission.CONFIGURE)
def remove(request: StaffRequest, key: str) -> HttpResponse:
    """Take a system away; the record of what was done through it stays."""
    info = find_system(key)
    with transaction.atomic():
        connectors.remove_connector(key)
        record_change(request, f"connector:{key}", _on_record(info), {})
    messages.success(request, _("The system is no longer connected."))
    return HttpResponseRedirect(reverse("settings:systems"))
