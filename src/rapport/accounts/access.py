"""Who may open a page: the one decorator of every staff view."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from rapport.accounts.contracts import Permission, Staff
from rapport.accounts.queries import staff_of

View = Callable[..., HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request whose sender has signed in and holds the permission asked for."""

    staff: Staff


def require(permission: Permission) -> Callable[[View], View]:
    """Let only staff with a permission through; they are found as ``request.staff``.

    Anonymous visitors are sent to the sign-in page; a partial (htmx) request gets 401 instead, so that a form
    for signing in is never swapped into the middle of a page. Others get 403.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user = request.user
            if not user.is_authenticated:
                if request.headers.get("HX-Request") == "true":
                    return HttpResponse(status=401)
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            staff = staff_of(user)
            if permission not in staff.permissions:
                raise PermissionDenied
            request.staff = staff  # type: ignore[attr-defined]  # the promise of StaffRequest
            return view(request, *args, **kwargs)

        return guarded

    return decorate
