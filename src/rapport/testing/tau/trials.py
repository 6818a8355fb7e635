"""One conversation and what came of it; results are kept one JSON line each, so that a broken-off run goes on."""

from __future__ import annotations

import dataclasses
import fcntl
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rapport.kernel.errors import InvalidInput
from rapport.testing.retail.tasks import JsonDict

Mode = Literal["enforced", "off"]
MODES: tuple[Mode, ...] = ("enforced", "off")
NOT_COUNTED = "user_server"
"""Cause of a conversation that says nothing about the agent: the simulated customer was away. Held again later."""


@dataclass(slots=True)
class Trial:
    """One conversation."""

    mode: Mode
    task: str
    trial: int
    setup: str = ""
    """Digest of what must be equal for results to be put together."""
    is_success: bool = False
    is_state_equal: bool = False
    missing_outputs: list[str] = field(default_factory=list)
    cause: str = ""
    """Why it failed; empty for success."""
    detail: str = ""
    ended: str = ""
    """How: ``satisfied``, ``transferred``, ``lost`` (the customer's word) or ``turns`` (too many)."""
    turns: int = 0
    """Messages of the customer."""
    refused: list[str] = field(default_factory=list)
    """Rules by which something asked for was refused, in order."""
    invalid: list[str] = field(default_factory=list)
    """What the model said that is outside the form: unknown commands or tools, arguments that are no JSON."""
    unanswered: list[str] = field(default_factory=list)
    """Questions to the agent's model that got no answer: time-outs, errors."""
    writes: list[str] = field(default_factory=list)
    """Changes that were made in the shop, in order."""
    violations: list[str] = field(default_factory=list)
    """Rules that changes made without the policy broke (policy off)."""
    agent_calls: int = 0
    agent_tokens_in: int = 0
    agent_tokens_out: int = 0
    user_tokens_in: int = 0
    user_tokens_out: int = 0
    seconds: float = 0.0
    transcript: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, int]:
        """What identifies it within a run."""
        return self.mode, self.task, self.trial

    @property
    def is_counted(self) -> bool:
        """Whether it says anything about the agent."""
        return self.cause != NOT_COUNTED


class BadResults(InvalidInput):
    """A file of results cannot be gone on with."""

    code = "bad_results"


def digest(setup: JsonDict) -> str:
    """Of everything that results depend on: models, language, seed, files."""
    return hashlib.sha256(json.dumps(setup, sort_keys=True).encode()).hexdigest()[:16]


def read_trials(path: Path) -> list[Trial]:
    """The conversations of a file, the last one of each task and trial. Raises BadResults."""
    found: dict[tuple[str, str, int], Trial] = {}
    for trial in _lines(path):
        found[trial.key] = trial
    return list(found.values())


def _lines(path: Path) -> Iterator[Trial]:
    """A line cut short (the power went) is passed over when it is the last."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for number, line in enumerate(lines, 1):
        try:
            yield Trial(**json.loads(line))
        except (ValueError, TypeError) as problem:
            if number != len(lines):
                raise BadResults(f"{path.name}, line {number}, is no result: {problem}") from problem


def forget_cut_off(path: Path) -> None:
    """Take away what a run that was killed left half written at the end of the file."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if text and not text.endswith("\n"):
        path.write_text(text[: text.rfind("\n") + 1], encoding="utf-8")


def add_trial(path: Path, trial: Trial) -> None:
    """One more line; several processes may write to one file."""
    line = json.dumps(dataclasses.asdict(trial), ensure_ascii=False) + "\n"
    with path.open("a", encoding="utf-8") as out:
        fcntl.flock(out, fcntl.LOCK_EX)
        out.write(line)
