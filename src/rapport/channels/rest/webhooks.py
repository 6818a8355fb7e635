"""``/api/v1/accounts/{account_id}/webhooks…``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from rapport.accounts.contracts import Permission
from rapport.channels import shapes
from rapport.channels.http import MAX_NUMBER, json_answer
from rapport.channels.limits import client_address
from rapport.channels.rest import payloads
from rapport.channels.rest import shapes as rest_shapes
from rapport.channels.rest.access import Account, Number, check_may
from rapport.channels.rest.routes import put_and_patch
from rapport.channels.webhooks import api as webhooks
from rapport.channels.webhooks.api import DeliveryInfo, WebhookDraft, WebhookInfo
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.kernel.ids import ACCOUNT_ID

router = Router(tags=["Webhooks"])


def _present(info: WebhookInfo) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": info.id,
        "name": info.name,
        "url": info.url,
        "account_id": ACCOUNT_ID,
        "subscriptions": list(info.events),
        "active": info.is_active,
        "personal_data": info.with_personal_data,
    }
    if info.inbox_id is not None:
        shown["inbox"] = {"id": info.inbox_id, "name": info.inbox_name}
    return shown


@router.get("", response=shapes.responses(rest_shapes.WebhookListShape))
def list_webhooks(request: HttpRequest, account_id: Account) -> HttpResponse:
    """Every webhook, without its secret."""
    check_may(request, account_id, Permission.CONFIGURE)
    return json_answer({"payload": {"webhooks": [_present(w) for w in webhooks.list_webhooks()]}})


@router.post("", response=shapes.responses(rest_shapes.OneWebhookShape))
def create_webhook(
    request: HttpRequest, account_id: Account, payload: payloads.WebhookPayload
) -> HttpResponse:
    """A new webhook; its `secret` is in this answer only."""
    staff = check_may(request, account_id, Permission.CONFIGURE)
    draft = _draft(payload, WebhookDraft("", "", webhooks.EVENTS))
    made, secret = webhooks.create_webhook(draft, staff, ip_address=client_address(request))
    return json_answer({"payload": {"webhook": {**_present(made), "secret": secret}}})


def update_webhook(
    request: HttpRequest, account_id: Account, number: Number, payload: payloads.WebhookPayload
) -> HttpResponse:
    """Change what is given of a webhook."""
    staff = check_may(request, account_id, Permission.CONFIGURE)
    draft = _draft(payload, _access(number).as_draft())
    saved = webhooks.update_webhook(number, draft, staff, ip_address=client_address(request))
    return json_answer({"payload": {"webhook": _present(saved)}})


put_and_patch(router, update_webhook, rest_shapes.OneWebhookShape, "webhook")


@router.delete("/{number}", response=shapes.responses(shapes.EmptyShape))
def delete_webhook(request: HttpRequest, account_id: Account, number: Number) -> HttpResponse:
    """End a webhook, with its deliveries."""
    staff = check_may(request, account_id, Permission.CONFIGURE)
    webhooks.delete_webhook(number, staff, ip_address=client_address(request))
    return json_answer({})


@router.get("/{number}/deliveries", response=shapes.responses(rest_shapes.DeliveryListShape))
def list_deliveries(
    request: HttpRequest,
    account_id: Account,
    number: Number,
    state: Literal["", "waiting", "delivered", "dead"] = "",
    before: Annotated[int | None, Query(ge=1, le=MAX_NUMBER)] = None,
) -> HttpResponse:
    """Fifty deliveries, the newest first; `before` is the id of the last one seen."""
    check_may(request, account_id, Permission.CONFIGURE)
    _access(number)
    found = webhooks.list_deliveries(number, state=state, before=before)
    return json_answer({"payload": [_present_delivery(d) for d in found]})


@router.post("/{number}/test", response=shapes.responses(rest_shapes.OneDeliveryShape))
def send_test(request: HttpRequest, account_id: Account, number: Number) -> HttpResponse:
    """Have a test event sent; look among the deliveries what became of it."""
    staff = check_may(request, account_id, Permission.CONFIGURE)
    sent = webhooks.send_test(number, staff, ip_address=client_address(request))
    return json_answer({"payload": _present_delivery(sent)})


@router.post("/{number}/replay", response=shapes.responses(rest_shapes.ReplayShape))
def replay_dead(request: HttpRequest, account_id: Account, number: Number) -> HttpResponse:
    """Send every dead delivery again, in order."""
    staff = check_may(request, account_id, Permission.CONFIGURE)
    count = webhooks.replay_dead(number, staff, ip_address=client_address(request))
    return json_answer({"replayed": count})


@router.post(
    "/{number}/deliveries/{delivery}/replay", response=shapes.responses(rest_shapes.OneDeliveryShape)
)
def replay(request: HttpRequest, account_id: Account, number: Number, delivery: Number) -> HttpResponse:
    """Send one delivery again, with the same body and id."""
    staff = check_may(request, account_id, Permission.CONFIGURE)
    again = webhooks.replay(number, delivery, staff, ip_address=client_address(request))
    return json_answer({"payload": _present_delivery(again)})


def _access(number: int) -> WebhookInfo:
    known = webhooks.find_webhook(number)
    if known is None:
        raise NotFound("There is no webhook with this id.", id=number)
    return known


def _present_delivery(info: DeliveryInfo) -> dict[str, Any]:
    """A delivery without its body."""
    return {
        "id": info.id,
        "delivery": info.uuid,
        "event": info.event,
        "event_id": info.event_id,
        "event_subject": info.subject,
        "event_sequence": info.sequence,
        "state": info.state.value,
        "attempts": info.attempts,
        "status": info.status,
        "problem": info.log[-1].problem if info.log else "",
        "created_at": int(info.created_at.timestamp()),
        "next_at": int(info.next_at.timestamp()) if info.finished_at is None else None,
    }


def _draft(given: payloads.WebhookPayload, known: WebhookDraft) -> WebhookDraft:
    fields = given.webhook or given
    if fields.url is None and not known.url:
        raise InvalidInput("Give the address in `url`.", field="url")
    is_inbox_given = "inbox_id" in fields.model_fields_set
    return WebhookDraft(
        name=known.name if fields.name is None else fields.name,
        url=known.url if fields.url is None else fields.url,
        events=known.events if fields.subscriptions is None else tuple(fields.subscriptions),
        inbox_id=fields.inbox_id if is_inbox_given else known.inbox_id,
        is_active=known.is_active if fields.active is None else fields.active,
        with_personal_data=known.with_personal_data if fields.personal_data is None else fields.personal_data,
    )
