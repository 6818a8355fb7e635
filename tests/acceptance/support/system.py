"""The whole system in the test's process: HTTP in, the turn's job run at once, rows to look at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core import mail
from tests.acceptance.support.shop import SECRET, RunningShop

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Staff
from rapport.assistant import api as assistant
from rapport.channels.kinds.voice.jobs import KINDS as VOICE_KINDS
from rapport.connectors import api as connectors
from rapport.connectors.models import ActionCall
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo
from rapport.conversations.jobs import KINDS as CONVERSATION_KINDS
from rapport.desk import jobs as desk
from rapport.governance.models import Decision
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.knowledge import api as knowledge
from rapport.knowledge.contracts import Searcher
from rapport.procedures.api import definition_files
from rapport.procedures.models import Procedure, ProcedureVersion
from rapport.procedures.queries import _cache as book_cache
from rapport.testing.scripted_engine import ScriptedEngine

DEMO = Path(__file__).resolve().parents[3] / "demo"
ATTENTION_S = 5
"""How far ahead jobs are run after each of the customer's moves: typing pauses, not the queue's news."""


class _Definitions:
    """The demonstration's procedures, parsed once per process."""

    def __init__(self) -> None:
        self.sources = {p.stem: p.read_text(encoding="utf-8") for p in definition_files(DEMO / "procedures")}
        self.parsed: dict[tuple[str, int], Any] = {}

    def install(self) -> None:
        """Publish them in this test's database."""
        for name, source in self.sources.items():
            row = Procedure.objects.create(name=name, published_version=1)
            ProcedureVersion.objects.create(procedure=row, version=1, source=source, digest=name)
        book_cache._parsed.update(self.parsed)
        from rapport.procedures.api import load_book

        load_book()
        self.parsed = dict(book_cache._parsed)


_definitions: list[_Definitions] = []


def install_procedures() -> None:
    """The demonstration's procedures in force."""
    if not _definitions:
        _definitions.append(_Definitions())
    _definitions[0].install()


class NoArticles:
    """A searcher for tests in which nothing is to be found."""

    def search(self, text: str, *, language: str, audience: str = "customers", limit: int = 5) -> list[Any]:
        return []


@dataclass
class System:
    """What a test may do with the system besides being its customer."""

    inbox: InboxInfo
    shop: RunningShop
    registry: jobs.Registry
    runner: assistant.TurnRunner
    agent: Staff

    def settle(self, seconds: float = ATTENTION_S, *, is_strict: bool = True) -> None:
        """Run what is due within so many seconds; a job that fails fails the test if `is_strict`."""
        jobs.run_due(
            self.registry,
            now() + dt.timedelta(seconds=seconds),
            subscriptions=desk.SUBSCRIPTIONS,
            is_strict=is_strict,
        )

    def calls(self, conversation_id: int) -> list[ActionCall]:
        """Actions of a conversation, oldest first."""
        return list(ActionCall.objects.filter(conversation_id=conversation_id).order_by("id"))

    def decisions(self, conversation_id: int) -> list[Decision]:
        """Decisions of a conversation, oldest first."""
        return list(Decision.objects.filter(conversation_id=conversation_id).order_by("id"))

    @property
    def outbox(self) -> list[Any]:
        """Mails sent so far."""
        return list(mail.outbox)


def make_system(shop: RunningShop, searcher: Searcher | None = None) -> System:
    """Inbox, staff, teams, procedures and the shop's connection in this test's database."""
    install_procedures()
    connectors.save_connector("shop", "shop", shop.url, SECRET)
    connectors.connect_by_form("document", "documents", {"shop": "Lumen & Oak\nMill Lane 1\nYork"})
    agent = accounts.create_staff("ada@example.com", "Ada Agent", "agent")
    accounts.create_team("care", "Customer care", (agent.pk,))
    inbox = conversations.create_inbox("API", "api", settings={"brand": "Lumen & Oak", "debounce_ms": 40})
    runner = assistant.TurnRunner(ScriptedEngine(), searcher or NoArticles())
    kinds = (
        *assistant.job_kinds(runner),
        *CONVERSATION_KINDS,
        *VOICE_KINDS,
        *desk.KINDS,
        *knowledge.job_kinds(None),
    )
    staff = accounts.find_staff(agent.pk)
    assert staff is not None
    return System(inbox, shop, jobs.Registry(kinds), runner, staff)
