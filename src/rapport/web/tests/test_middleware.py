"""Security headers and error pages."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from rapport.conversations import api as conversations
from rapport.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted, Unavailable
from rapport.web import errors
from rapport.web.middleware import ErrorPages, SecurityHeaders


@pytest.mark.django_db
def test_pages_carry_a_strict_policy(client: Client) -> None:
    answer = client.get("/sign-in")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-inline" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "Strict-Transport-Security" not in answer


@pytest.mark.django_db
def test_https_is_remembered(client: Client) -> None:
    assert client.get("/sign-in", secure=True)["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        (None, "frame-ancestors *"),
        (["https://shop.example"], "frame-ancestors 'self' https://shop.example"),
        (["https://x; script-src *", "javascript:"], "frame-ancestors *"),
    ],
)
@pytest.mark.django_db
def test_only_the_widgets_frame_may_be_embedded(origins: list[str] | None, expected: str) -> None:
    inbox = conversations.create_inbox("Web", "web", settings={"allowed_origins": origins} if origins else {})
    request = RequestFactory().get("/widget/frame", {"website_token": inbox.identifier})
    page = SecurityHeaders(lambda r: errors.HttpResponse("frame"))(request)
    assert page["Content-Security-Policy"].endswith(expected)


@pytest.mark.django_db
def test_pages_for_people_and_json_for_programs(client: Client) -> None:
    page = client.get("/no/such/page", headers={"Accept": "text/html"})
    assert (page.status_code, page["Content-Type"]) == (404, "text/html; charset=utf-8")
    shaped = client.get("/no/such/page", headers={"Accept": "application/json"})
    assert shaped.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound(), 404),
        (NotPermitted(), 403),
        (InvalidInput(), 422),
        (Conflict(), 409),
        (Unavailable(), 503),
    ],
)
def test_kernel_errors_become_answers(error: Exception, status: int) -> None:
    middleware = ErrorPages(lambda r: errors.HttpResponse())
    for accept, kind in (("text/html", "text/html; charset=utf-8"), ("application/json", "application/json")):
        request = RequestFactory().get("/desk/x", headers={"Accept": accept})
        answer = middleware.process_exception(request, error)
        assert answer is not None
        assert (answer.status_code, answer["Content-Type"]) == (status, kind)


def test_unforeseen_errors_are_left_to_django() -> None:
    middleware = ErrorPages(lambda r: errors.HttpResponse())
    assert middleware.process_exception(RequestFactory().get("/desk/x"), RuntimeError()) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/settings/procedures", "/settings/systems", "/desk", "/help", "/approvals", "/governance"]
)
def test_an_address_without_its_last_slash_leads_on(client: Client, path: str) -> None:
    answer = client.get(f"{path}?a=1")
    assert (answer.status_code, answer["Location"]) == (301, f"{path}/?a=1")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/settings/nothing", "/nothing", "/api/v1/nothing"])
def test_what_is_nowhere_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
