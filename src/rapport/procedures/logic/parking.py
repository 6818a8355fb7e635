"""Waiting: a procedure steps aside until a moment, an event or a person's decision, and goes on when it comes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, Literal

from rapport.procedures.contracts import (
    APPROVED,
    REJECTED,
    SYSTEM_BACK,
    TIMED_OUT,
    DialogueState,
    Frame,
    JsonDict,
    Park,
    WaitFor,
    Wake,
)
from rapport.procedures.logic.calling import present
from rapport.procedures.logic.compensating import refuse
from rapport.procedures.logic.definition import Words
from rapport.procedures.logic.expressions import ExpressionError
from rapport.procedures.logic.mending import SAID, UNSURE, note
from rapport.procedures.logic.moments import iso, read_moment
from rapport.procedures.logic.planning import plan
from rapport.procedures.logic.scope import Scope
from rapport.procedures.logic.steps import Action, AnyStep, Approval, Place, Wait
from rapport.procedures.logic.tone import split_tag
from rapport.procedures.logic.turn import Turn
from rapport.procedures.logic.values import subject_of

MAX_WAITING = 30
"""Procedures of one conversation that may wait at the same time."""

DESK_LANGUAGE = "en"


def wait(turn: Turn, place: Place, step: Wait) -> Literal["ended"] | None:
    """Wait as a step says; None when what it waits for lies in the past. Raises ExpressionError."""
    scope = turn.scope()
    until = _deadline(turn, step.duration)
    if step.until is not None:
        until = read_moment(scope.evaluate(step.until), _now(turn))
        if until is None:
            raise ExpressionError("must be a day or a moment", expression=step.until)
    if until is not None and until <= _now(turn):
        _went_on(turn, place, step.result, {"event": TIMED_OUT, "data": {}})
        return None
    subject = "" if step.of is None else subject_of(scope.evaluate(step.of))
    if step.of is not None and not subject:
        raise ExpressionError("says nothing that an event could be about", expression=step.of)
    awaited = WaitFor(
        kind="event" if step.event else "time",
        key=f"{turn.frame.instance}:{place.index}",
        until=None if until is None else iso(until),
        event=step.event,
        subject=subject,
        since=turn.frame.heard.get(_heard_as(step.event, subject), turn.frame.acting_since)
        if step.event
        else None,
    )
    return park(turn, awaited, scope.text(step.say) if step.say else turn.house("waits"))


def await_decision(turn: Turn, place: Place, step: Approval) -> Literal["ended"]:
    """Wait for a person's yes. Raises ExpressionError."""
    until = _deadline(turn, step.expires)
    rest = plan(turn, _steps_after(turn, place))
    facts: JsonDict = {**rest, "titles": _in_all(turn, step.title), "reasons": _in_all(turn, step.reason)}
    awaited = WaitFor(
        kind="approval",
        key=f"{turn.frame.instance}:{place.index}",
        until=None if until is None else iso(until),
        team=step.team,
        title=facts["titles"].get(DESK_LANGUAGE, ""),
        facts=facts,
    )
    text = turn.scope().text(step.say) if step.say else turn.house("waits_for_approval")
    return park(turn, awaited, text)


def await_permission(turn: Turn, data: JsonDict) -> None:
    """The call that is out needs a person's yes; it is made again, unchanged, when that comes."""
    call = turn.frame.call
    assert call is not None
    team, until = data.get("team"), data.get("expires_at")
    awaited = WaitFor(
        kind="approval",
        key=call.key,
        until=until if isinstance(until, str) else None,
        team=team if isinstance(team, str) and team else None,
        title=str(data.get("title") or call.action),
        facts={**data, "action": call.action, "arguments": call.arguments, "amount": call.amount},
    )
    park(turn, awaited, turn.house("waits_for_approval"))


def park(turn: Turn, awaited: WaitFor, text: str) -> Literal["ended"]:
    """Move the active procedure, and those that run it, from the stack to those that wait."""
    if len(turn.waiting) >= MAX_WAITING:
        turn.hand_over("rule_error")
        return "ended"
    turn.tell(text)
    turn.update(status="waiting", waiting=awaited)
    chain = [turn.stack.pop()]
    while turn.stack and turn.stack[-1].child == chain[0].instance:
        chain.insert(0, replace(turn.stack.pop(), status="waiting"))
    turn.waiting += chain
    turn.effects.append(Park(chain[-1].instance, chain[-1].procedure, awaited))
    return "ended"


# ── going on ──


def is_awaited(state: DialogueState, news: Wake) -> bool:
    """Whether a procedure waits for this very news."""
    return any(frame.waiting is not None and _fits(frame.waiting, news) for frame in state.waiting)


def _fits(awaited: WaitFor, news: Wake) -> bool:
    if awaited.key != news.key:
        return False
    if news.event == TIMED_OUT:
        return True
    if awaited.kind == "approval":
        return news.event in (APPROVED, REJECTED)
    return awaited.kind == "event" and news.event == awaited.event


def wake(turn: Turn, news: Wake) -> None:
    """Bring the procedure that waits for this back, and let it know what came."""
    frame = next(f for f in turn.waiting if f.waiting is not None and _fits(f.waiting, news))
    bring_back(turn, frame, news)


def bring_back(turn: Turn, frame: Frame, news: Wake | None) -> None:
    """Put a waiting procedure, and those that run it, on the stack again."""
    chain = [frame]
    while chain[0].parent is not None:
        parent = next((f for f in turn.waiting if f.instance == chain[0].parent), None)
        if parent is None:
            break
        chain.insert(0, parent)
    turn.waiting = [f for f in turn.waiting if f not in chain]
    above: list[Frame] = []
    while turn.stack and turn.stack[-1].status == "calling":
        above.insert(0, turn.stack.pop())  # a call is out: it must be settled first
    turn.stack += [replace(f, status="calling", waiting=None) for f in chain]
    if news is not None and turn.has_definition():
        assert frame.waiting is not None
        _take(turn, frame.waiting, news)
    turn.stack += above


def withdraw(turn: Turn, instance: str | None = None) -> None:
    """The customer wants nothing more of what waits; without its name, of what has waited for the shortest time."""
    waiting = [f for f in turn.waiting if f.waiting is not None and instance in (None, f.instance)]
    frame = waiting[-1] if waiting else None
    if frame is None:
        return
    bring_back(turn, frame, None)
    if not turn.has_definition():
        return
    if turn.frame.kept is not None:
        note(turn, "cancelled")
        if turn.frame.kept.get(UNSURE):
            turn.hand_over("partly_done", turn.house("maybe_done"))
            return
    turn.update(call=None, kept=None, undoing="")
    is_clean = not any(f.completed for f in turn.stack)
    turn.tell(turn.house("cancelled" if is_clean else "stopped"))
    refuse(turn, "cancelled")


def _take(turn: Turn, awaited: WaitFor, news: Wake) -> None:
    frame = turn.frame
    if awaited.event == SYSTEM_BACK:
        _take_up_kept(turn, is_over=news.event == TIMED_OUT)
    elif awaited.kind == "approval" and news.event != APPROVED:
        _turn_down(turn, news)
    elif frame.call is None:
        place = turn.place()
        if place is None or not isinstance(place.step, (Wait, Approval)):
            turn.hand_over("rule_error")  # the definition is not the one it began to wait in
            return
        data = news.data if awaited.kind == "approval" else {"event": news.event, "data": news.data}
        if news.event == awaited.event and turn.world.now is not None:
            heard = {_heard_as(awaited.event, awaited.subject): turn.world.now.isoformat()}
            turn.update(heard={**frame.heard, **heard})
        _went_on(turn, place, place.step.result, data)


def _take_up_kept(turn: Turn, *, is_over: bool) -> None:
    """Make a kept call again; for the last time when its time is over. What was said is open again."""
    frame, place = turn.frame, turn.place()
    assert frame.kept is not None
    step = place.step if place is not None else None
    turn.update(kept={**frame.kept, "is_over": is_over})
    if frame.kept.get("is_agreement"):
        turn.update(status="confirming")
    elif SAID in frame.kept:
        turn.update(status=frame.kept["status"])
    elif frame.call is not None and isinstance(step, Action):
        turn.update(call=replace(frame.call, gives_up=is_over and bool(step.otherwise)))


def _turn_down(turn: Turn, news: Wake) -> None:
    """A person said no, or nothing in time."""
    frame = turn.frame
    if frame.undoing:
        turn.hand_over("partly_done", outcome="failed")
        return
    place = turn.place()
    step = None if place is None else place.step
    names: dict[str, Any] = {}
    words: Words = {}
    if isinstance(step, Approval):
        words = step.rejected
        names = {step.result: news.data} if step.result else {}
    elif isinstance(step, Action):
        words = step.failed.get(news.event, {})
        names = present(turn, step)
    house = "not_approved" if news.event == REJECTED else "not_decided"
    turn.tell(turn.scope(names).text(words) if words else turn.house(house))
    turn.update(call=None)
    refuse(turn, "refused")


def _went_on(turn: Turn, place: Place, name: str, data: JsonDict) -> None:
    results = {**turn.frame.results, name: data} if name else turn.frame.results
    turn.update(step=place.after, results=results)


# ── what is written down ──


def _now(turn: Turn) -> dt.datetime:
    """The present moment. Raises ExpressionError: nobody said which it is."""
    if turn.world.now is None:
        raise ExpressionError("the present moment is not known")
    return turn.world.now


def _deadline(turn: Turn, duration: dt.timedelta | None) -> dt.datetime | None:
    return None if duration is None else _now(turn) + duration


def _heard_as(event: str, subject: str) -> str:
    return f"{event} {subject}".strip()


def _steps_after(turn: Turn, place: Place) -> list[AnyStep]:
    """The steps that follow; those of a branch stand in it."""
    places = turn.definition.places
    found: list[AnyStep] = []
    index = place.after
    while index < len(places):
        found.append(places[index].step)
        index = places[index].after
    return found


def _in_all(turn: Turn, words: Words) -> dict[str, str]:
    """A wording in each language it has, for whoever reads it at the desk."""
    languages = [tag for tag in words if not split_tag(tag)[1]]
    worlds = {language: replace(turn.world, language=language, tone="formal") for language in languages}
    return {
        language: Scope(turn.definition, turn.frame, world).text(words) for language, world in worlds.items()
    }
