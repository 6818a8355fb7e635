"""Signing in and out, and the language of the screens."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD, DemoAccount
from rapport.accounts.models import User
from rapport.accounts.services import account_subject, is_locked_out, record_audit

ONE_YEAR_S = 365 * 24 * 3600


@never_cache
@ensure_csrf_cookie
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. Wrong credentials and an unknown account look the same."""
    target = _safe_next(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    email = request.POST.get("email", "").strip()
    error = ""
    if request.method == "POST":
        error = _try(request, email, request.POST.get("password", ""))
        if not error:
            return HttpResponseRedirect(target)
    context = {
        "email": email,
        "error": error,
        "next": target,
        "demo_accounts": _demo_accounts(),
        "demo_password": DEMO_PASSWORD,
    }
    return render(request, "accounts/sign_in.html", context, status=422 if error else 200)


def _try(request: HttpRequest, email: str, password: str) -> str:
    """Sign in, or say why not. Every failure is on record without the address typed."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if is_locked_out(email, address):
        return _("Too many attempts. Wait a quarter of an hour and try again.")
    user = authenticate(request, username=email.lower(), password=password)
    if not isinstance(user, User):
        record_audit("sign_in_failed", actor_id=None, subject=account_subject(email), ip_address=address)
        return _("E-mail or password is not right.")
    login(request, user)
    record_audit("sign_in", actor_id=user.pk, subject=f"staff:{user.pk}", ip_address=address)
    return ""


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(target, hosts, require_https=request.is_secure()):
        return target
    return str(settings.LOGIN_REDIRECT_URL)


def _demo_accounts() -> list[DemoAccount]:
    if not settings.CONFIG.is_demo:
        return []
    present = set(User.objects.filter(is_active=True).values_list("email", flat=True))
    return [a for a in DEMO_ACCOUNTS if a.email in present]


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if request.user.is_authenticated:
        record_audit("sign_out", actor_id=request.user.pk, subject=f"staff:{request.user.pk}")
    logout(request)
    return HttpResponseRedirect(str(settings.LOGIN_URL))


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Show the screens in another language from now on, also on other devices of this account."""
    target = _safe_next(request)
    code = request.POST.get("language", "")
    response = HttpResponseRedirect(target)
    if code in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=ONE_YEAR_S, samesite="Lax")
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=code)
    return response
