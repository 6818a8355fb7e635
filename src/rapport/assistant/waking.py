"""What procedures waited for has come: the assistant takes its turn, or it goes on beside a person's conversation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction

from rapport.assistant.attaching import attach_files
from rapport.assistant.driver import Driver, Run
from rapport.assistant.gathering import find_dialogue, tone_of
from rapport.assistant.identifying import known_customer
from rapport.assistant.logic.facts import call_facts, rule_facts
from rapport.assistant.models import Dialogue
from rapport.assistant.noting import note_actions
from rapport.assistant.reading import EngineReader
from rapport.assistant.turn import PATIENT_ATTEMPTS, SystemAway
from rapport.assistant.wording import ASSISTANT, say
from rapport.connectors import api as connectors
from rapport.conversations import api as conversations
from rapport.conversations.contracts import (
    Briefing,
    ConversationInfo,
    MessageDraft,
    MessageType,
    Owner,
)
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionDraft
from rapport.jobs.api import JobContext
from rapport.kernel.clock import now
from rapport.kernel.errors import Conflict
from rapport.kernel.languages import base_language, pick
from rapport.procedures import api as procedures
from rapport.procedures.contracts import Ask, Confirm, HandOver, Tell
from rapport.understanding.contracts import Engine


def run_wake(engine: Engine, payload: dict[str, Any], context: JobContext) -> None:
    """Go on with one procedure whose waiting is over.

    While the assistant owns the conversation, or nobody does any more, it takes its turn, and says one message.
    While a person does, or where a member of staff ran the procedure, the customer is told nothing: what was done
    goes into a private note, and the words for the customer are offered there.
    """
    if payload.get("is_given_up"):
        give_up(int(payload["wait_id"]))
        return
    woken = procedures.find_woken(int(payload["wait_id"]))
    if woken is None:
        return
    if woken.role == "customer" and conversations.call_assistant(woken.conversation_id):
        return
    conversation = conversations.find_conversation(woken.conversation_id)
    assert conversation is not None, "waits are deleted with their conversation"
    Beside(engine, conversation, woken).go_on(context)


@transaction.atomic
def give_up(wait_id: int) -> None:
    """What came could not be taken up: a note says so, and where the assistant has the conversation a person comes."""
    woken = procedures.find_woken(wait_id, "failed")
    conversation = conversations.find_conversation(woken.conversation_id) if woken else None
    if woken is None or conversation is None:
        return
    text = f"{woken.procedure} could not go on ({woken.reason}). Please see to it."
    note = MessageDraft(
        MessageType.OUTGOING, text, ASSISTANT, is_private=True, source_id=f"given-up:{wait_id}"
    )
    conversations.add_message_once(conversation.id, note)
    if conversation.owner is not Owner.ASSISTANT or woken.role != "customer":
        return
    verification = conversation.verification
    who = conversation.customer_name or (verification.customer_ref if verification else "Visitor")
    briefing = Briefing("wake_failed", who, (), (f"{woken.procedure}: waiting",), "", (text,))
    language = base_language(conversation.language)
    conversations.hand_over(conversation.id, briefing)
    told = MessageDraft(
        MessageType.TEMPLATE, say("wake_failed", language), ASSISTANT, source_id=f"given-up-told:{wait_id}"
    )
    conversations.add_message_once(conversation.id, told)


class Beside:
    """A procedure that goes on while a person has the conversation."""

    def __init__(self, engine: Engine, conversation: ConversationInfo, woken: procedures.Woken) -> None:
        self._conversation, self._woken = conversation, woken
        self._language = base_language(conversation.language) if woken.role == "customer" else "en"
        self._engine = engine
        verification = conversation.verification
        self._place = procedures.RunPlace(
            conversation, woken.role, woken.actor, verification.customer_ref if verification else ""
        )

    def go_on(self, context: JobContext) -> None:
        """Take the steps, and store what came of them. Raises SystemAway, Conflict: the job is tried again."""
        dialogue = find_dialogue(int(self._conversation.id), self._woken.role)
        read_at = dialogue.updated_at
        with connectors.reading_once():
            run = self._run(dialogue)
        is_away = any(isinstance(e, HandOver) and e.reason == "system_unavailable" for e in run.effects)
        if is_away and context.attempt < PATIENT_ATTEMPTS:
            raise SystemAway("a connected system does not answer; trying again before a person is told")
        files = attach_files(self._conversation.id, run.calls)
        with transaction.atomic():
            self._note(run, files)
            self._check_unchanged(dialogue, read_at)
            dialogue.state = procedures.state_to_json(run.state)
            dialogue.updated_at = now()
            dialogue.save()
            procedures.keep_waits(self._place, run.state, [self._woken.id])
            procedures.record_runs(self._place, run.state, run.effects, run.subjects)
            note_actions(int(self._conversation.customer_id), run.calls, by=self._place.actor)
            context.complete()

    def _run(self, dialogue: Dialogue) -> Run:
        principal, customer, is_silent = known_customer(self._conversation.verification, self._language)
        if principal and self._woken.role == "staff":
            principal = replace(principal, method="staff")
        driver = Driver(
            book=procedures.load_book(),
            reader=EngineReader(
                self._engine, self._language, str((customer or {}).get("country") or "") or None
            ),
            language=self._language,
            principal=principal,
            customer=customer,
            conversation_id=int(self._conversation.id),
            actor=self._woken.actor,
            tone=tone_of(self._conversation),
            is_shop_silent=is_silent,
        )
        return driver.run(procedures.state_from_json(dialogue.state or {}), [self._woken.wake])

    def _check_unchanged(self, dialogue: Dialogue, read_at: Any) -> None:
        """The conversation's row is locked by the note: nobody stores anything of it meanwhile."""
        current = conversations.find_conversation(int(self._conversation.id))
        is_given_back = current is not None and current.owner is Owner.ASSISTANT
        if is_given_back and self._woken.role == "customer":
            raise Conflict("The assistant has the conversation again; it takes its turn.")
        stored = Dialogue.objects.filter(pk=dialogue.pk).values_list("updated_at", flat=True).first()
        if stored != read_at or procedures.find_woken(self._woken.id) is None:
            raise Conflict("The procedures of this conversation have changed meanwhile.")

    def _note(self, run: Run, files: tuple[int, ...]) -> None:
        """The decision and the private note, once."""
        words = [e.text for e in run.effects if isinstance(e, Tell) and e.text]
        words += [e.text for e in run.effects if isinstance(e, HandOver) and e.text]
        words += [e.prompt for e in run.effects if isinstance(e, Ask)]
        words += ["\n".join((*e.lines, e.question)) for e in run.effects if isinstance(e, Confirm)]
        decision_id = governance.record_decision(self._decision(run))
        draft = MessageDraft(
            MessageType.OUTGOING,
            note_text(self._title(), self._woken, run, "\n\n".join(words)),
            ASSISTANT,
            content_attributes={"suggested_reply": "\n\n".join(words)} if words else {},
            is_private=True,
            source_id=f"wake:{self._woken.id}:{self._woken.tries}",
            decision_id=decision_id,
            attachment_ids=files,
        )
        conversations.add_message_once(int(self._conversation.id), draft)

    def _title(self) -> str:
        definition = procedures.load_book().get(self._woken.procedure)
        return pick(definition.title, "en") if definition else self._woken.procedure

    def _decision(self, run: Run) -> DecisionDraft:
        woken = self._woken
        return DecisionDraft(
            kind="wake",
            chosen=f"wake:{woken.procedure}",
            conversation_id=int(self._conversation.id),
            customer_id=int(self._conversation.customer_id),
            rules=rule_facts(run.trace),
            evidence=(
                {
                    "kind": woken.kind,
                    "ref": woken.wake.key,
                    "title": woken.wake.event,
                    "staff": woken.decided_by,
                },
                *call_facts(run.calls),
            ),
            explanation={
                "language": "en",
                "text": f"{self._title()} went on: {woken.reason}.",
                "points": [],
            },
        )


def note_text(title: str, woken: procedures.Woken, run: Run, words: str) -> str:
    """What a person reads who has the conversation: why it went on, what was done, what could be said."""
    done = [call.action for call, result in run.calls if result.ok]
    failed = [f"{call.action} ({result.code})" for call, result in run.calls if not result.ok]
    handover = next((e.reason for e in run.effects if isinstance(e, HandOver)), "")
    lines = [f"{title} went on: {woken.reason}."]
    lines += [f"Done: {', '.join(done)}."] if done else ["Nothing was done in connected systems."]
    lines += [f"Not done: {', '.join(failed)}."] if failed else []
    lines += [f"A person must decide: {handover.replace('_', ' ')}."] if handover else []
    lines += [f"The customer was told nothing. You could write:\n\n{words}"] if words else []
    return "\n".join(lines)
