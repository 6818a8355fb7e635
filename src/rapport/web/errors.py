"""How errors leave the house: one table of HTTP status codes, one JSON shape, and pages for people.

JSON (every path of an API, and anybody who asks for JSON)::

    {"error": {"code", "message", "retryable", "whose", "facts"}, "message": "…"}

The outer ``message`` repeats the inner one: Chatwoot clients look for it there.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.template import TemplateDoesNotExist, loader
from django.utils.translation import gettext as _

from rapport.kernel.errors import RapportError, Whose

API_LANE = (
    "/public/api/",
    "/api/v1/",
    "/api/v2/",
    "/widget/sessions",
    "/widget/conversations",
    "/widget/menu",
    "/voice/",
)
"""Paths of the APIs: no session, no cookies, no templates."""
JSON_PATHS = (*API_LANE, "/api/")
"""Paths whose errors are JSON whatever the caller accepts."""

STATUS_OF_CODE = {
    "malformed": 400,
    "not_authenticated": 401,
    "not_permitted": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "conflict": 409,
    "wrong_owner": 409,
    "too_large": 413,
    "file_too_large": 413,
    "unsupported_file": 415,
    "invalid_input": 422,
    "not_answerable": 422,
    "too_many_requests": 429,
    "unavailable": 503,
    "error": 500,
}
"""HTTP status of every error code; a code not named here takes its nearest named ancestor's."""


def refusal(path: str, status: int, text: str, facts: Mapping[str, Any]) -> bytes | None:
    """The documented JSON where the front of the server refuses a request to an API; None for other addresses."""
    if not path.startswith(JSON_PATHS):
        return None
    codes = {413: "too_large", 503: "unavailable", 408: "unavailable"}
    is_ours = status == 503
    whose = Whose.US if is_ours else Whose.CALLER
    problem = Problem(status, codes.get(status, "malformed"), text, status in {408, 503}, whose.value, facts)
    return json.dumps(problem.body(), ensure_ascii=False).encode()


_TITLES = {
    400: "malformed",
    401: "not_authenticated",
    403: "not_permitted",
    404: "not_found",
    405: "method_not_allowed",
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error in its outward form."""

    status: int
    code: str
    message: str
    is_retryable: bool = False
    whose: str = Whose.CALLER.value
    facts: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The documented JSON."""
        error = {
            "code": self.code,
            "message": self.message,
            "retryable": self.is_retryable,
            "whose": self.whose,
            "facts": dict(self.facts),
        }
        return {"error": error, "message": self.message}


def problem_of(error: BaseException) -> Problem:
    """What to tell the caller about an exception; an unknown one is our fault, logged under a reference."""
    if isinstance(error, RapportError):
        return Problem(
            _status_of(type(error)),
            error.code,
            str(error),
            error.retryable,
            error.whose.value,
            _plain(error.facts),
        )
    if isinstance(error, Http404):
        return Problem(404, "not_found", "There is nothing at this address.")
    if isinstance(error, PermissionDenied):
        return Problem(403, "not_permitted", "You may not do this.")
    if isinstance(error, RequestDataTooBig):
        return Problem(413, "too_large", "The request is larger than this server takes.")
    if isinstance(error, SuspiciousOperation | BadRequest | UnreadablePostError | RawPostDataException):
        return Problem(400, "malformed", "The request could not be read.")
    reference = uuid.uuid4().hex[:12]
    log.error("request failed", reference=reference, exc_info=error)
    return Problem(
        500,
        "internal",
        "Something went wrong on our side; it is on record under the reference given.",
        True,
        Whose.US.value,
        {"reference": reference},
    )


def _status_of(kind: type[RapportError]) -> int:
    for ancestor in kind.__mro__:
        code = ancestor.__dict__.get("code")
        if code in STATUS_OF_CODE:
            return STATUS_OF_CODE[code]
    return 500


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON can carry them."""
    return {k: v if _is_json(v) else str(v) for k, v in facts.items()}


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return False
    return True


def problem_of_status(status: int) -> Problem:
    """The documented shape for a bare answer such as Django's 405."""
    code = _TITLES.get(status, "malformed" if status < 500 else "internal")
    return Problem(status, code, _PLAIN_TEXT.get(status, _PLAIN_TEXT[400 if status < 500 else 500]))


_PLAIN_TEXT = {
    400: "The request could not be read.",
    401: "Sign in first.",
    403: "You may not do this.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    500: "Something went wrong on our side.",
}


def wants_json(request: HttpRequest) -> bool:
    """Whether an error for this request is JSON."""
    if request.path_info.startswith(JSON_PATHS):
        return True
    accepted = request.META.get("HTTP_ACCEPT", "")
    return "application/json" in accepted and "text/html" not in accepted


def json_of(problem: Problem) -> HttpResponse:
    """An error as JSON."""
    body = json.dumps(problem.body(), ensure_ascii=False, default=str)
    response = HttpResponse(
        body.encode("utf-8", "replace"), content_type="application/json", status=problem.status
    )
    if problem.code == "too_many_requests" and "retry_after_s" in problem.facts:
        response["Retry-After"] = str(problem.facts["retry_after_s"])
    if problem.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def page_of(request: HttpRequest, problem: Problem) -> HttpResponse:
    """An error as a page for people; plain text where the page itself cannot be made."""
    headings = {
        403: _("You may not open this"),
        404: _("There is nothing at this address"),
        409: _("Somebody else was quicker"),
        503: _("A system we depend on does not answer"),
    }
    default = _("Something went wrong on our side") if problem.status >= 500 else _("This did not work")
    context = {
        "heading": headings.get(problem.status, default),
        "advice": problem.message,
        "code": str(problem.status),
        "reference": problem.facts.get("reference", ""),
    }
    name = f"{problem.status}.html" if problem.status in {400, 403, 404, 500} else "web/error.html"
    try:
        text = loader.render_to_string(name, context, request)
    except TemplateDoesNotExist:
        return HttpResponse(problem.message, content_type="text/plain; charset=utf-8", status=problem.status)
    except Exception:  # the request boundary: an error page must not fail
        log.exception("error page failed", template=name)
        return HttpResponse(problem.message, content_type="text/plain; charset=utf-8", status=problem.status)
    return HttpResponse(text, status=problem.status)


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The error in the form the caller understands."""
    return json_of(problem) if wants_json(request) else page_of(request, problem)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    return answer(
        request, problem_of(exception) if isinstance(exception, RequestDataTooBig) else problem_of_status(400)
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    return answer(request, problem_of_status(403))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    return answer(request, problem_of_status(404))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500; the exception was logged by Django."""
    return answer(request, problem_of_status(500))
