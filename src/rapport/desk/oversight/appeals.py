"""Objections of customers: what they object to, what was said, and the answer a person gives."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.channels import api as channels
from rapport.conversations import api as conversations
from rapport.conversations.contracts import (
    ConversationInfo,
    MessageDraft,
    MessageInfo,
    MessageType,
    Sender,
)
from rapport.desk.contexts import DecisionContext
from rapport.desk.oversight.answers import answer_text
from rapport.desk.oversight.pages import show
from rapport.desk.panels import decision_context
from rapport.governance import api as governance
from rapport.governance.contracts import AppealInfo, DecisionInfo
from rapport.kernel.clock import now
from rapport.kernel.errors import Conflict, InvalidInput

SHOWN_MESSAGES = 100


@dataclass(frozen=True, slots=True)
class AppealLine:
    """One objection in a list."""

    appeal: AppealInfo
    chosen: str
    """The decision objected to."""
    number: int | None
    """Of the conversation."""
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class AppealContext:
    """One objection with everything needed to answer it."""

    line: AppealLine
    decision: DecisionContext
    conversation: ConversationInfo | None
    """None when the conversation was erased."""
    messages: tuple[MessageInfo, ...]


@never_cache
@require_safe
@require(Permission.SUPERVISE)
def open_appeals(request: StaffRequest) -> HttpResponse:
    """Objections nobody has answered yet, the most urgent first; others are shown the decisions."""
    if Permission.PROTECT_DATA not in request.staff.permissions:
        return HttpResponseRedirect(reverse("governance:decisions"))
    lines = _lines(governance.list_open_appeals())
    context = {"lines": lines, "overdue": sum(line.is_overdue for line in lines)}
    return show(request, "appeals.html", "governance:home", context)


@never_cache
@require_safe
@require(Permission.PROTECT_DATA)
def decided_appeals(request: StaffRequest) -> HttpResponse:
    """Objections that were answered."""
    context = {"lines": _lines(governance.list_closed_appeals()), "is_decided": True}
    return show(request, "appeals.html", "governance:home", context)


def _lines(found: list[AppealInfo]) -> tuple[AppealLine, ...]:
    numbers = conversations.numbers_of(a.conversation_id for a in found if a.conversation_id is not None)
    decisions = {a.decision_id: governance.find_decision(a.decision_id) for a in found}
    return tuple(_line(a, decisions[a.decision_id], numbers.get(a.conversation_id or 0)) for a in found)


def _line(found: AppealInfo, decision: DecisionInfo | None, number: int | None) -> AppealLine:
    chosen = decision.draft.chosen if decision else ""
    return AppealLine(found, chosen, number, found.state == "open" and found.due_at < now())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PROTECT_DATA)
def appeal(request: StaffRequest, appeal_id: int) -> HttpResponse:
    """One objection; a POST answers it, and the customer reads the answer in the conversation."""
    found = governance.find_appeal(appeal_id)
    if found is None:
        raise Http404
    problem, given = "", {"answer": "", "outcome": ""}
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in given}
        try:
            _answer(request, found, given["outcome"], conversations.clean_text(given["answer"]))
        except (InvalidInput, Conflict) as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Answered. The customer reads it in the conversation."))
            return HttpResponseRedirect(reverse("governance:home"))
    else:
        _note_reading(request, found)
    context = {"a": _context(found), "problem": problem, "given": given}
    status = 422 if problem else 200
    return show(request, "appeal.html", "governance:home", context, status=status)


def _note_reading(request: StaffRequest, found: AppealInfo) -> None:
    """The page shows a conversation, so who opened it is on record."""
    accounts.record_audit(
        "conversation_viewed",
        actor_id=request.staff.id,
        subject=f"conversation:{found.conversation_id}",
        detail={"appeal": found.id},
        ip_address=channels.client_address(request),
    )


@transaction.atomic
def _answer(request: StaffRequest, found: AppealInfo, outcome: str, answer: str) -> None:
    """Close the objection, tell the customer, put it on record. Raises InvalidInput, Conflict."""
    if outcome not in ("upheld", "rejected"):
        raise InvalidInput(_("Choose whether the objection is upheld or rejected."), field="outcome")
    if not answer:
        raise InvalidInput(_("Write an answer to the customer."), field="answer")
    is_upheld = outcome == "upheld"
    governance.close_appeal(found.id, is_upheld=is_upheld, answer=answer)
    conversation = conversations.find_conversation(found.conversation_id) if found.conversation_id else None
    if conversation is not None:
        text = answer_text(conversation.language, answer, objected_at=found.created_at, is_upheld=is_upheld)
        draft = MessageDraft(
            MessageType.TEMPLATE,
            text,
            Sender("user", request.staff.id, request.staff.name),
            content_attributes={"appeal": {"id": found.id, "state": outcome}},
            source_id=f"appeal:{found.id}",
        )
        conversations.add_message_once(conversation.id, draft)
    accounts.record_audit(
        "appeal_closed",
        actor_id=request.staff.id,
        subject=f"appeal:{found.id}",
        detail={"state": outcome, "decision": found.decision_id, "was_told": conversation is not None},
        ip_address=channels.client_address(request),
    )


def _context(found: AppealInfo) -> AppealContext:
    decision = governance.find_decision(found.decision_id)
    assert decision is not None, "appeals are deleted with their decision"
    conversation = conversations.find_conversation(found.conversation_id) if found.conversation_id else None
    said: list[MessageInfo] = []
    if conversation is not None:
        said = conversations.list_latest_messages(conversation.id, limit=SHOWN_MESSAGES, with_private=False)
    number = conversation.display_id if conversation else None
    return AppealContext(
        _line(found, decision, number), decision_context(decision), conversation, tuple(said)
    )
