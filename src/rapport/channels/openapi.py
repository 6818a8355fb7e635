"""The APIs put together: routes, the framework's errors as ours, the OpenAPI document and its viewer."""

from __future__ import annotations

import functools
import json
from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from rapport.channels.errors import Malformed, NotSignedIn
from rapport.channels.http import SafeParser
from rapport.channels.kinds.api.views import router as client_router
from rapport.channels.kinds.email.views import router as email_router
from rapport.channels.kinds.voice.views import router as voice_router
from rapport.channels.kinds.web.views import router as widget_router
from rapport.channels.rest.access import TokenAuth
from rapport.channels.rest.canned import router as canned_router
from rapport.channels.rest.contacts import router as contacts_router
from rapport.channels.rest.conversations import router as conversations_router
from rapport.channels.rest.dispositions import router as dispositions_router
from rapport.channels.rest.events import router as events_router
from rapport.channels.rest.settings import profile_router
from rapport.channels.rest.settings import router as settings_router
from rapport.channels.rest.webhooks import router as webhooks_router
from rapport.kernel.errors import InvalidInput, NotPermitted, RapportError

DESCRIPTION = """
Four APIs in one document, in Chatwoot's shapes where Chatwoot has the resource.

* **Client API** `/public/api/v1/inboxes/{identifier}/…`: for front ends of customers; the secret `source_id`
  speaks for a contact.
* **Widget** `/widget/…`: the same by `Authorization: Bearer <session token>`.
* **Voice** `/voice/{identifier}/…`: telephone calls, for platforms with XML verbs and for gateways.
* **Application API** `/api/v1/accounts/1/…`: for programs of staff; header `api_access_token`.

Live updates are server-sent events: `GET /widget/events?conversation={number}` (session token),
`GET …/conversations/{number}/events` below a contact of the client API, and
`GET /api/v1/accounts/1/events` (API token).

Every error has one shape: `{"error": {"code", "message", "retryable", "whose", "facts"}, "message"}`.
"""
DOCS_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
)

ninja_api = NinjaAPI(
    title="Rapport",
    version="1.0.0",
    description=DESCRIPTION.strip(),
    openapi_url=None,
    docs_url=None,
    parser=SafeParser(),
    urls_namespace="http_api",
)
ACCOUNT = "/api/v1/accounts/{account_id}"
ninja_api.add_router("/public/api/v1/inboxes", client_router)
ninja_api.add_router("/widget", widget_router)
ninja_api.add_router("/api/v1/inbound/email", email_router)
ninja_api.add_router("/voice", voice_router)
ninja_api.add_router(ACCOUNT + "/conversations", conversations_router, auth=TokenAuth())
ninja_api.add_router(ACCOUNT + "/conversations", dispositions_router, auth=TokenAuth())
ninja_api.add_router(ACCOUNT + "/contacts", contacts_router, auth=TokenAuth())
ninja_api.add_router(ACCOUNT + "/canned_responses", canned_router, auth=TokenAuth())
ninja_api.add_router(ACCOUNT + "/events", events_router, auth=TokenAuth())
ninja_api.add_router(ACCOUNT + "/webhooks", webhooks_router, auth=TokenAuth())
ninja_api.add_router(ACCOUNT, settings_router, auth=TokenAuth())
ninja_api.add_router("/api/v1/profile", profile_router, auth=TokenAuth())


@ninja_api.exception_handler(Exception)
def pass_on(request: HttpRequest, error: Exception) -> NoReturn:
    """Every error is answered in one place, outside of this package."""
    raise error


@ninja_api.exception_handler(ValidationError)
def refuse_values(request: HttpRequest, error: ValidationError) -> NoReturn:
    """Values that do not fit: which and why."""
    wrong = [
        {"field": ".".join(str(p) for p in e["loc"]), "reason": str(e["msg"])} for e in error.errors[:20]
    ]
    raise InvalidInput("The data sent is not valid.", fields=wrong) from error


@ninja_api.exception_handler(HttpError)
def translate(request: HttpRequest, error: HttpError) -> NoReturn:
    """The framework's own refusals as ours, and ours that it wrapped (its parser step does) as they were."""
    if isinstance(error.__cause__, RapportError):
        raise error.__cause__
    if error.status_code == 401:
        raise NotSignedIn from error
    if error.status_code == 403:
        raise NotPermitted from error
    raise Malformed from error


@functools.cache
def openapi_document() -> bytes:
    """The OpenAPI document, made once."""
    document: dict[str, Any] = json.loads(
        json.dumps(ninja_api.get_openapi_schema(path_prefix=""), default=str)
    )
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


@require_safe
def show_document(request: HttpRequest) -> HttpResponse:
    """``/api/openapi.json``; any website may read it."""
    response = HttpResponse(openapi_document(), content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def show_viewer(request: HttpRequest) -> HttpResponse:
    """``/api/docs``: the document to read and try."""
    response = render(request, "channels/api_docs.html")
    response["Content-Security-Policy"] = DOCS_POLICY
    return response
