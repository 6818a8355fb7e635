"""Procedures run by staff for the customer: the same questions, rules and confirmations, as forms."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.assistant import api as assistant
from rapport.connectors.api import ConnectorDown
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, MessageDraft, MessageType, Sender
from rapport.customers import api as customers
from rapport.desk.actions import attached
from rapport.desk.views import conversation_or_404
from rapport.desk.wording import staff_language
from rapport.kernel.errors import InvalidInput, RapportError
from rapport.kernel.languages import LANGUAGE_NAMES, pick
from rapport.procedures import api as procedures
from rapport.procedures.contracts import Affirm, Cancel, Deny, Fill, Identified, Input, StartProcedure
from rapport.understanding import api as understanding
from rapport.understanding.contracts import Candidate, Context, Reference, Understanding


class FormsOnly:
    """An understanding engine for a desk that answers by forms: it compares words, and reads no free text."""

    def understand(self, text: str, context: Context) -> Understanding:
        raise NotImplementedError("The desk answers procedures by forms.")

    def resolve(self, text: str, candidates: Sequence[Candidate], *, many: bool, language: str) -> Reference:
        return understanding.resolve(text, candidates, many=many, language=language)


@dataclass(frozen=True, slots=True)
class ProcedureContext:
    """What the procedure drawer shows."""

    conversation: ConversationInfo
    step: assistant.StaffStep | None
    """None when the connected system did not answer."""
    title: str
    menu: tuple[procedures.MenuEntry, ...]
    """What can be started; empty while something runs."""
    offers: tuple[procedures.MenuEntry, ...]
    problem: str
    customer_email: str
    foreign: str = ""
    """Name of the language of the words shown, where the customer writes another."""
    is_internal: bool = False
    """Nobody but staff takes part: there is no customer to reply to."""
    ended: tuple[tuple[str, str, str], ...] = ()
    """Outcome, the word for it and title of what has just ended."""


@never_cache
@require_http_methods(["GET", "POST"])
@require(Permission.ANSWER)
def procedure(request: StaffRequest, number: int) -> HttpResponse:
    """Where the procedure stands; a POST answers its question (or starts, confirms, cancels, verifies)."""
    info = conversation_or_404(number)
    problem = ""
    step: assistant.StaffStep | None = None
    try:
        given = _read_input(request, info) if request.method == "POST" else None
        step = assistant.run_for_customer(FormsOnly(), info.id, request.staff, given, staff_language())
    except ConnectorDown:
        problem = _("The shop does not answer at the moment. Nothing was changed; try again.")
    except RapportError as refusal:
        problem = str(refusal)
        step = assistant.run_for_customer(FormsOnly(), info.id, request.staff, None, staff_language())
    response = render(request, "desk/procedure.html", {"p": _context(info, step, problem)})
    if request.method == "POST" and step is not None and step.ended:
        if info.inbox.channel_kind == conversations.INTERNAL and not step.procedure:
            conversations.resolve(info.id, request.staff.name)
        news = {"desk-thread-changed": "", "desk-orders-changed": "", "desk-list-changed": ""}
        response["HX-Trigger"] = json.dumps(news)
    return response


def _read_input(request: StaffRequest, info: ConversationInfo) -> Input | None:
    readers: dict[str, Callable[[], Input | None]] = {
        "start": lambda: StartProcedure(request.POST.get("procedure", "")),
        "confirm": Affirm,
        "change": Deny,
        "cancel": Cancel,
        "fill": lambda: _read_fill(request, info),
        "verify": lambda: _verify(request, info),
    }
    move = request.POST.get("move", "")
    if move not in readers:
        raise InvalidInput(_("There is no such step."), field="move")
    return readers[move]()


def _read_fill(request: StaffRequest, info: ConversationInfo) -> Fill:
    """The form's fields as they are named: a slot, or ``slot.field`` of an address; added files go to theirs."""
    ours = {"move", "csrfmiddlewaretoken", "files_for"}
    values = {name: tuple(given) for name, given in request.POST.lists() if name not in ours}
    if slot := request.POST.get("files_for", ""):
        values[slot] = (*values.get(slot, ()), *_add_files(request, info))
    if not any(v.strip() for given in values.values() for v in given):
        raise InvalidInput(_("Choose or enter something first."))
    return Fill(values)


def _add_files(request: StaffRequest, info: ConversationInfo) -> tuple[str, ...]:
    """Keep what a member of staff adds in the customer's place, with a note that says so; ids of the files."""
    files = attached(request)
    if not files:
        return ()
    stored = conversations.add_attachments(info.id, files)
    note = MessageDraft(
        MessageType.OUTGOING,
        f"For the procedure: {', '.join(file.name for file in stored)}",
        Sender("user", request.staff.id, request.staff.name),
        is_private=True,
        attachment_ids=tuple(file.id for file in stored),
    )
    conversations.add_message(info.id, note)
    return tuple(str(file.id) for file in stored)


def _verify(request: StaffRequest, info: ConversationInfo) -> Input:
    """Check who the customer is by order number and e-mail, then go on where the procedure stands."""
    order_id, email = request.POST.get("order_id", "").strip(), request.POST.get("email", "").strip()
    if order_id and not order_id.startswith("#"):
        order_id = f"#{order_id}"
    assistant.verify_for_customer(info.id, request.staff, order_id=order_id.upper(), email=email)
    return Identified()


def _context(info: ConversationInfo, step: assistant.StaffStep | None, problem: str) -> ProcedureContext:
    book = procedures.load_book()
    entries = {e.procedure: e for e in procedures.list_menu(staff_language(), "staff")}
    name = step.procedure if step else ""
    offered = step.ask.offer if step and step.ask else ()
    return ProcedureContext(
        conversation=info,
        step=step,
        title=_title(book, name),
        menu=() if name else tuple(entries.values()),
        offers=tuple(entries[o] for o in offered if o in entries),
        problem=problem,
        customer_email=_known_email(info),
        is_internal=info.inbox.channel_kind == conversations.INTERNAL,
        ended=tuple((e.outcome, _outcome(e.outcome), _title(book, e.procedure)) for e in step.ended)
        if step
        else (),
        foreign="" if staff_language() == info.language else LANGUAGE_NAMES[staff_language()],
    )


def _outcome(code: str) -> str:
    words = {
        "done": _("Done"), "refused": _("Refused"), "cancelled": _("Cancelled"), "failed": _("Failed"),
        "handed_over": _("Handed over to a person"),
    }  # fmt: skip
    return words.get(code, code)


def _title(book: procedures.ProcedureBook, name: str) -> str:
    definition = book.get(name)
    return pick(definition.title, staff_language()) if definition else ""


def _known_email(info: ConversationInfo) -> str:
    """What to pre-fill when the customer is to be verified."""
    customer = customers.find_customer(info.customer_id)
    return customer.email if customer else ""
