"""The frame of the workbench: its tabs, the state of training, the engine and the workshop it works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest
from rapport.accounts.contracts import Permission
from rapport.understanding import api as understanding
from rapport.understanding.api import learning
from rapport.understanding.contracts import Engine

SECTIONS: tuple[tuple[str, Promise, str], ...] = (
    ("understanding:home", gettext_lazy("Try"), "flask-conical"),
    ("understanding:queue", gettext_lazy("To label"), "list-checks"),
    ("understanding:examples", gettext_lazy("Examples"), "tags"),
    ("understanding:intents", gettext_lazy("Intents"), "layers"),
    ("understanding:confusions", gettext_lazy("Confusions"), "shuffle"),
    ("understanding:versions", gettext_lazy("Versions"), "history"),
    ("understanding:drift", gettext_lazy("Drift"), "chart-line"),
    ("understanding:log", gettext_lazy("Correction log"), "notebook-pen"),
)
REASONS = {
    "correction": gettext_lazy("Corrected by a colleague"),
    "clarified": gettext_lazy("The customer chose this meaning"),
    "resolved": gettext_lazy("The request went through"),
    "abstained": gettext_lazy("Below the threshold"),
    "narrow": gettext_lazy("Two meanings are close"),
    "disagreement": gettext_lazy("The nearest example says otherwise"),
    "random": gettext_lazy("Drawn at random, to measure"),
    "unlabelled": gettext_lazy("Came without a label"),
    "rolled_back": gettext_lazy("Set aside by a roll-back"),
}
FAILURES = {
    "accuracy": gettext_lazy("Significantly fewer held-out texts are read rightly."),
    "risk": gettext_lazy("More of the answered are wrong than was asked for."),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One section as shown."""

    url: str
    label: str
    icon: str
    is_current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class TrainingStatus:
    """What the latest training came to, or that one is on its way."""

    is_due: bool
    outcome: learning.TrainingOutcome
    failures: tuple[str, ...]
    alarms: int


def show(
    request: StaffRequest, template: str, current: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the workbench; `current` is the section's URL name."""
    waiting = sum(learning.count_queue().values())
    tabs = [
        Tab(
            reverse(name),
            str(label),
            icon,
            name == current,
            waiting if name == "understanding:queue" else None,
        )
        for name, label, icon in SECTIONS
    ]
    shown = {
        "tabs": tabs,
        "training": training_status(),
        "may_publish": Permission.CONFIGURE in request.staff.permissions,
        **context,
    }
    return render(request, f"desk/workbench/{template}", shown, status=status)


def training_status() -> TrainingStatus:
    """The strip below the tabs."""
    outcome = learning.last_outcome()
    failures = tuple(failure_text(name) for name in outcome.failures)
    return TrainingStatus(learning.is_training_due(), outcome, failures, len(learning.list_alarms()))


def failure_text(name: str) -> str:
    """Why a version did not pass, in a sentence."""
    kind, _, code = name.partition(":")
    if kind == "language":
        return str(gettext_lazy("Texts in %(code)s lose more than allowed.")) % {"code": code}
    return str(FAILURES.get(kind, name))


def reason_text(name: str) -> str:
    """Why a text waits for a label."""
    return str(REASONS.get(name, name))


def engine() -> Engine:
    """The embedded engine of this process, as ``settings.UNDERSTANDING_ENGINE`` names it."""
    found: Engine = import_string(settings.UNDERSTANDING_ENGINE)()
    return found


def workshop() -> learning.Workshop:
    """Where models are trained and kept, as ``settings.UNDERSTANDING_WORKSHOP`` names it."""
    found: learning.Workshop = import_string(settings.UNDERSTANDING_WORKSHOP)()
    return found


def current_version() -> str | None:
    """The version in force."""
    return understanding.current_version(workshop().model_dir)


def staff_names() -> dict[int, str]:
    """Who stands behind the ids in the log."""
    return {int(a.staff.id): a.staff.name for a in accounts.list_accounts()}


def is_partial(request: HttpRequest) -> bool:
    """Whether a part of the page is asked for, not the whole."""
    return request.headers.get("HX-Request") == "true"
