"""The steps under `do` as a readable flow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rapport.procedures.logic.definition import Words
from rapport.procedures.logic.moments import duration_text
from rapport.procedures.logic.steps import (
    Action,
    AnyStep,
    Approval,
    Branch,
    Escalation,
    RunProcedure,
    Saying,
    Wait,
)

Text = Callable[[Words], str]


def describe_steps(steps: Sequence[AnyStep], text: Text) -> Iterator[str]:
    """A line for each step and what belongs to it, indented by two spaces a level."""
    for step in steps:
        condition = f" if {step.when}" if step.when else ""
        match step:
            case Action():
                yield from _action(step, condition, text)
            case Branch():
                yield f"IF {step.condition}{f', only if {step.when}' if step.when else ''}"
                yield from (f"  {line}" for line in describe_steps(step.then, text))
                if step.otherwise:
                    yield "ELSE"
                    yield from (f"  {line}" for line in describe_steps(step.otherwise, text))
            case Wait():
                yield f"WAIT {wait_text(step)}{condition}{_as(step.result)}"
                yield from _said("", step.say, text)
            case Approval():
                team = f" by {step.team}" if step.team else ""
                expires = f", for at most {duration_text(step.expires)}" if step.expires else ""
                yield f"APPROVAL{team}{expires}{condition}: {text(step.title)}{_as(step.result)}"
                yield from _said("because ", step.reason, text)
                yield from _said("", step.say, text)
                yield from _said("if not: ", step.rejected, text)
            case RunProcedure():
                needed = "" if step.is_required else ", go on however it ends"
                yield f"RUN {step.procedure}{condition}{_as(step.result)}{needed}"
                yield from (f"  {name} = {expression}" for name, expression in step.given.items())
            case Escalation():
                yield f"PERSON takes over{condition}" + (f" (team {step.team})" if step.team else "")
                yield from _said("", step.say, text)
            case Saying():
                yield f"SAY{condition} {text(step.say)}"


def _action(action: Action, condition: str, text: Text) -> Iterator[str]:
    each = f" for each of {action.each}" if action.each else ""
    yield f"DO {action.action}{each}{condition} as {action.result}"
    for name, expression in action.arguments.items():
        yield f"  {name} = {expression}"
    if action.amount:
        yield f"  moves {action.amount}"
    if action.undo is not None:
        arguments = ", ".join(f"{name} = {e}" for name, e in action.undo.arguments.items())
        yield f"  taken back by {action.undo.action} ({arguments})"
    for code, words in action.failed.items():
        yield f"  fails with {code}: {text(words)}"
    if action.again is not None:
        yield f"  when the system is away: kept and made again within {duration_text(action.again.within)}"
        yield from _said("  ", action.again.say, text)
    if action.otherwise:
        yield "  when the system is away:" if action.again is None else "  when it is still away then:"
        yield from (f"    {line}" for line in describe_steps(action.otherwise, text))


def wait_text(wait: Wait) -> str:
    """What a wait is for."""
    event = f"event {wait.event}{f' of {wait.of}' if wait.of else ''}" if wait.event else ""
    moment = f"until {wait.until}" if wait.until else ""
    if wait.duration is not None:
        moment = f"{'for at most ' if event else ''}{duration_text(wait.duration)}"
    return ", ".join(part for part in (event, moment) if part)


def brief_step(step: AnyStep) -> tuple[str, str]:
    """What a step is called, and what it does without its wording, on one line."""
    when = step.when or "true"
    match step:
        case Action():
            given = ", ".join(f"{name}={value}" for name, value in step.arguments.items())
            parts = [f"each {step.each}" if step.each else "", f"amount {step.amount}" if step.amount else ""]
            if step.undo is not None:
                undone = ", ".join(f"{name}={value}" for name, value in step.undo.arguments.items())
                parts.append(f"undo {step.undo.action}({undone})")
            if step.is_harmless:
                parts.append("undo none")
            parts.append(f"again within {duration_text(step.again.within)}" if step.again else "")
            more = "".join(f" {part}" for part in parts if part)
            return step.action, f"{step.action}({given}) if {when} as {step.result}{more}"
        case Branch():
            return "if", step.condition if step.when is None else f"{step.condition} only if {when}"
        case Wait():
            return "wait", f"{wait_text(step)} if {when}{_as(step.result)}"
        case Approval():
            expires = f" expires {duration_text(step.expires)}" if step.expires else ""
            return "approve", f"{step.team or 'anyone'}{expires} if {when}{_as(step.result)}"
        case RunProcedure():
            given = ", ".join(f"{name}={value}" for name, value in step.given.items())
            needed = "" if step.is_required else " required false"
            return f"run {step.procedure}", f"{step.procedure}({given}) if {when}{_as(step.result)}{needed}"
        case Escalation():
            return "person", f"{step.team or 'anyone'} if {when}"
        case Saying():
            return "say", f"if {when}"


def _as(name: str) -> str:
    return f" as {name}" if name else ""


def _said(start: str, words: Words, text: Text) -> Iterator[str]:
    if words:
        yield f"  {start}{text(words)}"
