"""Middleware: security headers, the short way for API requests, and errors as answers."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import get_resolver

from rapport.channels import api as channels
from rapport.kernel.errors import RapportError
from rapport.web.errors import API_LANE, answer, json_of, problem_of, problem_of_status

Next = Callable[[HttpRequest], HttpResponseBase]

OPEN_LANE = "/public/api/"
"""Any website may call these from a browser; they take no cookies."""
FRAME_PATHS = ("/widget", "/widget/", "/widget/frame")
"""The widget's page, made to be embedded."""

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'self'; form-action 'self'; object-src 'none'; frame-ancestors {ancestors}"
)
CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, Accept",
    "Access-Control-Max-Age": "86400",
}


class SecurityHeaders:
    """Adds the headers that tell browsers what a page may do; a view's own header stands."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        add_plain_headers(request, response)
        if "Content-Security-Policy" not in response:
            ancestors = (
                channels.frame_ancestors(request.GET.get("website_token", ""))
                if is_frame(request)
                else "'self'"
            )
            response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.format(ancestors=ancestors)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        )
        return response


def is_frame(request: HttpRequest) -> bool:
    """Whether this is the page that host sites embed."""
    return request.path_info in FRAME_PATHS


def add_plain_headers(request: HttpRequest, response: HttpResponseBase) -> None:
    """What every answer carries."""
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    if request.is_secure():
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def has_nul(request: HttpRequest) -> bool:
    """Whether the address carries a NUL, which no text of ours holds and PostgreSQL refuses."""
    return "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", "")


class ApiLane:
    """Answers API requests without the middleware that pages need: no session, locale, CSRF or messages.

    APIs are authenticated by what the request itself carries (a token, a secret id), never by a cookie, so
    there is nothing for CSRF protection to protect.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not path.startswith(API_LANE):
            return self.get_response(request)
        is_open = path.startswith(OPEN_LANE)
        if is_open and request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204)
        else:
            response = _answer_api(request, path)
        finish_api_answer(request, response)
        return response


def finish_api_answer(request: HttpRequest, response: HttpResponseBase) -> None:
    """Headers of every answer of an API."""
    if request.path_info.startswith(OPEN_LANE):
        for name, value in CORS_HEADERS.items():
            response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - ours were, by reference
    add_plain_headers(request, response)


def _answer_api(request: HttpRequest, path: str) -> HttpResponseBase:
    try:
        request.get_host()
        channels.check_request_rate(request)
        if has_nul(request):
            return json_of(problem_of_status(400))
        channels.read_form(request)
        match = get_resolver().resolve(path)
        request.resolver_match = match
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    except Exception as error:  # noqa: BLE001 - the request boundary
        return json_of(problem_of(error))
    if response.status_code >= 400 and not response.headers.get("Content-Type", "").startswith(
        "application/json"
    ):
        shaped = json_of(problem_of_status(response.status_code))
        if "Allow" in response:
            shaped["Allow"] = response["Allow"]
        return shaped
    return response


class ErrorPages:
    """Turns errors that views raise on purpose into answers; unforeseen ones go to Django's handlers."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if has_nul(request):
            return answer(request, problem_of_status(400))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called by Django for an exception of the view."""
        return answer(request, problem_of(exception)) if isinstance(exception, RapportError) else None
