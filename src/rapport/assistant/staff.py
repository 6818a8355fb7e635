"""The same procedures run by a member of staff for the customer: same interpreter, same rules, other mouth."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction

from rapport.accounts.api import record_audit
from rapport.accounts.contracts import Staff
from rapport.assistant.attaching import attach_files
from rapport.assistant.driver import Driver, Run
from rapport.assistant.gathering import find_dialogue, tone_of
from rapport.assistant.logic.facts import call_facts, rule_facts
from rapport.assistant.models import Dialogue
from rapport.assistant.noting import note_actions
from rapport.assistant.reading import EngineReader
from rapport.connectors import api as connectors
from rapport.connectors.contracts import JsonDict, Principal
from rapport.conversations import api as conversations
from rapport.conversations.contracts import SYSTEM, ConversationInfo, MessageDraft, MessageType, Verification
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionDraft
from rapport.kernel.clock import now
from rapport.kernel.errors import Conflict, InvalidInput, NotFound
from rapport.kernel.languages import LANGUAGES
from rapport.procedures import api as procedures
from rapport.procedures.contracts import (
    Ask,
    Confirm,
    Ended,
    HandOver,
    Identify,
    Input,
    Resume,
    Tell,
)
from rapport.understanding.contracts import Engine

ROLE = "staff"


@dataclass(frozen=True, slots=True)
class StaffStep:
    """Where a procedure stands in the desk."""

    procedure: str
    """Name of the active procedure; empty when none runs."""
    texts: tuple[str, ...]
    ask: Ask | None
    confirm: Confirm | None
    needs_identity: bool
    """The customer must be verified first; staff may do it by order number and e-mail."""
    ended: tuple[Ended, ...]
    handover: str
    """A rule says a person must decide; the member of staff is that person."""


def run_for_customer(
    engine: Engine, conversation_id: int, staff: Staff, given: Input | None, language: str = "en"
) -> StaffStep:
    """Feed one input; with None, tell where things stand. Raises NotFound.

    Questions are in the ``language`` of the member of staff; what is made or sent is in the customer's.
    """
    conversation = conversations.find_conversation(conversation_id)
    if conversation is None:
        raise NotFound
    dialogue = find_dialogue(conversation_id, ROLE)
    verification = conversation.verification
    customer = connectors.find_shop_customer(customer_ref=verification.customer_ref) if verification else None
    principal = Principal(verification.customer_ref, "staff", language) if verification and customer else None
    driver = Driver(
        book=procedures.load_book().seen_by("staff"),
        reader=EngineReader(engine, language),
        language=language,
        principal=principal,
        customer=customer,
        conversation_id=conversation_id,
        actor=f"staff:{staff.id}",
        tone=tone_of(conversation),
        writes_in=_language_of(conversation, customer),
    )
    state = replace(procedures.state_from_json(dialogue.state or {}), seed=f"{conversation.uuid}-staff")
    if given is None:
        if not state.stack:
            return _shown(Run(state, ()))
        given = Resume()
    read_at = dialogue.updated_at
    run = driver.run(state, [given])
    place = procedures.RunPlace(
        conversation, ROLE, f"staff:{staff.id}", verification.customer_ref if verification else ""
    )
    files = attach_files(conversation_id, run.calls)
    with transaction.atomic():
        stored = Dialogue.objects.select_for_update().filter(pk=dialogue.pk).first()
        if stored is not None and stored.updated_at != read_at:
            raise Conflict("The procedure went on elsewhere meanwhile; look where it stands now.")
        dialogue.state = procedures.state_to_json(run.state)
        dialogue.updated_at = now()
        dialogue.save()
        if run.state.waiting or state.waiting:
            procedures.keep_waits(place, run.state)
        procedures.record_runs(place, run.state, run.effects, run.subjects)
        _record(conversation, staff, run, files)
    return _shown(run)


def _language_of(conversation: ConversationInfo, customer: JsonDict | None) -> str:
    """The customer's language: that of the conversation, or of the profile where staff alone write in it."""
    if conversation.inbox.channel_kind != conversations.INTERNAL:
        return conversation.language
    given = str((customer or {}).get("language") or "")
    return given if given in LANGUAGES else ""


def running_for_staff(conversation_id: int) -> str:
    """Name of the procedure that a member of staff is being led through; empty when none runs."""
    stack = procedures.state_from_json(find_dialogue(conversation_id, ROLE).state or {}).stack
    return stack[-1].procedure if stack else ""


def verify_for_customer(conversation_id: int, staff: Staff, *, order_id: str, email: str) -> None:
    """A member of staff checks identity, by the same two facts the customer would give. Raises InvalidInput."""
    customer = connectors.find_shop_customer(order_id=order_id, email=email)
    if customer is None:
        raise InvalidInput("No order with this number belongs to this e-mail address.", field="order_id")
    with transaction.atomic():
        proof = Verification(str(customer["id"]), "staff", now())
        conversations.mark_verified(conversation_id, proof, name=customer["name"], email=customer["email"])
        subject = f"conversation:{conversation_id}"
        record_audit(
            "customer_verified", actor_id=staff.id, subject=subject, detail={"method": "order_and_email"}
        )


def _shown(run: Run) -> StaffStep:
    effects = run.effects
    handover = next((e for e in effects if isinstance(e, HandOver)), None)
    texts = [e.text for e in effects if isinstance(e, Tell) and e.text] + (
        [handover.text] if handover else []
    )
    return StaffStep(
        procedure=run.state.stack[-1].procedure if run.state.stack else "",
        texts=tuple(texts),
        ask=next((e for e in reversed(effects) if isinstance(e, Ask)), None),
        confirm=next((e for e in reversed(effects) if isinstance(e, Confirm)), None),
        needs_identity=any(isinstance(e, Identify) for e in effects),
        ended=tuple(e for e in effects if isinstance(e, Ended)),
        handover=handover.reason if handover else "",
    )


def _record(conversation: ConversationInfo, staff: Staff, run: Run, files: tuple[int, ...]) -> None:
    if not run.calls:
        return
    conversation_id, customer_id = int(conversation.id), int(conversation.customer_id)
    governance.record_decision(
        DecisionDraft(
            kind="staff_procedure",
            chosen=" + ".join(call.action for call, _ in run.calls),
            conversation_id=conversation_id,
            customer_id=customer_id,
            rules=rule_facts(run.trace),
            evidence=call_facts(run.calls),
            explanation={
                "language": "en",
                "text": f"{staff.name} ran the procedure for the customer.",
                "points": [],
            },
        )
    )
    note_actions(customer_id, run.calls, by=f"staff:{staff.id}")
    ok = [call.action for call, result in run.calls if result.ok]
    if ok:
        text = f"{staff.name} did for the customer: {', '.join(ok)}"
        conversations.add_message(conversation_id, MessageDraft(MessageType.ACTIVITY, text, SYSTEM))
        if files:
            names = ", ".join(str(r.data["file"]["name"]) for _, r in run.calls if r.data.get("file"))
            note = MessageDraft(
                MessageType.OUTGOING, f"Made: {names}", SYSTEM, is_private=True, attachment_ids=files
            )
            conversations.add_message(conversation_id, note)
