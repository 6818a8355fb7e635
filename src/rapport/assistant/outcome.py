"""What a turn came to: everything the reply, the decision and the stored state are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rapport.assistant.driver import Run
from rapport.assistant.identity_steps import Proven
from rapport.assistant.logic.choosing import Candidate
from rapport.assistant.models import OneTimeCode
from rapport.assistant.quoting import Quoted
from rapport.knowledge.contracts import Hit
from rapport.procedures import api as procedures
from rapport.procedures.contracts import HandOver
from rapport.understanding.contracts import Understanding


@dataclass(slots=True)
class Outcome:
    """What a turn came to; everything `storing` needs."""

    language: str
    run: Run
    texts: list[str] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)
    """Choices offered outside procedures; empty when the interpreter asks."""
    content_type: str = "text"
    steps: list[Candidate] = field(default_factory=list)
    considered: list[Candidate] = field(default_factory=list)
    reads: list[Understanding] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    quoted: list[Quoted] = field(default_factory=list)
    """Articles quoted, with the choice of their wording."""
    clicked: str = ""
    handover: HandOver | None = None
    misses: int = 0
    identification: dict[str, Any] = field(default_factory=dict)
    proven: Proven | None = None
    code: tuple[OneTimeCode, str] | None = None
    """A prepared code and its address, to be stored with the reply."""
    asks_identity: bool = False
    woken: list[procedures.Woken] = field(default_factory=list)
    """Waits that were taken up."""
