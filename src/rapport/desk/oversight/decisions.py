"""The register of decisions: newest first, by conversation, and each with its full record."""

from __future__ import annotations

import dataclasses
import json
import re

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.conversations import api as conversations
from rapport.desk.oversight.pages import show
from rapport.desk.panels import decision_context
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionInfo

PAGE_ROWS = 30
_NUMBER = re.compile(r"#?([0-9]{1,11})", re.ASCII)


@dataclasses.dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision in the list."""

    info: DecisionInfo
    number: int | None
    """Of the conversation."""


@never_cache
@require_safe
@require(Permission.SUPERVISE)
def decision_list(request: StaffRequest) -> HttpResponse:
    """Decisions of one conversation, oldest first; without a number the latest of all."""
    asked = request.GET.get("number", "").strip()
    following: int | None = None
    if asked:
        found = _decisions_of(asked)
    else:
        found, following = governance.list_recent_decisions(
            before=read_id(request.GET.get("before", "")), limit=PAGE_ROWS
        )
    numbers = conversations.numbers_of(d.draft.conversation_id for d in found if d.draft.conversation_id)
    lines = [DecisionLine(d, numbers.get(d.draft.conversation_id or 0)) for d in found]
    context = {"lines": lines, "asked": asked, "following": following}
    return show(request, "decisions.html", "governance:decisions", context)


def read_id(text: str) -> int | None:
    """A row id out of an address; None when it is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) else None


def _decisions_of(asked: str) -> list[DecisionInfo]:
    number = _NUMBER.fullmatch(asked)
    info = conversations.find_conversation_by_number(int(number[1])) if number else None
    return governance.list_decisions(info.id) if info else []


@never_cache
@require_safe
@require(Permission.SUPERVISE)
def decision(request: StaffRequest, decision_id: int) -> HttpResponse:
    """One decision in words, and the record as it is stored."""
    found = governance.find_decision(decision_id)
    if found is None:
        raise Http404
    of = found.draft.conversation_id
    record = {"id": found.id, "at": found.at.isoformat(), **dataclasses.asdict(found.draft)}
    context = {
        "decision": decision_context(found),
        "number": conversations.numbers_of([of]).get(of) if of else None,
        "record": json.dumps(record, ensure_ascii=False, indent=2, default=str),
    }
    return show(request, "decision.html", "governance:decisions", context)
