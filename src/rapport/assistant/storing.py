"""The end of a turn in one transaction: reply, decision, state, identity, change of owner, completed job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import translation

from rapport.accounts import api as accounts
from rapport.assistant import identifying
from rapport.assistant.attaching import attach_files
from rapport.assistant.briefing import write_briefing
from rapport.assistant.gathering import Gathered, find_dialogue
from rapport.assistant.logic.composing import Buttons, Reply, compose
from rapport.assistant.logic.explaining import Grounds, counterfactual, explain
from rapport.assistant.logic.facts import call_facts, rule_facts
from rapport.assistant.logic.speaker import speaker_of
from rapport.assistant.noting import note_actions
from rapport.assistant.outcome import Outcome
from rapport.assistant.quoting import attach_pictures, basis_of, evidence_of, form_of
from rapport.assistant.wording import ASSISTANT, explanation_texts, say
from rapport.connectors import api as connectors
from rapport.connectors.contracts import Action, ActionEffect
from rapport.conversations import api as conversations
from rapport.conversations.contracts import (
    MessageDraft,
    MessageInfo,
    MessageType,
    Owner,
    Verification,
)
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionDraft
from rapport.kernel.clock import now
from rapport.kernel.languages import catalogue_language, pick
from rapport.procedures import api as procedures
from rapport.procedures.contracts import Ended, Tell
from rapport.understanding.api import mood_record


def store(
    gathered: Gathered, out: Outcome, latency: dict[str, float], *, complete: Callable[[], None]
) -> None:
    """Commit the turn, or nothing of it when a person or a newer message came first."""
    conversation = gathered.conversation
    files = attach_files(conversation.id, out.run.calls)
    files += attach_pictures(conversation.id, [p for q in out.quoted if (p := q.quotation.picture)])
    with transaction.atomic():
        decision_id = governance.record_decision(_decision(gathered, out, latency))
        draft = replace(_draft(gathered, out, decision_id), attachment_ids=files)
        message = conversations.store_answer(
            conversation.id, gathered.generation, draft, language=out.language
        )
        if message is None:
            transaction.set_rollback(True)
        else:
            _remember(gathered, out, message)
            if out.handover is not None:
                _change_owner(gathered, out)
            _note_sentiment(gathered, out)
            complete()
    if message is None:
        _keep_what_was_done(gathered, out, files)
    elif len(out.woken) < len(gathered.woken):
        with transaction.atomic():  # a person was called first: what has come goes on beside the conversation
            for woken in gathered.woken[len(out.woken) :]:
                procedures.call_again(woken.id)


def _draft(gathered: Gathered, out: Outcome, decision_id: int) -> MessageDraft:
    """The turn's one message; a line of record where a procedure went on and has nothing to say yet."""
    reply = _reply(gathered, out)
    if not reply.content:
        procedure = out.woken[0].procedure.replace("_", " ") if out.woken else ""
        text = f"Went on with: {procedure}"
        return MessageDraft(MessageType.ACTIVITY, text, ASSISTANT, decision_id=decision_id)
    attributes = {**reply.attributes, "is_ai": True}
    return MessageDraft(
        MessageType.OUTGOING,
        conversations.with_file_addresses(reply.content),
        ASSISTANT,
        reply.content_type,
        attributes,
        decision_id=decision_id,
    )


def _reply(gathered: Gathered, out: Outcome) -> Reply:
    language = out.language
    book = procedures.load_book()
    titles = {name: pick(book[name].title, language) for name in book}
    buttons = Buttons(say("yes", language), say("change_something", language), say("cancel", language))
    if out.handover is not None:
        words = "\n\n".join(t for t in [*out.texts, *_tells(out), out.handover.text] if t)
        said = "\n\n".join(t for t in [*out.texts, *_tells(out), _handover_text(gathered, out)] if t)
        return Reply(said, attributes={"handover_words": words})
    reply = compose(out.texts, out.run.effects, buttons, titles)
    if out.attributes.get("items") and reply.content_type == "text":
        return Reply(reply.content, out.content_type, {**reply.attributes, **out.attributes})
    attributes = {**out.attributes, **reply.attributes}
    content = reply.content or ("" if out.woken and not gathered.units else say("not_understood", language))
    return Reply(content, reply.content_type, attributes)


def _tells(out: Outcome) -> list[str]:
    return [e.text for e in out.run.effects if isinstance(e, Tell)]


def _handover_text(gathered: Gathered, out: Outcome) -> str:
    """Who answers now, in the procedure's words where it has some, and how long that may take."""
    assert out.handover is not None
    if speaker_of(
        gathered.conversation.additional_attributes
    ).stated_email:  # a place in a queue is old when it is read
        return "\n\n".join(t for t in (out.handover.text, say("handover_by_mail", out.language)) if t)
    agents = accounts.count_available_agents()
    waiting = conversations.count_queue()
    queued = say(
        "handover_place" if out.handover.text else "handover_queued",
        out.language,
        position=waiting + 1,
        minutes=conversations.wait_for(waiting + 1, agents=agents),
    )
    email = "" if _has_email(gathered) else say("handover_leave_email", out.language)
    return "\n\n".join(t for t in (out.handover.text, queued, email) if t)


def _has_email(gathered: Gathered) -> bool:
    return gathered.conversation.verification is not None


def _remember(gathered: Gathered, out: Outcome, message: MessageInfo) -> None:
    row = find_dialogue(int(gathered.conversation.id))
    row.state = procedures.state_to_json(out.run.state)
    row.read_sequence = gathered.read_sequence
    if message.type is MessageType.OUTGOING:
        row.question_message_id = int(message.id)
    row.misses = out.misses
    if out.proven is not None:
        out.identification = {}
        who = out.proven
        verification = Verification(who.principal.customer_ref, who.principal.method, now())
        conversations.mark_verified(
            gathered.conversation.id, verification, name=who.customer["name"], email=who.customer["email"]
        )
    if out.code is not None:
        code, email = out.code
        out.identification["code_row"] = identifying.store_code(code, email, out.language)
    row.identification = out.identification
    row.updated_at = now()
    row.save()
    _keep_rows(gathered, out)
    if out.run.calls:
        current = conversations.find_conversation(int(gathered.conversation.id))
        assert current is not None
        note_actions(int(current.customer_id), out.run.calls, by="assistant")


def _keep_rows(gathered: Gathered, out: Outcome) -> None:
    """What follows from the state: procedures that wait, and runs that ended."""
    verification = gathered.conversation.verification
    proven = out.proven.principal.customer_ref if out.proven else ""
    place = procedures.RunPlace(
        gathered.conversation,
        customer_ref=proven or (verification.customer_ref if verification else ""),
    )
    if out.run.state.waiting or out.woken or gathered.dialogue["state"].get("waiting"):
        procedures.keep_waits(place, out.run.state, [w.id for w in out.woken])
    procedures.record_runs(place, out.run.state, out.run.effects, out.run.subjects)


def _change_owner(gathered: Gathered, out: Outcome) -> None:
    assert out.handover is not None
    team = accounts.find_team(out.handover.team) if out.handover.team else None
    briefing = write_briefing(gathered, out)
    conversations.hand_over(gathered.conversation.id, briefing, team_id=team.id if team else None)


def _note_sentiment(gathered: Gathered, out: Outcome) -> None:
    if out.reads and out.reads[-1].sentiment.label != gathered.conversation.sentiment:
        conversations.update_conversation(
            gathered.conversation.id, {"sentiment": out.reads[-1].sentiment.label}
        )


def _keep_what_was_done(gathered: Gathered, out: Outcome, files: tuple[int, ...]) -> None:
    """The reply came too late. If a person owns the conversation by now, they learn what was done meanwhile.

    The state is stored only where nobody has stored another one since: a procedure that went on beside the person's
    conversation is not put back to where it was.
    """
    done = [call for call, result in out.run.calls if result.ok]
    current = conversations.find_conversation(int(gathered.conversation.id))
    if current is None or current.owner is Owner.ASSISTANT:
        return
    if not done:
        procedures.pass_on(int(current.id))
        return
    with transaction.atomic():
        text = "Done by the assistant just before you joined: " + ", ".join(c.action for c in done)
        note = MessageDraft(
            MessageType.OUTGOING,
            text,
            ASSISTANT,
            is_private=True,
            source_id=f"done:{done[-1].key}",
            attachment_ids=files,
        )
        conversations.add_message(gathered.conversation.id, note)  # locks the conversation's row
        row = find_dialogue(int(gathered.conversation.id))
        if row.state == gathered.dialogue["state"]:
            row.state = procedures.state_to_json(out.run.state)
            row.read_sequence = gathered.read_sequence
            row.updated_at = now()
            row.save()
            _keep_rows(gathered, out)
        else:
            text = "Its procedure went on elsewhere meanwhile and does not know of this. Please look where it stands."
            apart = MessageDraft(
                MessageType.OUTGOING, text, ASSISTANT, is_private=True, source_id=f"apart:{done[-1].key}"
            )
            conversations.add_message(gathered.conversation.id, apart)


def _decision(gathered: Gathered, out: Outcome, latency: dict[str, float]) -> DecisionDraft:
    conversation = gathered.conversation
    read = out.reads[-1] if out.reads else None
    first = out.steps[0] if out.steps else None
    broken = [r for r in out.run.trace if not r.held and not r.name.startswith("human:")]
    ended_refused = any(isinstance(e, Ended) and e.outcome == "refused" for e in out.run.effects)
    failed_rules = broken if ended_refused else []
    return DecisionDraft(
        kind="turn",
        chosen=" + ".join(str(s.as_json()["step"]) for s in out.steps) or "none",
        conversation_id=int(conversation.id),
        customer_id=int(conversation.customer_id),
        generation=gathered.generation,
        candidates=tuple(c.as_json() for c in out.considered[:12]),
        rules=rule_facts(out.run.trace),
        understanding=_understanding_json(out),
        evidence=tuple(_evidence(gathered, out)),
        model_name=read.model.name if read else "",
        model_version=f"{read.model.version} · {read.model.encoder}" if read else "",
        confidence=first.score if first and read else None,
        threshold=read.threshold if read else None,
        counterfactual=counterfactual(out.steps, failed_rules, out.considered),
        explanation=explain(explanation_texts(), out.language, _grounds(out, failed_rules)),
        consent_basis=basis_of(out.quoted),
        latency_ms=latency,
    )


def _grounds(out: Outcome, failed_rules: list[Any]) -> Grounds:
    book = procedures.load_book()
    titles = {name: pick(book[name].title, out.language) for name in book} | {
        h.slug: h.title for h in out.hits
    }
    return Grounds(
        steps=out.steps,
        clicked=out.clicked,
        titles=titles,
        known=_known(out, book),
        failed_rules=failed_rules,
        actions=_done(out),
        handed_over=out.handover.reason if out.handover else "",
        asks_identity=out.asks_identity,
        worded={q.hit.slug: form for q in out.quoted if (form := form_of(q))},
    )


def _known(out: Outcome, book: procedures.ProcedureBook) -> list[str]:
    """What was filled in unasked, by its label: a value alone ("1") tells nobody anything."""
    said: dict[str, None] = {}
    for filled in out.run.filled:
        unit, _, value = filled.partition("=")
        procedure, _, name = unit.partition(".")
        if procedure in book and value.endswith(("(known)", "(only_option)")):
            slot = book[procedure].find_slot(name.split("[")[0])
            said[pick(slot.label, out.language) if slot and slot.label else name.replace("_", " ")] = None
    return list(said)


def _done(out: Outcome) -> list[str]:
    """The actions that changed something, in the customer's language where it was declared or is in the catalogues."""
    done = [a for call, r in out.run.calls if r.ok and (a := _change(call.action))]
    with translation.override(catalogue_language(out.language)):
        return [a.titles.get(out.language) or translation.gettext(a.title) for a in done]


def _change(name: str) -> Action | None:
    """What is declared of an action that changes something; looking up is not worth a sentence."""
    action = connectors.find_action(name)
    return action if action and action.effect is not ActionEffect.READ else None


def _understanding_json(out: Outcome) -> dict[str, Any]:
    if not out.reads:
        return {"click": out.clicked} if out.clicked else {}
    read = out.reads[-1]
    return {
        "language": read.language,
        "language_confidence": round(read.language_confidence, 3),
        "act": read.act,
        "intents": [
            {"name": i.name, "probability": round(i.probability, 4), "segment": n}
            for n, s in enumerate(read.segments)
            for i in s.intents[:5]
        ],
        "abstention": [s.abstention for s in read.segments if s.abstention],
        "entities": [{"kind": e.kind, "text": governance.redact_text(e.text)} for e in read.entities],
        **mood_record(read),
        "filled": list(out.run.filled),
        **({"language_model_call": read.outside_call} if read.outside_call else {}),
    }


def _evidence(gathered: Gathered, out: Outcome) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"kind": "message", "ref": message_id, "title": "", "score": None}
        for u in gathered.units
        for message_id in u.message_ids
    ]
    found += [
        {
            "kind": w.kind,
            "ref": w.wake.key,
            "title": w.wake.event,
            "score": None,
            **({"staff": w.decided_by} if w.decided_by else {}),
        }
        for w in out.woken
    ]
    found += [item for quoted in out.quoted for item in evidence_of(quoted)]
    found += [
        {"kind": "passage", "ref": h.url, "title": h.title, "score": round(h.score, 3)} for h in out.hits
    ]
    return [*found, *call_facts(out.run.calls)]
