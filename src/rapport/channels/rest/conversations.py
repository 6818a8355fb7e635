"""``/api/v1/accounts/{account_id}/conversations…``."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Permission
from rapport.channels import shapes
from rapport.channels.downloads import file_answer
from rapport.channels.http import MAX_NUMBER, json_answer
from rapport.channels.payloads import Payload
from rapport.channels.rest import payloads, staff_actions
from rapport.channels.rest import shapes as rest_shapes
from rapport.channels.rest.access import READERS, Account, Number, access_conversation, check_may
from rapport.channels.rest.dispositions import disposition_of
from rapport.channels.rest.presenting import present_decision, present_full, present_listed, present_staff
from rapport.channels.uploads import files_of
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo
from rapport.governance import api as governance
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound

router = Router(tags=["Conversations"])

PAGE_SIZE = 25
MAX_PAGE = 20
"""Deeper pages are reached with the cursor, which costs the same however deep."""
MAX_COUNT = 1000
"""Counts stop here."""

ONE = "/{number}"
Status = Literal["open", "pending", "snoozed", "resolved", "all"]
AssigneeType = Literal["me", "unassigned", "all"]


class ListQuery(Payload):
    """Which conversations to list."""

    status: Status = "open"
    assignee_type: AssigneeType = "all"
    owner: Literal["assistant", "queue", "agent"] | None = None
    inbox_id: Annotated[int, Query(ge=1, le=MAX_NUMBER)] | None = None
    team_id: Annotated[int, Query(ge=1, le=MAX_NUMBER)] | None = None
    labels: Annotated[list[str], Query(max_length=1)] = []
    reason: Annotated[str, Query(max_length=120)] = ""
    """Of the disposition."""
    outcome: Annotated[str, Query(max_length=30)] = ""
    q: Annotated[str, Query(max_length=200)] = ""
    page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1
    cursor: Annotated[str, Query(max_length=60)] = ""
    with_counts: bool = False


def _filter(request: HttpRequest, query: ListQuery, staff_id: int) -> conversations.ListFilter:
    labels = query.labels or request.GET.getlist("labels[]")
    return conversations.ListFilter(
        status=None if query.status == "all" else query.status,
        owner=query.owner,
        assignee_id=staff_id if query.assignee_type == "me" else None,
        is_unassigned=query.assignee_type == "unassigned",
        inbox_id=query.inbox_id,
        team_id=query.team_id,
        label=labels[0] if labels else "",
        query=query.q,
        reason=query.reason,
        outcome=query.outcome,
    )


@router.get("", response=shapes.responses(rest_shapes.ConversationListShape))
def list_conversations(request: HttpRequest, account_id: Account, query: Query[ListQuery]) -> HttpResponse:
    """Conversations, most recent activity first. Follow ``next_cursor``; ``with_counts=1`` adds counts."""
    staff = check_may(request, account_id, *READERS)
    what = _filter(request, query, staff.id)
    page = conversations.list_conversations(what, cursor=query.cursor, limit=PAGE_SIZE)
    for _ in range(query.page - 1):
        if not page.next_cursor:
            page = conversations.Page([], "")
            break
        page = conversations.list_conversations(what, cursor=page.next_cursor, limit=PAGE_SIZE)
    meta: dict[str, Any] = {"next_cursor": page.next_cursor}
    if query.with_counts:
        meta |= _counts(what, staff.id)
    return json_answer({"data": {"meta": meta, "payload": [present_listed(c) for c in page.rows]}})


def _counts(what: conversations.ListFilter, staff_id: int) -> dict[str, int]:
    everyone = dataclasses.replace(what, assignee_id=None, is_unassigned=False)
    counted = {
        "mine_count": dataclasses.replace(everyone, assignee_id=staff_id),
        "unassigned_count": dataclasses.replace(everyone, is_unassigned=True),
        "all_count": everyone,
    }
    counts = {name: conversations.count_conversations(f, at_most=MAX_COUNT) for name, f in counted.items()}
    return {**counts, "assigned_count": counts["all_count"] - counts["unassigned_count"]}


@router.post("", response=shapes.responses(rest_shapes.ConversationShape))
def create_conversation(
    request: HttpRequest, account_id: Account, payload: payloads.StaffConversationPayload
) -> HttpResponse:
    """Open a conversation for a contact, with a first message if given."""
    staff = check_may(request, account_id, Permission.ANSWER)
    return json_answer(present_full(staff_actions.open_conversation(staff, payload)))


@router.get("/meta", response=shapes.responses(rest_shapes.CountsShape))
def show_counts(request: HttpRequest, account_id: Account, query: Query[ListQuery]) -> HttpResponse:
    """How many conversations a filter matches, counted up to a thousand."""
    staff = check_may(request, account_id, *READERS)
    return json_answer({"meta": _counts(_filter(request, query, staff.id), staff.id)})


@router.get(ONE, response=shapes.responses(rest_shapes.ConversationShape))
def show_conversation(request: HttpRequest, account_id: Account, number: Number) -> HttpResponse:
    """One conversation with its latest messages."""
    found = access_conversation(request, account_id, number, *READERS)
    shown = {**present_full(found), "disposition": disposition_of(found)}
    shown["messages"] = [_message(m, found) for m in conversations.list_latest_messages(found.id, limit=20)]
    return json_answer(shown)


def _message(message: Any, conversation: ConversationInfo) -> dict[str, Any]:
    shown = conversations.present_message(message, conversation.display_id)
    shown["inbox_id"] = int(conversation.inbox.id)
    return shown


@router.get(ONE + "/messages", response=shapes.responses(rest_shapes.MessageListShape))
def list_messages(
    request: HttpRequest,
    account_id: Account,
    number: Number,
    after: Annotated[int | None, Query(ge=1, le=MAX_NUMBER)] = None,
    before: Annotated[int | None, Query(ge=1, le=MAX_NUMBER)] = None,
) -> HttpResponse:
    """Up to 100 messages, notes included, after or before a message id; the latest ones without either."""
    found = access_conversation(request, account_id, number, *READERS)
    if after is None and before is None:
        messages = conversations.list_latest_messages(found.id)
    else:
        first = _sequence(found, after) if after else 0
        messages = conversations.list_messages(
            found.id, after=first, before=_sequence(found, before) if before else None
        )
    meta = {
        "labels": list(found.labels),
        "additional_attributes": found.additional_attributes,
        "contact": {"id": int(found.customer_id), "name": found.customer_name},
        "agent_last_seen_at": conversations.unix(found.agent_last_seen_at),
        "contact_last_seen_at": conversations.unix(found.contact_last_seen_at),
    }
    return json_answer({"meta": meta, "payload": [_message(m, found) for m in messages]})


def _sequence(conversation: ConversationInfo, message_id: int) -> int:
    message = conversations.find_message(conversation.id, message_id)
    if message is None:
        raise InvalidInput("There is no such message in this conversation.", message_id=message_id)
    return message.sequence


@router.get(ONE + "/attachments", response=shapes.responses(rest_shapes.AttachmentListShape))
def list_attachments(request: HttpRequest, account_id: Account, number: Number) -> HttpResponse:
    """Every file of the conversation, those of notes included, oldest first."""
    found = access_conversation(request, account_id, number, *READERS)
    files = conversations.list_attachments(found.id)
    shown = [conversations.present_attachment(f) for f in files]
    return json_answer({"meta": {"total_count": len(shown)}, "payload": shown})


@router.get(ONE + "/attachments/{attachment_id}", response=shapes.ERRORS, openapi_extra=shapes.file_content())
def show_attachment(
    request: HttpRequest, account_id: Account, number: Number, attachment_id: Number
) -> HttpResponseBase:
    """A file of the conversation."""
    found = access_conversation(request, account_id, number, *READERS)
    attachment = conversations.find_attachment(found.id, attachment_id)
    if attachment is None:
        raise NotFound("There is no such file in this conversation.")
    return file_answer(attachment)


@router.post(
    ONE + "/messages",
    response=shapes.responses(shapes.MessageShape),
    openapi_extra=shapes.with_files(
        message_type={"type": "string", "enum": ["outgoing", "incoming"]}, private={"type": "boolean"}
    ),
)
def create_message(
    request: HttpRequest, account_id: Account, number: Number, payload: payloads.StaffMessagePayload
) -> HttpResponse:
    """Reply (which takes the conversation from the assistant), or leave a private note."""
    found = access_conversation(request, account_id, number, Permission.ANSWER)
    staff = check_may(request, account_id, Permission.ANSWER)
    message = _message(staff_actions.send_message(found, staff, payload, files_of(request)), found)
    return json_answer({**message, "echo_id": payload.echo_id})


@router.post(ONE + "/toggle_status", response=shapes.responses(rest_shapes.StatusShape))
def toggle_status(
    request: HttpRequest, account_id: Account, number: Number, payload: payloads.StatusPayload
) -> HttpResponse:
    """Set the status: ``open`` takes it, ``pending`` gives it to the assistant, ``resolved``, ``snoozed``."""
    found = access_conversation(request, account_id, number, Permission.ANSWER)
    staff = check_may(request, account_id, Permission.ANSWER)
    changed = staff_actions.set_status(found, staff, payload)
    result = {
        "success": True,
        "conversation_id": number,
        "current_status": changed.status.value,
        "owner": changed.owner.value,
        "snoozed_until": conversations.unix(changed.snoozed_until) or None,
    }
    return json_answer({"meta": {}, "payload": result})


@router.post(ONE + "/toggle_priority", response=shapes.responses(shapes.EmptyShape))
def toggle_priority(
    request: HttpRequest, account_id: Account, number: Number, payload: payloads.PriorityPayload
) -> HttpResponse:
    """Set or clear the priority."""
    found = access_conversation(request, account_id, number, Permission.ANSWER)
    conversations.update_conversation(found.id, {"priority": payload.priority})
    return json_answer({})


@router.post(ONE + "/custom_attributes", response=shapes.responses(payloads.AttributesPayload))
def set_custom_attributes(
    request: HttpRequest, account_id: Account, number: Number, payload: payloads.AttributesPayload
) -> HttpResponse:
    """Replace the custom attributes."""
    found = access_conversation(request, account_id, number, Permission.ANSWER)
    changed = conversations.update_conversation(found.id, {"custom_attributes": payload.custom_attributes})
    return json_answer({"custom_attributes": changed.custom_attributes})


@router.post(ONE + "/update_last_seen", response=shapes.responses(shapes.EmptyShape))
def update_last_seen(request: HttpRequest, account_id: Account, number: Number) -> HttpResponse:
    """Staff have read everything up to now."""
    found = access_conversation(request, account_id, number, Permission.ANSWER)
    conversations.update_conversation(found.id, {"agent_last_seen_at": now(), "unread_count": 0})
    return json_answer({})


@router.post(ONE + "/assignments", response=shapes.responses(rest_shapes.StaffShape | None))
def assign(
    request: HttpRequest, account_id: Account, number: Number, payload: payloads.AssignmentPayload
) -> HttpResponse:
    """Give the conversation to a person or a team; nobody (``assignee_id`` 0) puts it back in the queue."""
    found = access_conversation(request, account_id, number, Permission.ANSWER)
    staff = check_may(request, account_id, Permission.ANSWER)
    if payload.team_id is not None:
        team_id = payload.team_id or None
        if team_id and not any(team.id == team_id for team in accounts.list_teams()):
            raise InvalidInput("There is no team with this id.", field="team_id")
        conversations.assign_team(found.id, team_id, staff.name)
        if payload.assignee_id is None:
            return json_answer(None)
    person = staff_actions.assign(found, staff, payload)
    return json_answer(present_staff(person) if person else None)


@router.get(ONE + "/labels", response=shapes.responses(rest_shapes.LabelsShape))
def list_labels(request: HttpRequest, account_id: Account, number: Number) -> HttpResponse:
    """The labels of a conversation."""
    return json_answer({"payload": list(access_conversation(request, account_id, number, *READERS).labels)})


@router.post(ONE + "/labels", response=shapes.responses(rest_shapes.LabelsShape))
def set_labels(
    request: HttpRequest, account_id: Account, number: Number, payload: payloads.LabelsPayload
) -> HttpResponse:
    """Replace the labels."""
    found = access_conversation(request, account_id, number, Permission.ANSWER)
    labels = list(dict.fromkeys(payload.labels))
    return json_answer(
        {"payload": list(conversations.update_conversation(found.id, {"labels": labels}).labels)}
    )


@router.get(ONE + "/decisions", response=shapes.responses(rest_shapes.DecisionListShape))
def list_decisions(request: HttpRequest, account_id: Account, number: Number) -> HttpResponse:
    """Every decision of the system in a conversation, with candidates, rules and evidence."""
    found = access_conversation(request, account_id, number, Permission.SUPERVISE, Permission.PROTECT_DATA)
    return json_answer({"payload": [present_decision(d) for d in governance.list_decisions(found.id)]})
