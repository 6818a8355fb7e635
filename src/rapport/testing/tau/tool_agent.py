"""The plain agent for comparison: a model with the written policy and the tools; its calls are performed as they come.

Nothing stands between the model and the shop, and nothing is taken out of what it reads: it sees names, addresses and
orders as the tools give them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapport.testing.retail.tasks import JsonDict
from rapport.testing.tau.chat import Chat, ChatFailed, ToolCall
from rapport.testing.tau.tool_shop import NoSuchTool, ToolProblem, ToolShop
from rapport.testing.tau.trials import Trial
from rapport.testing.tau.user import SimulatedUser

GREETING = "Hello. What can I do for you?"
MAX_CALLS = 30
"""Calls of tools between two messages to the customer: more is a loop."""
_SHOWN = 300


@dataclass(slots=True)
class ToolTalk:
    """One conversation."""

    chat: Chat
    shop: ToolShop
    policy: str
    tools: Sequence[JsonDict]
    most_turns: int = 40
    said: list[str] = field(default_factory=list)
    _messages: list[JsonDict] = field(default_factory=list)

    def hold(self, trial: Trial, user: SimulatedUser) -> str:
        """Let the customer talk to the end; everything the agent said, as one text.

        Raises ChatFailed where the customer does not answer; an agent that does not ends the conversation.
        """
        self._messages = [
            {"role": "system", "content": self.policy},
            {"role": "assistant", "content": GREETING},
        ]
        heard = GREETING
        while True:
            trial.transcript.append(f"agent: {heard}")
            said = user.respond(heard)
            if said.text:
                trial.transcript.append(f"customer: {said.text}")
            trial.ended = said.end or ("turns" if trial.turns == self.most_turns else "")
            if trial.ended:
                break
            trial.turns += 1
            self._messages.append({"role": "user", "content": said.text or "..."})
            try:
                heard = self._answer(trial)
            except ChatFailed as problem:
                trial.unanswered.append(problem.outcome)
                trial.cause, trial.detail = "agent_server", str(problem)
                break
            self.said.append(heard)
            if self.shop.is_transferred:
                trial.ended = "transferred"
                trial.transcript.append(f"agent: {heard}")
                break
        self._count(trial)
        return "\n".join(self.said)

    def _answer(self, trial: Trial) -> str:
        """Calls of tools until the model says something. Raises ChatFailed."""
        for _ in range(MAX_CALLS):
            answer = self.chat.ask(self._messages, self.tools)
            self._messages.append(answer.message)
            if not answer.tool_calls:
                return answer.content
            for call in answer.tool_calls:
                result = self._perform(call, trial)
                self._messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
                trial.transcript.append(f"tool: {call.name} {call.arguments} -> {result[:_SHOWN]}")
            if self.shop.is_transferred:
                return answer.content
        trial.invalid.append("a loop of calls")
        return ""

    def _perform(self, call: ToolCall, trial: Trial) -> str:
        try:
            return self.shop.call(call.name, _arguments(call))
        except NoSuchTool as problem:
            trial.invalid.append(str(problem))
            return f"Error: {problem}"
        except ToolProblem as problem:
            trial.refused.append(str(problem))
            return f"Error: {problem}"

    def _count(self, trial: Trial) -> None:
        spent = self.chat.spent
        trial.agent_calls = spent.calls
        trial.agent_tokens_in, trial.agent_tokens_out = spent.tokens_in, spent.tokens_out
        trial.writes = [f"{w.name} {w.arguments}" for w in self.shop.writes]


def _arguments(call: ToolCall) -> JsonDict:
    """The arguments as an object. Raises NoSuchTool."""
    try:
        found = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError) as problem:
        raise NoSuchTool(f"{call.name}: the arguments are no JSON") from problem
    if not isinstance(found, dict):
        raise NoSuchTool(f"{call.name}: the arguments are no object")
    return found
