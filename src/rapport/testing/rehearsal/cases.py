"""Runs test cases and says what differed from what was expected, with the line of the step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapport.kernel.languages import pick
from rapport.procedures import api as procedures
from rapport.procedures.api import Definition
from rapport.procedures.contracts import Cancel, StartProcedure, Withdraw
from rapport.testing.rehearsal.case_files import Case, CaseFile, CaseStep, Expected, listed
from rapport.testing.rehearsal.driving import Rehearsed, Said
from rapport.testing.rehearsal.holding import HasFiles
from rapport.testing.rehearsal.reading import make_reader
from rapport.testing.rehearsal.world import BadSetting, Sandbox, missing
from rapport.understanding.contracts import Engine


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case."""

    name: str
    line: int
    problems: tuple[str, ...]
    """What differed; empty when the case passed."""
    transcript: tuple[str, ...]

    @property
    def has_passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.problems


def run_cases(
    file: CaseFile, definitions: Sequence[Definition], engine: Engine | None = None
) -> tuple[CaseResult, ...]:
    """Every case of a file against the procedures given."""
    book = procedures.ProcedureBook(definitions)
    return tuple(_run(case, file.procedure, book, engine) for case in file.cases)


def _run(case: Case, name: str, book: procedures.ProcedureBook, engine: Engine | None) -> CaseResult:
    if name not in book:
        return CaseResult(case.name, case.line, (f"there is no procedure {name!r}",), ())
    lacking = missing(book[name], case.setting, book)
    if lacking:
        return CaseResult(case.name, case.line, tuple(f"cannot be tested: {what}" for what in lacking), ())
    try:
        sandbox = Sandbox(case.setting)
    except BadSetting as problem:
        return CaseResult(case.name, case.line, (str(problem),), ())
    given = case.setting
    reader = make_reader(case.language, engine)
    talk = Rehearsed(book, sandbox, reader, case.language, given.now, given.tone)
    problems: list[str] = []
    log: list[str] = []
    if not case.steps or case.steps[0].kind != "start":
        _note(log, "(starts)", talk.send(StartProcedure(name)))
    for step in case.steps:
        said = take(talk, step, name)
        if said is None:
            problems.append(f"line {step.line}: nothing waits for {step.kind}: {step.value}")
            continue
        _note(log, f"{step.kind}: {step.value}", said)
        problems += [f"line {step.line}: {p}" for p in differences(step.expected, [said], talk, book[name])]
    problems += [f"at the end: {p}" for p in differences(case.expected, talk.said, talk, book[name])]
    return CaseResult(case.name, case.line, tuple(problems), tuple(log))


def take(talk: Rehearsed, step: CaseStep, procedure: str) -> Said | None:
    """Do one step; None when it is the end of a wait and nothing waits for it."""
    if step.kind == "wake":
        return talk.wake(str(step.value), step.data)
    if step.kind == "approve":
        return talk.decide(is_approved=step.value == "yes", reason=step.reason)
    if step.kind == "later":
        duration = procedures.read_duration(str(step.value))
        if talk.now is not None and duration is not None:
            talk.now += duration
        return Said(())
    if step.kind == "send" and isinstance(talk.sandbox, HasFiles):
        for given in listed(step.value):
            talk.sandbox.add_file(given)
    asked = talk.said[-1].waits_for if talk.said else ""
    given = step.to_input(asked, procedure)
    under_way = talk.state.waiting
    if isinstance(given, Cancel) and under_way and not talk.state.stack:
        given = Withdraw(under_way[-1].instance)  # as the customer does who says what is to be stopped
    return talk.send(given)


def _note(log: list[str], move: str, said: Said) -> None:
    log.append(f"customer  {move}")
    log.extend(f"assistant {text}" for text in said.texts)
    if said.ended is not None:
        log.append(f"          [{said.ended.procedure}: {said.ended.outcome}]")


def differences(
    expected: Expected, said: Sequence[Said], talk: Rehearsed, definition: Definition
) -> list[str]:
    """What is not as expected."""
    found: list[str] = []
    last = said[-1]
    if expected.asks and last.waits_for != expected.asks:
        found.append(f"expected to be asked for {expected.asks!r}, not {last.waits_for or 'nothing'!r}")
    outcomes = [s.ended.outcome for s in said if s.ended is not None]
    if expected.ends and (not outcomes or outcomes[-1] != expected.ends):
        found.append(f"expected the end {expected.ends!r}, not {outcomes[-1] if outcomes else 'open'!r}")
    texts = [text for s in said for text in s.texts]
    for key in expected.says:
        if not says(key, texts, definition, talk.language):
            found.append(f"expected {key!r} to be said; said was {' / '.join(texts) or 'nothing'!r}")
    for key in expected.never_says:
        if says(key, texts, definition, talk.language):
            found.append(f"{key!r} was said")
    broken = {t.name.rsplit("/", 1)[-1] for s in said for t in s.trace if not t.held}
    if expected.refused and expected.refused not in broken:
        found.append(
            f"expected the rule {expected.refused!r} to refuse; refused by {sorted(broken) or 'none'}"
        )
    handed = next((s.handover.reason for s in said if s.handover is not None), "")
    if expected.hands_over and handed != expected.hands_over:
        found.append(f"expected a handover {expected.hands_over!r}, not {handed or 'none'!r}")
    offered = {o for s in said if s.ended for o in s.ended.offer} | {
        o for s in said if s.asked for o in s.asked.offer
    }
    found += [f"{name!r} was not offered" for name in expected.offers if name not in offered]
    return found + _waits(expected, talk) + _slots(expected, talk) + _calls(expected, talk)


def _waits(expected: Expected, talk: Rehearsed) -> list[str]:
    """Whether what is waited for is what was expected."""
    found: list[str] = []
    kinds = {wait.kind for wait in talk.waits()} | {wait.event for wait in talk.waits()} - {""}
    if expected.waits == "nothing" and kinds:
        found.append(f"expected nothing to be waited for, not {sorted(kinds)}")
    elif expected.waits not in ("", "nothing", *kinds):
        found.append(f"expected {expected.waits!r} to be waited for, not {sorted(kinds) or 'nothing'}")
    asked = [text for w in talk.waits() if w.kind == "approval" for text in (w.title, w.team or "")]
    if expected.approves and expected.approves not in asked:
        found.append(f"expected an approval of {expected.approves!r}, not {asked or 'none'}")
    return found


def _slots(expected: Expected, talk: Rehearsed) -> list[str]:
    frame = talk.frame()
    found: list[str] = []
    for name, values in expected.slots.items():
        value = frame.slots.get(name) if frame else None
        held = tuple(o.value for o in value.options) if value else ()
        if held != values:
            found.append(f"expected {name!r} to hold {list(values)}, not {list(held)}")
    return found


def _calls(expected: Expected, talk: Rehearsed) -> list[str]:
    if expected.calls is None:
        return []
    done = talk.sandbox.writes
    if [c["action"] for c in expected.calls] != [action for action, _ in done]:
        return [f"expected the calls {[c['action'] for c in expected.calls]}, not {[a for a, _ in done]}"]
    return [
        f"expected {action} with {name}={value!r}, not {arguments.get(name)!r}"
        for wanted, (action, arguments) in zip(expected.calls, done, strict=True)
        for name, value in wanted["with"].items()
        if arguments.get(name) != value
    ]


def says(key: str, texts: Sequence[str], definition: Definition, language: str) -> bool:
    """Whether a wording of the definition (or these very words) is among the texts."""
    words = procedures.find_wording(definition, key)
    if words is None:
        return any(key in text for text in texts)
    parts = re.split(r"\{[^{}]*\}", pick(words, language))
    pattern = re.compile(".+?".join(re.escape(part) for part in parts), re.DOTALL)
    return any(pattern.search(text) for text in texts)
