"""The loader, the page in the iframe, its files and look, and a host page to try them on."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from rapport.channels import api as channels
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo
from rapport.kernel.languages import LANGUAGES, base_language
from rapport.widget.assets import Asset, load_bundle, load_loader
from rapport.widget.snippet import make_snippet
from rapport.widget.theme import DEFAULT_COLOUR, make_theme, text_colour_on

LOADER_MAX_AGE_S = 600
THEME_MAX_AGE_S = 60


@dataclass(frozen=True, slots=True)
class FramePage:
    """What the template of the iframe's page shows."""

    language: str
    version: str
    modules: list[str]
    title: str
    website_token: str
    config: str
    """Settings of the inbox and the guided menu, as JSON."""


@require_safe
def show_loader(request: HttpRequest) -> HttpResponseBase:
    """``/packs/js/sdk.js``, for any site."""
    response = _asset(request, load_loader(), f"public, max-age={LOADER_MAX_AGE_S}")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def show_asset(request: HttpRequest, version: str, name: str) -> HttpResponseBase:
    """A file of the iframe's page; kept by browsers for good, as its address names its content."""
    bundle = load_bundle()
    asset = bundle.assets.get(name)
    if asset is None:
        raise Http404
    is_current = version == bundle.version
    return _asset(request, asset, "public, max-age=31536000, immutable" if is_current else "no-cache")


def _asset(request: HttpRequest, asset: Asset, keep: str) -> HttpResponse:
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(asset.packed if takes_gzip else asset.body, content_type=asset.content_type)
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = keep
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@require_safe
def show_frame(request: HttpRequest) -> HttpResponseBase:
    """``/widget?website_token=…``: the page in the iframe. It knows nobody: sessions are the API's matter."""
    inbox = _access_inbox(request)
    language = _language(request, inbox)
    bundle = load_bundle()
    page = FramePage(
        language=language,
        version=bundle.version,
        modules=bundle.modules,
        title=str(inbox.settings.get("brand") or inbox.name),
        website_token=inbox.identifier,
        config=json.dumps(_config(inbox, language), ensure_ascii=False),
    )
    response = render(request, "widget/frame.html", {"page": page})
    response["Cache-Control"] = "no-cache"
    return response


def _config(inbox: InboxInfo, language: str) -> dict[str, Any]:
    shown = channels.present_inbox_settings(inbox)
    colour = inbox.settings.get("colour") or DEFAULT_COLOUR
    look = {"colour": colour, "on_colour": text_colour_on(str(colour))}
    limits = {"max_bytes": settings.CONFIG.file_max_bytes, "max_count": settings.CONFIG.files_per_message}
    menu = {"menu": channels.list_menu(language), "menu_language": language}
    return {**shown, **look, **menu, "files": limits}


def _access_inbox(request: HttpRequest) -> InboxInfo:
    inbox = conversations.find_inbox(request.GET.get("website_token", "")[:80])
    if inbox is None or inbox.channel_kind != "web":
        raise Http404
    return inbox


def _language(request: HttpRequest, inbox: InboxInfo) -> str:
    """What the host page asks for, else the first of the browser's languages that the inbox speaks."""
    spoken = [str(code) for code in inbox.settings.get("languages", LANGUAGES)] or ["en"]
    wanted = [request.GET.get("locale", "")]
    wanted += [part.partition(";")[0] for part in request.headers.get("Accept-Language", "").split(",")]
    codes = [base_language(text.strip(), "") for text in wanted if text.strip()]
    return next((code for code in codes if code in spoken), spoken[0])


@require_safe
def show_theme(request: HttpRequest) -> HttpResponseBase:
    """The inbox's colours and its own CSS."""
    inbox = _access_inbox(request)
    css = make_theme(str(inbox.settings.get("colour") or ""), str(inbox.settings.get("custom_css") or ""))
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={THEME_MAX_AGE_S}"
    return response


@require_safe
def show_demo_host(request: HttpRequest) -> HttpResponseBase:
    """A plain page with the snippet on it, to try the widget; only in a demonstration."""
    inbox = next((i for i in conversations.list_inboxes() if i.channel_kind == "web"), None)
    if not settings.CONFIG.is_demo or inbox is None:
        raise Http404
    base_url = f"{request.scheme}://{request.get_host()}"
    snippet = make_snippet(base_url, inbox.identifier, language=request.GET.get("locale", ""))
    script = snippet.removeprefix("<script>").removesuffix("</script>")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    response = render(request, "widget/demo_host.html", {"snippet": snippet})
    response["Content-Security-Policy"] = (
        f"default-src 'self'; img-src 'self' data:; script-src 'self' 'sha256-{digest}'; frame-ancestors 'self'"
    )
    return response
