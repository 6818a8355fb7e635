"""All conversations of one process, each kept as soon as it has ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from rapport.testing.retail.sandbox import Sandbox
from rapport.testing.retail.tasks import JsonDict
from rapport.testing.tau.auditing import list_violations
from rapport.testing.tau.chat import Chat, ChatFailed
from rapport.testing.tau.enforced import EnforcedTalk
from rapport.testing.tau.judging import judge
from rapport.testing.tau.setup import Setup
from rapport.testing.tau.tasks import TauTask
from rapport.testing.tau.tool_agent import ToolTalk
from rapport.testing.tau.tool_shop import ToolShop
from rapport.testing.tau.trials import NOT_COUNTED, Mode, Trial, add_trial
from rapport.testing.tau.user import SimulatedUser

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """One process's part."""

    setup: Setup
    digest: str
    sandbox: Sandbox
    snapshot: JsonDict
    results: Path

    def hold_all(
        self,
        tasks: Sequence[TauTask],
        done: set[tuple[str, str, int]],
        tell: Callable[[Trial], None] = lambda _trial: None,
    ) -> None:
        """Hold what is not done yet, trial by trial, so that a broken-off run has something of every task."""
        for mode, task, number in self._wanted(tasks):
            if (mode, task.id, number) in done:
                continue
            trial = self.hold(mode, task, number)
            add_trial(self.results, trial)
            tell(trial)

    def _wanted(self, tasks: Sequence[TauTask]) -> Iterator[tuple[Mode, TauTask, int]]:
        for number in range(self.setup.k):
            for task in tasks:
                for mode in self.setup.modes:
                    yield mode, task, number

    def hold(self, mode: Mode, task: TauTask, number: int) -> Trial:
        """One conversation, judged. Never raises: what goes wrong is the trial's cause."""
        started = time.monotonic()
        trial = Trial(mode, task.id, number, self.digest)
        seed = self.setup.seed * 1000 + number
        chat = Chat(self.setup.user, seed=seed)
        user = SimulatedUser(chat, task.instruction, self.setup.language)
        try:
            if mode == "enforced":
                self._enforced(trial, task, user)
            else:
                self._off(trial, task, user, seed)
        except ChatFailed as problem:
            trial.cause, trial.detail = NOT_COUNTED, str(problem)
        except Exception as problem:  # noqa: BLE001 - a long run outlives one conversation
            trial.cause, trial.detail = "broke", f"{type(problem).__name__}: {problem}"[:300]
            _log.warning("tau.broke", task=task.id, mode=mode, exc_info=True)
        finally:
            chat.close()
        trial.user_tokens_in, trial.user_tokens_out = chat.spent.tokens_in, chat.spent.tokens_out
        trial.seconds = round(time.monotonic() - started, 2)
        trial.is_success = trial.is_success and not trial.cause
        return trial

    def _enforced(self, trial: Trial, task: TauTask, user: SimulatedUser) -> None:
        self.sandbox.shop.reset()
        said = EnforcedTalk(self.sandbox, self.setup.most_turns).hold(trial, user)
        judge(trial, task, self.snapshot, self.sandbox.shop.read(), said)

    def _off(self, trial: Trial, task: TauTask, user: SimulatedUser, seed: int) -> None:
        shop, chat = ToolShop(self.snapshot), Chat(self.setup.agent, seed=seed)
        talk = ToolTalk(chat, shop, self.setup.policy, self.setup.tools, self.setup.most_turns)
        try:
            said = talk.hold(trial, user)
        finally:
            chat.close()
        judge(trial, task, self.snapshot, shop.state, said)
        run = f"audit-{task.id}-{trial.trial}-{time.monotonic_ns()}"
        trial.violations = list_violations(self.sandbox, shop.customer_ref, shop.writes, run)
