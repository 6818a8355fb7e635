"""The register of models: which version is in use, what it was trained on, how well it does."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.desk.oversight.pages import show
from rapport.desk.workbench.pages import current_version
from rapport.governance import api as governance
from rapport.governance.contracts import ModelInfo
from rapport.understanding import api as understanding


@dataclass(frozen=True, slots=True)
class ModelCardView:
    """A model version with the figures of its report; None where the report has none."""

    info: ModelInfo
    rows: int | None
    labels: tuple[str, ...]
    accuracy: float | None
    """Share of held-out texts read rightly, 0..1."""
    coverage: float | None
    """Share of held-out texts it dares to answer, 0..1."""
    error_rate: float | None
    """Wrong among answered, 0..1."""
    threshold: float | None
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutsideView:
    """The language model outside: what is configured, what it did and cost today."""

    model: str
    server: str
    use: str
    calls: int
    most_calls: int
    answered: int
    cost: float
    most_cost: float
    currency: str
    latency_ms: float | None


@never_cache
@require_safe
@require(Permission.SUPERVISE)
def model_list(request: StaffRequest) -> HttpResponse:
    """Every model version that was put to use."""
    in_force = current_version()
    cards = [_card(info) for info in governance.list_models()]
    is_known = any(card.info.version == in_force for card in cards)
    current = [c for c in cards if (c.info.version == in_force if is_known else c.info.is_newest)]
    context = {
        "current": current,
        "earlier": [c for c in cards if c not in current],
        "outside": _outside(),
        "calls": understanding.language_model.list_recent_calls(),
    }
    return show(request, "models.html", "governance:models", context)


def _outside() -> OutsideView | None:
    configured = settings.CONFIG.language_model
    if configured is None:
        return None
    today = understanding.language_model.usage_since()
    return OutsideView(
        model=configured.server.model,
        server=configured.server.name,
        use=configured.use,
        calls=today.calls,
        most_calls=configured.limits.daily_calls,
        answered=today.answered,
        cost=today.cost,
        most_cost=configured.limits.daily_cost,
        currency=configured.prices.currency,
        latency_ms=today.latency_ms,
    )


def _card(info: ModelInfo) -> ModelCardView:
    report = info.report
    rows = report.get("rows")
    return ModelCardView(
        info=info,
        rows=rows if isinstance(rows, int) else None,
        labels=tuple(str(x) for x in report.get("labels") or ()),
        accuracy=_share(report.get("accuracy")),
        coverage=_share(report.get("coverage")),
        error_rate=_share(report.get("error_rate")),
        threshold=_share(report.get("threshold")),
        problems=tuple(str(x) for x in report.get("problems") or ()),
    )


def _share(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
