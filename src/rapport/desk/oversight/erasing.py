"""Erasing a customer from the screens: what it removes is shown first."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.channels import api as channels
from rapport.desk.customer_pages import customer_or_404, note_reading, shown_name
from rapport.desk.erasing import erase_customer, plan_erasure
from rapport.desk.oversight.pages import show
from rapport.kernel.errors import Conflict


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PROTECT_DATA)
def erase(request: StaffRequest, customer_id: int) -> HttpResponse:
    """What an erasure would remove; a POST with the box ticked erases."""
    customer = customer_or_404(customer_id)
    problem, rows = "", {}
    try:
        if request.method == "POST" and request.POST.get("is_checked"):
            address = channels.client_address(request)
            erase_customer(int(customer.id), actor_id=request.staff.id, ip_address=address)
            messages.success(request, _("The customer was erased."))
            return HttpResponseRedirect(reverse("governance:consents"))
        if request.method == "POST":
            problem = _("Tick the box first. Nothing was erased.")
        else:
            note_reading(request, customer)
        rows = plan_erasure(int(customer.id)).rows
    except Conflict:
        problem = _("An action for this customer is still under way. Try again when it is settled.")
    context = {
        "customer": customer,
        "name": shown_name(customer),
        "rows": sorted(rows.items()),
        "problem": problem,
    }
    return show(request, "erase.html", "governance:consents", context, status=422 if problem else 200)
