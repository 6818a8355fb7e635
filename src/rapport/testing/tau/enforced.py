"""This system's own conversation path: the model proposes commands of the closed list, the policy decides.

The simulated customer meets the public chat API with nothing but text. The model is asked as in production: one
message and the open question, personal data replaced, within the deadline; without its answer the embedded engine's
reading stands. Confirmation comes from the customer's plain words.
"""

from __future__ import annotations

from dataclasses import dataclass

from rapport.connectors import api as connectors
from rapport.conversations.models import Conversation
from rapport.governance import api as governance
from rapport.testing.retail.public_api import ApiProblem, PublicApi
from rapport.testing.retail.sandbox import Sandbox
from rapport.testing.tau.showing import show
from rapport.testing.tau.trials import Trial
from rapport.testing.tau.user import SimulatedUser
from rapport.understanding.models import LanguageModelCall

READS = ("shop.get_order", "shop.list_orders", "shop.list_gift_cards", "shop.find_product")
NOTHING_SAID = "(no answer)"


@dataclass(frozen=True, slots=True)
class EnforcedTalk:
    """Conversations with the system of a sandbox."""

    sandbox: Sandbox
    most_turns: int = 40

    def hold(self, trial: Trial, user: SimulatedUser) -> str:
        """Let the customer talk to the end; everything the system said, as one text. Raises ChatFailed."""
        front_end = self.sandbox.front_end()
        try:
            self._talk(trial, user, front_end)
        except ApiProblem as problem:
            trial.cause, trial.detail = "api", str(problem)[:300]
        finally:
            if front_end.number:
                _read_records(trial, front_end)
        return "\n".join(show(m) for m in front_end.shown if m["message_type"] != 0)

    def _talk(self, trial: Trial, user: SimulatedUser, front_end: PublicApi) -> None:
        front_end.open(user.language)
        self.sandbox.settle()
        while True:
            spoken = [show(m) for m in front_end.fetch() if m["message_type"] != 0]
            heard = "\n\n".join(spoken) or NOTHING_SAID
            trial.transcript.append(f"agent: {heard}")
            if front_end.owner() != "assistant":
                trial.ended = "transferred"
                return
            said = user.respond(heard)
            if said.text:
                trial.transcript.append(f"customer: {said.text}")
            trial.ended = said.end or ("turns" if trial.turns == self.most_turns else "")
            if trial.ended:
                return
            front_end.say(said.text or "...")
            trial.turns += 1
            self.sandbox.settle()


def _read_records(trial: Trial, front_end: PublicApi) -> None:
    """What is on record: rules that refused, calls of the model, changes made."""
    found = Conversation.objects.get(display_id=front_end.number)
    for decision in governance.list_decisions(found.pk):
        trial.refused += [str(r["name"]) for r in decision.draft.rules if not r["held"]]
    for call in connectors.list_calls(found.pk):
        if call.action in READS or not call.action.startswith("shop."):
            continue
        if call.state == "done":
            trial.writes.append(f"{call.action} {call.arguments}")
        elif call.code:
            trial.refused.append(call.code)
    for row in LanguageModelCall.objects.filter(conversation=found.uuid).order_by("id"):
        trial.agent_calls += 1
        trial.agent_tokens_in += row.tokens_in
        trial.agent_tokens_out += row.tokens_out
        if row.outcome == "garbage":
            trial.invalid.append(row.problem or "garbage")
        elif row.outcome != "answered":
            trial.unanswered.append(row.outcome)
        elif row.dropped:
            trial.invalid += row.problem.split("; ")
