"""A text that staff asked of the language model: within the budget, on record, checked by whoever asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from rapport.understanding.language_model.budget import Budget
from rapport.understanding.language_model.client import ChatClient, estimate_tokens
from rapport.understanding.language_model.contracts import CallRecord, ChatAnswer, Ledger, Message
from rapport.understanding.language_model.settings import LanguageModelSettings

SCHEMA = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}
MAX_CHARS = 8_000


@dataclass(frozen=True, slots=True)
class Drafted:
    """A text, or why there is none."""

    text: str = ""
    why_not: str = ""
    """``budget``, ``timeout``, ``garbage`` … ; empty with a text."""


@dataclass(frozen=True, slots=True)
class Drafter:
    """Asks for texts that hold no personal data: nothing is replaced before it is sent."""

    settings: LanguageModelSettings
    ledger: Ledger
    open_client: Callable[[], ChatClient]

    def draft(self, purpose: str, system: str, user: str) -> Drafted:
        """What the model writes; never raises for what a server does."""
        server, prices = self.settings.server, self.settings.prices
        at_most = prices.cost_micros(estimate_tokens(system) + estimate_tokens(user), server.max_tokens)
        with Budget(self.settings.limits, self.ledger).reserve("", at_most) as is_covered:
            if not is_covered:
                return Drafted(why_not="budget")
            client = self.open_client()
            try:
                answer = client.ask([Message("system", system), Message("user", user)], SCHEMA)
            finally:
                client.close()
            text = _text(answer)
            self._record(purpose, system, user, answer, is_text=bool(text))
        if text:
            return Drafted(text)
        return Drafted(why_not=answer.outcome if answer.outcome != "answered" else "garbage")

    def _record(self, purpose: str, system: str, user: str, answer: ChatAnswer, *, is_text: bool) -> None:
        server = self.settings.server
        is_garbage = answer.outcome == "answered" and not is_text
        self.ledger.record(
            CallRecord(
                purpose=purpose,
                server=server.name,
                model=server.model,
                conversation="",
                prompt_digest=sha256(f"{server.model}\n{system}\n{user}".encode()).hexdigest(),
                prompt=user,
                output=answer.content,
                outcome="garbage" if is_garbage else answer.outcome,
                problem=answer.problem,
                attempts=answer.attempts,
                tokens_in=answer.tokens_in,
                tokens_out=answer.tokens_out,
                cost_micros=self.settings.prices.cost_micros(answer.tokens_in, answer.tokens_out),
                latency_ms=answer.latency_ms,
            )
        )


def _text(answer: ChatAnswer) -> str:
    """The text of a well-formed answer; empty for another."""
    if answer.outcome != "answered":
        return ""
    content = answer.content.strip().removeprefix("```json").removeprefix("```").removesuffix("```")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    text = found.get("text") if isinstance(found, dict) else None
    return text.strip() if isinstance(text, str) and len(text) <= MAX_CHARS else ""
