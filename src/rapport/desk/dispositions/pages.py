"""The disposition of a conversation at the desk: shown, corrected, confirmed on resolving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.conversations import api as conversations
from rapport.conversations.contracts import DISPOSITION_FIELDS, ConversationInfo, Disposition, Status
from rapport.desk.dispositions.filling import propose_for, shown_disposition
from rapport.desk.dispositions.learning import learn_reason
from rapport.desk.dispositions.wording import (
    FIELDS,
    OUTCOMES,
    evidence_text,
    reason_choices,
    value_text,
)
from rapport.desk.lists import read_asked
from rapport.desk.views import conversation_or_404
from rapport.desk.wording import staff_language
from rapport.kernel.errors import InvalidInput

EDITABLE = tuple(name for name in DISPOSITION_FIELDS if name != "actions")
REQUIRED = ("reason", "outcome")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a value was read from."""

    text: str
    decision_id: int | None


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as it is shown."""

    name: str
    label: str
    value: str
    text: str
    state: str
    percent: int | None
    """Confidence [%]; None where a person has written the value."""
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class DispositionContext:
    """A disposition as it is shown, with what may be chosen."""

    conversation: ConversationInfo
    fields: tuple[FieldView, ...]
    values: Mapping[str, str]
    reasons: list[tuple[str, str]]
    outcomes: list[tuple[str, str]]
    causes: list[tuple[str, str]]
    is_required: bool
    is_ended: bool
    problem: str = ""

    @property
    def has_grounds(self) -> bool:
        """Whether any value was read from something."""
        return any(field.grounds for field in self.fields)


def disposition_context(
    info: ConversationInfo, shown: Disposition, *, is_ended: bool, problem: str = ""
) -> DispositionContext:
    """A disposition ready to be shown."""
    language = staff_language()
    rules = conversations.find_rules()
    causes = [(cause.key, cause.title) for cause in rules.causes]
    fields = tuple(_field(name, shown, dict(causes), language) for name in DISPOSITION_FIELDS)
    return DispositionContext(
        info,
        fields,
        {field.name: field.value for field in fields},
        _with(reason_choices(language), shown["reason"].value),
        [(key.value, str(label)) for key, label in OUTCOMES.items()],
        _with(causes, shown["root_cause"].value),
        rules.is_required,
        is_ended,
        problem,
    )


def _with(choices: list[tuple[str, str]], value: str) -> list[tuple[str, str]]:
    """The choices, and the present value where it is no longer among them."""
    return choices if not value or value in dict(choices) else [*choices, (value, value)]


def _field(name: str, shown: Disposition, causes: Mapping[str, str], language: str) -> FieldView:
    value = shown[name]
    percent = None if value.confidence is None else round(100 * value.confidence)
    grounds = tuple(
        Ground(evidence_text(item, language), item.get("ref") if item.get("kind") == "decision" else None)
        for item in value.evidence
    )
    grounds += tuple(Ground(str(item["ground"]), None) for item in value.evidence if item.get("ground"))
    text = (
        causes.get(value.value, value.value)
        if name == "root_cause"
        else value_text(name, value.value, language)
    )
    return FieldView(name, str(FIELDS[name]), value.value, text, value.state, percent, grounds)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.ANSWER)
def disposition(request: StaffRequest, number: int) -> HttpResponse:
    """What a conversation was about and how it ended; a POST corrects it."""
    info = conversation_or_404(number)
    is_ended = info.status is Status.RESOLVED
    problem = ""
    if request.method == "POST":
        try:
            settle(request, info, is_ended=is_ended)
        except InvalidInput as refusal:
            problem = str(refusal)
    shown = shown_disposition(info)
    context = disposition_context(info, shown, is_ended=is_ended, problem=problem)
    status = 422 if problem else 200
    return render(request, "desk/dispositions/panel.html", {"d": context}, status=status)


@never_cache
@require_safe
@require(Permission.ANSWER)
def resolving(request: StaffRequest, number: int) -> HttpResponse:
    """The dialog before resolving: filled in, one key to accept."""
    info = conversation_or_404(number)
    shown = shown_disposition(info, is_ended=True)
    context = disposition_context(info, shown, is_ended=True)
    return render(request, "desk/dispositions/resolving.html", {"d": context})


@never_cache
@require_safe
@require(Permission.ANSWER)
def filters(request: StaffRequest) -> HttpResponse:
    """What the list may be narrowed to."""
    context = {
        "asked": read_asked(request.GET),
        "reasons": reason_choices(staff_language()),
        "outcomes": [(key.value, str(label)) for key, label in OUTCOMES.items()],
    }
    return render(request, "desk/dispositions/filters.html", context)


def settle(request: StaffRequest, info: ConversationInfo, *, is_ended: bool) -> None:
    """Keep what a member of staff says; a corrected reason teaches understanding. Raises InvalidInput."""
    given = {name: request.POST[name] for name in EDITABLE if name in request.POST}
    proposals = propose_for(info, is_ended=is_ended)
    before = shown_disposition(info, proposals=proposals)
    check_reason(given.get("reason", ""), before["reason"].value)
    with transaction.atomic():
        conversations.settle_disposition(int(info.id), given, proposals, actor_id=int(request.staff.id))
        learn_reason(before, given.get("reason", ""), actor_id=int(request.staff.id))


def check_reason(given: str, shown: str) -> None:
    """Raises InvalidInput: a reason is a procedure or an intent, or what is there already."""
    known = {name for name, _title in reason_choices("en")} | {"", shown}
    if given not in known:
        raise InvalidInput(_("There is no such reason."), field="reason")


def is_asked_first() -> bool:
    """Whether reason and outcome must be said before a conversation is resolved at the desk."""
    return conversations.find_rules().is_required


def check_required(given: Mapping[str, str]) -> None:
    """Raises InvalidInput: the shop wants to know reason and outcome, and one is missing."""
    if is_asked_first() and not all(given.get(name) for name in REQUIRED):
        raise InvalidInput(_("Say the reason for contact and how it ended first."), field="reason")
