"""Reads a disposition off what is on record: each value with the rule that found it, and its evidence.

A rule's prior is how sure it is before anybody has judged it; with every value a person confirms or changes the
share of confirmed ones takes over (`confidence_of`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rapport.conversations.contracts import Outcome, ProposedValue, RootCause
from rapport.desk.logic.disposition_facts import Facts, RunFact, TurnFact

PRIOR_WEIGHT = 20
"""A rule's prior counts as so many verdicts."""
PRIORS = {
    "run_clicked": 0.97,
    "run_read": 0.9,
    "run_by_staff": 0.95,
    "intent_read": 0.7,
    "article_given": 0.75,
    "asked_for_person": 0.5,
    "run_done": 0.95,
    "run_refused": 0.95,
    "run_cancelled": 0.9,
    "run_left": 0.8,
    "person_acted": 0.95,
    "person_answered": 0.85,
    "nobody_answered": 0.9,
    "ticket_closed": 0.85,
    "ticket_field": 0.95,
    "article_last": 0.7,
    "not_understood": 0.75,
    "nothing_asked": 0.8,
    "marked_spam": 0.97,
    "order_of_run": 0.95,
    "order_of_action": 0.9,
    "product_of_run": 0.95,
    "actions_done": 1.0,
    "cause_ground": 0.8,
}
CHATTER = frozenset({"small_talk", "talk_to_person", "out_of_scope"})
"""Intents that are no reason to get in touch while there is a better one."""
UNDERWAY = frozenset({"identifying", "collecting", "confirming", "calling"})
Verdicts = Mapping[str, tuple[int, int]]


def confidence_of(rule: str, verdicts: Verdicts, evidence: float | None = None) -> float:
    """Probability [0..1] that a person would leave what a rule proposes as it is.

    `evidence` is a calibrated probability that takes the place of the rule's prior.
    """
    prior = PRIORS[rule] if evidence is None else evidence
    confirmed, changed = verdicts.get(rule, (0, 0))
    return (prior * PRIOR_WEIGHT + confirmed) / (PRIOR_WEIGHT + confirmed + changed)


def propose(
    facts: Facts, causes: Iterable[RootCause] = (), verdicts: Verdicts | None = None
) -> dict[str, ProposedValue]:
    """Field → what would be filled in; a field nothing is known for is missing."""
    known = verdicts or {}
    main = main_run(facts)
    found = {
        "reason": _reason(facts, main, known),
        "outcome": _outcome(facts, main, known) if facts.is_ended else None,
        "order_ref": _orders(facts, main, known),
        "product": _products(main, known),
        "actions": _actions(facts, known),
        "root_cause": _cause(facts, main, causes, known),
    }
    of_ticket = _of_ticket(facts, known)
    return of_ticket | {name: value for name, value in found.items() if value is not None}


def _of_ticket(facts: Facts, verdicts: Verdicts) -> dict[str, ProposedValue]:
    """What a ticket was opened with."""
    opened = {"kind": "action", "ref": facts.ticket.get("key", ""), "title": "case.open"}
    fields = (("reason", "reason"), ("order", "order_ref"), ("product", "product"))
    return {
        name: _value(facts.ticket[given], "ticket_field", verdicts, opened)
        for given, name in fields
        if facts.ticket.get(given)
    }


def main_run(facts: Facts) -> RunFact | None:
    """What the customer came for: the first run that was not taken back, else the last one that was."""
    kept = [run for run in facts.runs if run.status != "cancelled"]
    return kept[0] if kept else facts.runs[-1] if facts.runs else None


def _value(
    value: str, rule: str, verdicts: Verdicts, *evidence: dict[str, Any], sure: float | None = None
) -> ProposedValue:
    return ProposedValue(value, rule, confidence_of(rule, verdicts, sure), evidence)


def _of_run(run: RunFact) -> dict[str, Any]:
    return {"kind": "run", "ref": run.instance, "title": f"{run.procedure}: {run.status}"}


def _of_turn(turn: TurnFact) -> dict[str, Any]:
    return {"kind": "decision", "ref": turn.decision, "title": " + ".join(turn.steps)}


def _reason(facts: Facts, main: RunFact | None, verdicts: Verdicts) -> ProposedValue | None:
    if main is not None:
        return _reason_of_run(facts, main, verdicts)
    answered = next((t for t in facts.turns if _takes(t, "answer:")), None)
    read = next(
        (t for t in facts.turns if t.is_accepted and t.intents and t.intents[0][0] not in CHATTER), None
    )
    if read is not None and (answered is None or read.decision <= answered.decision):
        name, sure = read.intents[0]
        return _value(name, "intent_read", verdicts, _of_turn(read), sure=sure)
    if answered is not None:
        return _value("question", "article_given", verdicts, _of_turn(answered))
    person = next((t for t in facts.turns if _takes(t, "hand_over:customer_asked")), None)
    if person is not None:
        return _value("talk_to_person", "asked_for_person", verdicts, _of_turn(person))
    said = next((t for t in facts.turns if t.is_accepted and t.intents), None)
    if said is None:
        return None
    return _value(said.intents[0][0], "intent_read", verdicts, _of_turn(said), sure=said.intents[0][1])


def _reason_of_run(facts: Facts, main: RunFact, verdicts: Verdicts) -> ProposedValue:
    if main.actor != "assistant":
        return _value(main.procedure, "run_by_staff", verdicts, _of_run(main))
    start = next((t for t in facts.turns if _takes(t, f"start:{main.procedure}")), None)
    if start is None or start.confidence is None or not start.intents:
        evidence = (_of_run(main), *([_of_turn(start)] if start else []))
        return _value(main.procedure, "run_clicked", verdicts, *evidence)
    sure = dict(start.intents).get(main.procedure, start.confidence)
    return _value(main.procedure, "run_read", verdicts, _of_run(main), _of_turn(start), sure=sure)


def _takes(turn: TurnFact, beginning: str) -> bool:
    return any(step.startswith(beginning) for step in turn.steps)


def _outcome(facts: Facts, main: RunFact | None, verdicts: Verdicts) -> ProposedValue | None:
    if facts.spam_mark:
        label = {"kind": "label", "ref": facts.spam_mark, "title": facts.spam_mark}
        return _value(Outcome.SPAM, "marked_spam", verdicts, label)
    staffed = next((r for r in facts.runs if r.actor != "assistant" and r.status == "done"), None)
    if staffed is not None:
        return _value(Outcome.SOLVED_BY_PERSON, "person_acted", verdicts, _of_run(staffed))
    if facts.person_message is not None:
        message = {"kind": "message", "ref": facts.person_message, "title": ""}
        return _value(Outcome.SOLVED_BY_PERSON, "person_answered", verdicts, message)
    if facts.is_internal:
        return _value(Outcome.SOLVED_BY_PERSON, "ticket_closed", verdicts)
    if facts.is_with_people:
        handover = {"kind": "handover", "ref": facts.handover, "title": facts.handover}
        return _value(Outcome.NO_ANSWER, "nobody_answered", verdicts, handover)
    return _outcome_of_run(main, verdicts) if main else _outcome_of_talk(facts, verdicts)


def _outcome_of_run(main: RunFact, verdicts: Verdicts) -> ProposedValue | None:
    if main.status in UNDERWAY:
        return _value(Outcome.GIVEN_UP, "run_left", verdicts, _of_run(main))
    found = {
        "done": (Outcome.SOLVED_BY_ASSISTANT, "run_done"),
        "refused": (Outcome.REFUSED_BY_RULE, "run_refused"),
        "cancelled": (Outcome.GIVEN_UP, "run_cancelled"),
    }.get(main.status)
    return _value(found[0], found[1], verdicts, _of_run(main)) if found else None


def _outcome_of_talk(facts: Facts, verdicts: Verdicts) -> ProposedValue | None:
    if not facts.has_customer_message or not facts.turns:
        return _value(Outcome.NO_REQUEST, "nothing_asked", verdicts)
    asked = [t for t in facts.turns if not _is_pleasantry(t)]
    if not asked:
        return _value(Outcome.NO_REQUEST, "nothing_asked", verdicts, _of_turn(facts.turns[-1]))
    last = asked[-1]
    if _takes(last, "answer:"):
        return _value(Outcome.SOLVED_BY_ASSISTANT, "article_last", verdicts, _of_turn(last))
    return _value(Outcome.NO_ANSWER, "not_understood", verdicts, _of_turn(last))


_PLEASANT = ("reply:greeting", "reply:thanks", "reply:goodbye", "reply:small_talk", "reply:acknowledged")


def _is_pleasantry(turn: TurnFact) -> bool:
    return all(step.startswith(_PLEASANT) for step in turn.steps)


def _orders(facts: Facts, main: RunFact | None, verdicts: Verdicts) -> ProposedValue | None:
    run = main if main and main.orders else next((r for r in facts.runs if r.orders), None)
    if run is not None:
        values = ", ".join(dict.fromkeys(value for value, _ in run.orders))
        return _value(values, "order_of_run", verdicts, _of_run(run))
    call = next((c for c in facts.calls if c.order), None)
    if call is None:
        return None
    return _value(
        call.order, "order_of_action", verdicts, {"kind": "action", "ref": call.key, "title": call.action}
    )


def _products(main: RunFact | None, verdicts: Verdicts) -> ProposedValue | None:
    if main is None or not main.products:
        return None
    titles = ", ".join(dict.fromkeys(title or value for value, title in main.products))
    return _value(titles, "product_of_run", verdicts, _of_run(main))


def _actions(facts: Facts, verdicts: Verdicts) -> ProposedValue | None:
    done = [call for call in facts.calls if call.state == "done"]
    if not done:
        return None
    evidence = [{"kind": "action", "ref": call.key, "title": call.action} for call in done]
    names = ", ".join(dict.fromkeys(call.action for call in done))
    return _value(names, "actions_done", verdicts, *evidence)


def _cause(
    facts: Facts, main: RunFact | None, causes: Iterable[RootCause], verdicts: Verdicts
) -> ProposedValue | None:
    """The first cause of the list one of whose grounds holds."""
    for cause in causes:
        for ground in cause.when:
            evidence = find_ground(facts, main, ground)
            if evidence is not None:
                return _value(cause.key, "cause_ground", verdicts, {**evidence, "ground": ground})
    return None


def find_ground(facts: Facts, main: RunFact | None, ground: str) -> dict[str, Any] | None:
    """What of the record a ground holds for, however its letters are written; None for nothing."""
    kind, _, rest = ground.partition(" ")
    kind, rest = kind.casefold(), rest.strip().casefold()
    if kind == "procedure":
        return _of_run(main) if main and main.procedure == rest else None
    if kind == "handover":
        title = {"kind": "handover", "ref": facts.handover, "title": facts.handover}
        return title if facts.handover and facts.handover.casefold() == rest else None
    if kind == "refused":
        call = next((c for c in facts.calls if c.code and c.code.casefold() == rest), None)
        return {"kind": "action", "ref": call.key, "title": call.action} if call else None
    if kind == "slot":
        return _slot_ground(facts, rest)
    return None


def _slot_ground(facts: Facts, text: str) -> dict[str, Any] | None:
    """A ground's text is in small letters, as are the names of procedures and slots."""
    place, _, wanted = (part.strip() for part in text.partition("="))
    procedure, _, name = place.rpartition(".")
    for run in facts.runs:
        if run.status == "cancelled" or (procedure and run.procedure != procedure):
            continue
        if any(value.casefold() == wanted for value, _title in run.slots.get(name, ())):
            return _of_run(run)
    return None
