"""One question to the model from end to end: shielded, within the budget, remembered, validated, recorded."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import DatabaseError

from rapport.understanding.contracts import Context, Understanding
from rapport.understanding.language_model.budget import Budget
from rapport.understanding.language_model.client import ChatClient, estimate_tokens
from rapport.understanding.language_model.commands import Broken, Reading
from rapport.understanding.language_model.contracts import CallRecord, ChatAnswer, Ledger, Offer
from rapport.understanding.language_model.prompting import Prompt, write_prompt
from rapport.understanding.language_model.settings import LanguageModelSettings
from rapport.understanding.language_model.shielding import shield
from rapport.understanding.language_model.validating import read_answer

PURPOSE = "understand"
REMEMBERED = 2000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking came to."""

    reading: Reading | None
    """None: ask nobody else, the embedded engine's answer stands."""
    call: int | None = None
    """Number of the recorded call; None when none was made."""
    why_not: str = ""
    """Outcome or rule that left no reading: ``budget``, ``circuit_open``, ``timeout``, ``garbage`` …"""


class Asker:
    """Asks the model what a text means; never raises."""

    def __init__(
        self,
        settings: LanguageModelSettings,
        client: ChatClient,
        ledger: Ledger,
        offers: Callable[[], Sequence[Offer]],
    ) -> None:
        self.settings, self._client, self._ledger = settings, client, ledger
        self._offers = offers
        self.budget = Budget(settings.limits, ledger)
        self._answers = _Answers(REMEMBERED)

    def ask(self, read: Understanding, context: Context) -> Asked:
        """What the model reads in a text that the embedded engine has already read."""
        offers = tuple(self._offers())
        hidden = shield(read.text, context.asked, private=context.private, entities=read.entities)
        prompt = write_prompt(
            hidden.message,
            asked=hidden.asked,
            expects=context.expects,
            offers=offers,
            languages=context.languages,
        )
        digest = prompt.digest(self.settings.server.model)
        remembered = self._answers.get(digest)
        if remembered is not None:
            reading, call = remembered
            return Asked(hidden.restore(reading), call)
        if self._client.breaker.is_open:
            return Asked(None, why_not="circuit_open")
        with self.budget.reserve(context.conversation, self._at_most(prompt)) as is_covered:
            if not is_covered:
                return Asked(None, why_not="budget")
            answer = self._client.ask(prompt.messages, prompt.schema)
            found = _validated(answer, offers, context)
            number = self._record(prompt, digest, answer, found, context)
        if isinstance(found, Broken):
            return Asked(None, number, answer.outcome if answer.outcome != "answered" else "garbage")
        self._answers.put(digest, (found, number))
        return Asked(hidden.restore(found), number)

    def _at_most(self, prompt: Prompt) -> int:
        """What a call may cost, in millionths."""
        tokens = estimate_tokens(prompt.system) + estimate_tokens(prompt.user)
        return self.settings.prices.cost_micros(tokens, self.settings.server.max_tokens)

    def _record(
        self, prompt: Prompt, digest: str, answer: ChatAnswer, found: Reading | Broken, context: Context
    ) -> int | None:
        refused = "; ".join(found.problems) if isinstance(found, Reading) else found.reason
        is_garbage = isinstance(found, Broken) and answer.outcome == "answered"
        call = CallRecord(
            purpose=PURPOSE,
            server=self.settings.server.name,
            model=self.settings.server.model,
            conversation=context.conversation,
            prompt_digest=digest,
            prompt=prompt.user,
            output=answer.content,
            outcome="garbage" if is_garbage else answer.outcome,
            problem=answer.problem or refused,
            attempts=answer.attempts,
            tokens_in=answer.tokens_in,
            tokens_out=answer.tokens_out,
            cost_micros=self.settings.prices.cost_micros(answer.tokens_in, answer.tokens_out),
            dropped=found.dropped if isinstance(found, Reading) else 0,
            latency_ms=answer.latency_ms,
        )
        try:
            return self._ledger.record(call)
        except DatabaseError:
            _log.warning("a call of the language model could not be recorded", exc_info=True)
            return None


def _validated(answer: ChatAnswer, offers: Sequence[Offer], context: Context) -> Reading | Broken:
    if answer.outcome != "answered":
        return Broken(answer.problem or answer.outcome)
    return read_answer(answer.content, offers=offers, languages=context.languages, expects=context.expects)


class _Answers:
    """The latest answers by digest of the redacted question; they hold placeholders, no personal data."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Reading, int | None]] = OrderedDict()

    def get(self, digest: str) -> tuple[Reading, int | None] | None:
        with self._lock:
            found = self._kept.get(digest)
            if found is not None:
                self._kept.move_to_end(digest)
            return found

    def put(self, digest: str, answer: tuple[Reading, int | None]) -> None:
        with self._lock:
            self._kept[digest] = answer
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
