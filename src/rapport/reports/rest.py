"""``GET /api/v2/accounts/{account_id}/reports/self-service``: the figures for programs of staff."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from rapport.accounts.contracts import Permission
from rapport.channels import api as channels
from rapport.kernel.errors import NotPermitted
from rapport.reports.exporting import as_json
from rapport.reports.queries import self_service
from rapport.reports.scope import read_scope


@require_safe
def self_service_json(request: HttpRequest, account_id: int) -> JsonResponse:
    """Parameters ``from``, ``to`` (days, both included) and ``inbox``; 28 days of all inboxes without them."""
    staff = channels.staff_by_token(request, account_id)
    if Permission.READ_REPORTS not in staff.permissions:
        raise NotPermitted(needs=[Permission.READ_REPORTS.value])
    scope = read_scope(request.GET.dict())
    return JsonResponse(as_json(self_service(scope.period, scope.inbox_id)))
