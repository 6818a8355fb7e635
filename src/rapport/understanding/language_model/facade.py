"""What the wiring, the commands and the screens use of the language-model engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rapport.understanding.contracts import Engine
from rapport.understanding.language_model.asking import Asker
from rapport.understanding.language_model.cascade import CascadeEngine
from rapport.understanding.language_model.client import ChatClient
from rapport.understanding.language_model.contracts import CallRecord, ChatAnswer, Offer
from rapport.understanding.language_model.drafting import Drafted, Drafter
from rapport.understanding.language_model.engine import LanguageModelEngine
from rapport.understanding.language_model.jobs import SCHEDULES, job_kinds
from rapport.understanding.language_model.ledger import DatabaseLedger, forget_conversation
from rapport.understanding.language_model.prompting import write_prompt
from rapport.understanding.language_model.queries import (
    CallInfo,
    Usage,
    describe,
    list_recent_calls,
    usage_since,
)
from rapport.understanding.language_model.settings import LanguageModelSettings, Use

__all__ = [
    "SCHEDULES",
    "CallInfo",
    "Drafted",
    "LanguageModelSettings",
    "Offer",
    "Usage",
    "Use",
    "describe",
    "draft_text",
    "forget_conversation",
    "job_kinds",
    "list_recent_calls",
    "make_engine",
    "probe",
    "usage_since",
]


def make_engine(
    settings: LanguageModelSettings, embedded: Engine, *, use: Use, offers: Callable[[], Sequence[Offer]]
) -> Engine:
    """The engine that asks the server, where the embedded one abstains or always; calls go on record."""
    asker = Asker(settings, ChatClient(settings.server), DatabaseLedger(), offers)
    model = LanguageModelEngine(embedded, asker)
    return model if use == "always" else CascadeEngine(embedded, model)


def draft_text(settings: LanguageModelSettings, purpose: str, *, system: str, user: str) -> Drafted:
    """A text for staff, made of texts without personal data; what comes back is a proposal and no more."""
    return Drafter(settings, DatabaseLedger(), lambda: ChatClient(settings.server)).draft(
        purpose, system, user
    )


def probe(settings: LanguageModelSettings) -> tuple[ChatAnswer, str]:
    """Ask the server one harmless question, on record; the answer and the form of output it accepted."""
    server, client = settings.server, ChatClient(settings.server)
    prompt = write_prompt("Hello", asked="", expects=None, offers=(), languages=("en",))
    answer = client.ask(prompt.messages, prompt.schema)
    client.close()
    call = CallRecord(
        purpose="probe",
        server=server.name,
        model=server.model,
        conversation="",
        prompt_digest=prompt.digest(server.model),
        prompt=prompt.user,
        output=answer.content,
        outcome=answer.outcome,
        problem=answer.problem,
        attempts=answer.attempts,
        tokens_in=answer.tokens_in,
        tokens_out=answer.tokens_out,
        cost_micros=settings.prices.cost_micros(answer.tokens_in, answer.tokens_out),
        latency_ms=answer.latency_ms,
    )
    DatabaseLedger().record(call)
    return answer, client.mode
