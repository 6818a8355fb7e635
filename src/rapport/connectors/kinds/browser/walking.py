"""Walks through the steps on some screen; knows what is certain before and after the step that commits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote

from rapport.connectors.contracts import JsonDict, UnknownOutcome
from rapport.connectors.kinds.browser.steps import Step
from rapport.connectors.placeholders import PLACEHOLDER, Values, fill_plain, plain_value, value_at
from rapport.connectors.pointing import plain_text

MAX_RESULT_CHARS = 2_000


class StepFailed(Exception):
    """What a step needs is not on the page, or not in time."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file the page handed out."""

    name: str
    content: bytes


class Screen(Protocol):
    """A page in a browser. Every method raises StepFailed, ConnectorDown when the system does not answer at all."""

    def open(self, address: str) -> None:
        """Go to an address (a path, or a whole one of an allowed host)."""
        ...

    def act(self, step: Step, target: str, value: str) -> None:
        """Fill, choose, tick, click, press or wait for."""
        ...

    def shows(self, step: Step, target: str) -> bool:
        """Whether the target is to be seen now."""
        ...

    def read(self, step: Step, target: str) -> str:
        """The text or value of the target."""
        ...

    def download(self, step: Step, target: str) -> Download:
        """Click, and take the file that comes."""
        ...

    def picture(self) -> bytes:
        """The page as JPEG, passwords covered."""
        ...


@dataclass(slots=True)
class Walk:
    """What came of walking: what was read, whether it was refused, and how far it got."""

    results: JsonDict = field(default_factory=dict)
    downloads: list[Download] = field(default_factory=list)
    code: str = ""
    """The refusal; empty when none."""
    message: str = ""
    has_committed: bool = False
    stopped_before: str = ""
    """The committing step's words, when only tried out."""


def walk(
    screen: Screen,
    steps: tuple[Step, ...],
    values: Values,
    *,
    before_commit: Callable[[], None],
    is_trial: bool = False,
) -> Walk:
    """Do the steps one after another. `before_commit` is called when nothing has happened yet.

    A failure before the committing step is a refusal: certainly nothing happened. Raises UnknownOutcome for one at
    that step or after it, ConnectorDown when the system did not answer before it.
    """
    done = Walk()
    for number, step in enumerate(steps, 1):
        if step.commits:
            before_commit()
            if is_trial:
                done.stopped_before = f"step {number}: {step.words}"
                return done
            done.has_committed = True
        try:
            if not _do(screen, step, values, done):
                return done
        except StepFailed as problem:
            if done.has_committed:
                raise UnknownOutcome(f"step {number} ({step.words}) failed after the change") from problem
            done.code = "unexpected_page" if step.kind in {"expect", "wait_for"} else "page_changed"
            done.message = f"step {number}: {step.words}"
            return done
        except Exception as problem:
            if done.has_committed:
                raise UnknownOutcome(f"step {number} ({step.words}) broke after the change") from problem
            raise
    return done


def _do(screen: Screen, step: Step, values: Values, done: Walk) -> bool:
    """One step; False when it refuses."""
    target, value = fill_plain(step.target, values), fill_plain(step.value, values)
    match step.kind:
        case "open":
            screen.open(address_of(step.value, values))
        case "expect":
            if not screen.shows(step, target):
                raise StepFailed
        case "refuse_if":
            if screen.shows(step, target):
                done.code = step.value
                return False
        case "read":
            done.results[step.into] = plain_text(screen.read(step, target), MAX_RESULT_CHARS).strip()
        case "download":
            done.downloads.append(screen.download(step, target))
        case _:
            screen.act(step, target, value)
    return True


def address_of(template: str, values: Values) -> str:
    """An address with its placeholders filled; a value never becomes another part of the address."""

    def quoted(found: object) -> str:
        text = plain_value(value_at(values, found[1]))  # type: ignore[index]  # a match
        safe = quote(text, safe="")
        return safe if safe.strip(".") else "-"

    return PLACEHOLDER.sub(quoted, template)
