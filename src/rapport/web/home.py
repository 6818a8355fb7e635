"""The start page: it leads each member of staff to the first page they may open."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rapport.web.navigation import nav_links


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first entry of the navigation; visitors are sent to the sign-in page."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(settings.LOGIN_URL)
    links = nav_links(request)
    return HttpResponseRedirect(links[0].url if links else "/desk/")
