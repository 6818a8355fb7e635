"""The queue of what waits for a person's yes, and one of it with everything needed to decide."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.channels import api as channels
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, MessageInfo
from rapport.desk.action_lines import ActionLine, action_line
from rapport.desk.wording import staff_language
from rapport.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from rapport.kernel.languages import pick
from rapport.procedures import api as procedures

SHOWN_MESSAGES = 12


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """One approval in a list."""

    approval: procedures.Approval
    procedure: str
    """Its title."""
    team: str
    """Name of the team that decides; empty: anyone who may approve."""
    number: int | None
    customer: str


@dataclass(frozen=True, slots=True)
class ApprovalContext:
    """One approval with everything needed to decide it."""

    line: ApprovalLine
    actions: tuple[ActionLine, ...]
    conversation: ConversationInfo | None
    messages: tuple[MessageInfo, ...]


@never_cache
@require_safe
@require(Permission.APPROVE)
def queue(request: StaffRequest) -> HttpResponse:
    """What waits, the oldest first."""
    return render(request, "desk/approvals/queue.html", {"lines": _waiting(request), "is_decided": False})


@never_cache
@require_safe
@require(Permission.APPROVE)
def rows(request: StaffRequest) -> HttpResponse:
    """The queue's lines alone, for its refresh."""
    return render(request, "desk/approvals/rows.html", {"lines": _waiting(request), "is_decided": False})


@never_cache
@require_safe
@require(Permission.APPROVE)
def count(request: StaffRequest) -> JsonResponse:
    """How many wait for this member of staff, for the mark in the navigation."""
    return JsonResponse({"count": procedures.count_approvals(request.staff)})


@never_cache
@require_safe
@require(Permission.APPROVE)
def decided(request: StaffRequest) -> HttpResponse:
    """What was decided, or ended otherwise."""
    found = procedures.list_approvals(request.staff, staff_language(), decided=True)
    context = {"lines": _lines(found), "is_decided": True}
    return render(request, "desk/approvals/queue.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.APPROVE)
def approval(request: StaffRequest, approval_id: int) -> HttpResponse:
    """One approval; a POST decides it, and the procedure goes on."""
    problem, reason = "", ""
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        try:
            _decide(request, approval_id, reason)
        except NotFound as missing:
            raise Http404 from missing
        except (InvalidInput, Conflict, NotPermitted) as refusal:
            problem = _refusal(refusal)
        else:
            messages.success(request, _("Decided. The procedure goes on and tells the customer."))
            return HttpResponseRedirect(reverse("approvals:home"))
    try:
        found = procedures.find_approval(approval_id, request.staff, staff_language())
    except NotFound as missing:
        raise Http404 from missing
    context = _context(found)
    if request.method != "POST" and context.conversation is not None:
        _note_reading(request, context.conversation, approval_id)
    page = {"a": context, "problem": problem, "reason": reason, "why_not": _why_not(found.bar)}
    return render(request, "desk/approvals/approval.html", page, status=422 if problem else 200)


def _decide(request: StaffRequest, approval_id: int, reason: str) -> None:
    decision = request.POST.get("decision", "")
    if decision not in {"approve", "reject"}:
        raise InvalidInput(_("Choose whether you approve it."), field="decision")
    procedures.decide(
        approval_id,
        request.staff,
        is_approved=decision == "approve",
        reason=reason,
        ip_address=channels.client_address(request),
    )


def _refusal(refusal: InvalidInput | Conflict | NotPermitted) -> str:
    """In the reader's language."""
    if isinstance(refusal, Conflict):
        return _("It no longer waits for a decision: somebody else decided, it has expired, or was given up.")
    if isinstance(refusal, NotPermitted):
        return _why_not(str(refusal.facts.get("why"))) or str(refusal)
    if refusal.facts.get("field") == "reason":
        return _("Say why you reject it: the customer may be told.")
    return str(refusal)


def _why_not(bar: str) -> str:
    """Why this reader may not decide; empty when they may."""
    words = {
        "permission": _("Your role may not approve."),
        "own": _("You proposed it yourself. Somebody else has to decide."),
        "team": _("Another team decides this."),
    }
    return words.get(bar, "")


def _note_reading(request: StaffRequest, conversation: ConversationInfo, approval_id: int) -> None:
    """The page shows a conversation, so who opened it is on record."""
    accounts.record_audit(
        "conversation_viewed",
        actor_id=request.staff.id,
        subject=f"conversation:{conversation.id}",
        detail={"approval": approval_id},
        ip_address=channels.client_address(request),
    )


def _waiting(request: StaffRequest) -> tuple[ApprovalLine, ...]:
    return _lines(procedures.list_approvals(request.staff, staff_language()))


def _lines(found: list[procedures.Approval]) -> tuple[ApprovalLine, ...]:
    book, teams = procedures.load_book(), {t.key: t.name for t in accounts.list_teams()}
    about = conversations.find_conversations([a.conversation_id for a in found])
    return tuple(_line(a, book, teams, about.get(a.conversation_id)) for a in found)


def _line(
    found: procedures.Approval,
    book: procedures.ProcedureBook,
    teams: dict[str, str],
    conversation: ConversationInfo | None,
) -> ApprovalLine:
    definition = book.get(found.procedure)
    title = _(found.title) if found.title else ""  # an action's own title is in the catalogue
    return ApprovalLine(
        replace(found, title=title),
        pick(definition.title, staff_language()) if definition else found.procedure,
        teams.get(found.team, ""),
        conversation.display_id if conversation else None,
        conversation.customer_name if conversation else "",
    )


def _context(found: procedures.Approval) -> ApprovalContext:
    (line,) = _lines([found])
    conversation = conversations.find_conversation(found.conversation_id)
    said: list[MessageInfo] = []
    if conversation is not None:
        said = conversations.list_latest_messages(conversation.id, limit=SHOWN_MESSAGES, with_private=False)
    return ApprovalContext(
        line,
        tuple(action_line(str(a.get("action", "")), a.get("arguments") or {}) for a in found.actions),
        conversation,
        tuple(said),
    )
