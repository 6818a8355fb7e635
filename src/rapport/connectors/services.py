"""Calls to connected systems: intent before, result after, each key at most once, own records only."""

from __future__ import annotations

import functools
import threading
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.connectors import limits, opening
from rapport.connectors.contracts import (
    Action,
    ActionEffect,
    ActionRequest,
    ActionSystem,
    CallOutcome,
    ConnectorDown,
    ConnectorInfo,
    JsonDict,
    Principal,
    RateLimited,
    Record,
    ShopSystem,
    UnknownOutcome,
)
from rapport.connectors.declared import as_records, declared_actions, record_types
from rapport.connectors.forms import lines_of
from rapport.connectors.kinds.shop.client import ShopClient
from rapport.connectors.kinds.shop.system import Shop
from rapport.connectors.models import ActionCall, Connector
from rapport.connectors.remembering import forget_answers, once
from rapport.connectors.sealing import seal, unseal
from rapport.connectors.selling.platform import PlatformShop
from rapport.connectors.shops import ACTIONS as _ACTIONS
from rapport.connectors.shops import PLATFORMS, offered, offered_types, open_platform
from rapport.conversations import api as conversations
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound

NOT_OFFERED = CallOutcome(ok=False, code="not_offered", message="The connected shop does not do this.")
UNAVAILABLE = CallOutcome(ok=False, code="unavailable", message="The connected system did not answer.")
OUTCOME_UNKNOWN = CallOutcome(
    ok=False, code="outcome_unknown", message="A person must look whether it happened."
)


def save_connector(key: str, kind: str, base_url: str, secret: str, settings: JsonDict | None = None) -> None:
    """Create or change a connected system."""
    Connector.objects.update_or_create(
        key=key,
        defaults={
            "kind": kind,
            "base_url": base_url,
            "secret": seal(secret),
            "settings": settings or {},
            "updated_at": now(),
        },
    )
    _open.cache_clear()


def change_connector(info: ConnectorInfo, secret: str = "") -> None:
    """Make a connected system as described, or create it; an empty secret keeps the present one.

    Raises InvalidInput when the address names another host, or one without encryption: a key is never sent where
    it was not meant to go.
    """
    known = Connector.objects.filter(key=info.key).first()
    if known and known.secret and not secret and _hosts(known) != _hosts(info):
        raise InvalidInput(_("Enter the key again: it was entered for another address."), field="secret")
    values: JsonDict = {
        "kind": info.kind,
        "base_url": info.base_url,
        "settings": info.settings,
        "is_enabled": info.is_enabled,
        "updated_at": now(),
    }
    if secret:
        values["secret"] = seal(secret)
    Connector.objects.update_or_create(key=info.key, defaults=values)
    _open.cache_clear()


def check_connector(key: str) -> str:
    """Ask a connected system a harmless question, enabled or not; what came back. Raises NotFound, ConnectorDown."""
    row = Connector.objects.filter(key=key).first()
    if row is None:
        raise NotFound
    if row.kind in PLATFORMS:
        return open_platform(row).check()
    if row.kind != "shop":
        return opening.open_system(row).check()
    nobody = Principal("", "check")
    if not _open(row.base_url, row.secret, "EUR").list_records("shop.product", nobody, {}):
        raise ConnectorDown("no catalogue at this address")
    return ""


def _hosts(system: Connector | ConnectorInfo) -> tuple[str, str, frozenset[str]]:
    """Where the secret is sent to, and whether encrypted."""
    token_url = str(system.settings.get("login", {}).get("token_url", ""))
    others = lines_of(str(system.settings.get("form", {}).get("hosts", "")))
    return _origin(system.base_url), _origin(token_url), frozenset(others)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


_lock = threading.Lock()


@functools.lru_cache(maxsize=32)
def _open(base_url: str, sealed: str, currency: str) -> Shop:
    return Shop(ShopClient(base_url, unseal(sealed)), default_currency=currency)


def shop() -> ShopSystem:
    """The connected shop. Raises ConnectorDown when none is configured."""
    row = _shop_row()
    if row is None:
        raise ConnectorDown("no shop is connected")
    with _lock:
        if row.kind in PLATFORMS:
            return open_platform(row)
        return _open(row.base_url, row.secret, str(row.settings.get("currency", "EUR")))


def _shop_row() -> Connector | None:
    return once("shop", lambda: Connector.objects.filter(key="shop", is_enabled=True).first())


def find_shop_customer(*, email: str = "", order_id: str = "", customer_ref: str = "") -> JsonDict | None:
    """A customer's record in the shop. Raises ConnectorDown."""
    return shop().find_customer(email=email, order_id=order_id, customer_ref=customer_ref)


def find_shop_customer_by_name(first_name: str, last_name: str, zip_code: str) -> JsonDict | None:
    """The one customer of that name at that postal code. Raises ConnectorDown."""
    return shop().find_customer_by_name(first_name, last_name, zip_code)


def list_records(type_: str, principal: Principal, of: JsonDict) -> list[Record]:
    """Records a slot may hold. Raises ConnectorDown."""
    if type_.startswith("shop."):
        return shop().list_records(type_, principal, of)
    row = _row(type_)
    listed = record_types(declared_actions(row.settings)).get(type_) if row else None
    action = find_action(listed.action) if listed else None
    if row is None or listed is None or (action and action.is_personal and not principal.customer_ref):
        return []
    arguments = {name: _argument(of.get(name)) for name in listed.arguments}
    outcome = _read(listed.action, arguments, principal)
    if not outcome.ok and outcome.code != "not_found":
        raise ConnectorDown(outcome.code)
    return as_records(outcome.data.get(type_.partition(".")[2], []))


def _argument(value: Any) -> Any:
    """A record chosen before stands for its id."""
    return value.get("id") if isinstance(value, dict) else value


def _row(name: str) -> Connector | None:
    """The connected system of an action or a type, when it is on."""
    key = name.partition(".")[0]
    return once(
        ("connector", key),
        lambda: Connector.objects.filter(key=key, is_enabled=True).exclude(key="shop").first(),
    )


def _system(name: str) -> ActionSystem:
    row = _row(name)
    if row is None:
        raise ConnectorDown("the system is not connected, or is off")
    return opening.open_system(row)


def find_action(name: str) -> Action | None:
    """What is declared of an action."""
    if name in _ACTIONS:
        return _ACTIONS[name]
    row = _row(name)
    declared = declared_actions(row.settings).get(name) if row else None
    return opening.declared_as_action(row, declared) if row and declared else None


def list_actions() -> tuple[Action, ...]:
    """Every action connected systems offer."""
    rows = Connector.objects.filter(is_enabled=True).exclude(key="shop").order_by("key")
    declared = [
        opening.declared_as_action(row, a) for row in rows for a in declared_actions(row.settings).values()
    ]
    return (*offered(_shop_row()).values(), *declared)


def list_record_types() -> tuple[str, ...]:
    """Every kind of record connected systems list, as a slot names it."""
    rows = Connector.objects.filter(is_enabled=True).exclude(key="shop").order_by("key")
    declared = [name for row in rows for name in record_types(declared_actions(row.settings))]
    return (*offered_types(_shop_row()), *declared)


def call_action(
    name: str,
    arguments: JsonDict,
    *,
    key: str,
    principal: Principal | None,
    conversation_id: int | None,
    actor: str,
) -> CallOutcome:
    """Perform an action exactly once per key.

    The intent is committed before the call and the result after it. When an earlier attempt left an intent
    without a result, the system is asked what happened before anything is repeated. What an administrator does
    not allow (`limits`) is refused before the intent is written.
    """
    return perform(ActionRequest(name, arguments, key, principal, conversation_id, actor))


def perform(request: ActionRequest) -> CallOutcome:
    """As `call_action`, with what is known of the money it moves and of its approval."""
    name, arguments, principal = request.action, request.arguments, request.principal
    action = find_action(name)
    if action is None:
        return CallOutcome(ok=False, code="unknown_action", message=name)
    if action.is_personal and (principal is None or not principal.customer_ref):
        return CallOutcome(ok=False, code="not_verified")
    if action.effect is ActionEffect.READ:
        return _read(name, arguments, principal)
    row, settled = _intend(request, action)
    if row is None or settled is not None:
        return settled or UNAVAILABLE
    try:
        outcome = _ask_what_happened(row, principal) if row.attempts > 1 else None
        if outcome is None and row.attempts > 1 and limits.find_limits(name).is_revoked:
            outcome = CallOutcome(ok=False, code=limits.REVOKED)
        outcome = outcome or _perform(name, arguments, principal, request.key)
    except UnknownOutcome:
        outcome = _ask_after_doubt(row, principal)
    except ConnectorDown as problem:
        outcome = _unavailable(problem)
    _settle(row.pk, outcome)
    return outcome


def _read(name: str, arguments: JsonDict, principal: Principal | None) -> CallOutcome:
    if limits.find_limits(name).is_revoked:
        return CallOutcome(ok=False, code=limits.REVOKED)
    try:
        return _perform(name, arguments, principal, "")
    except (ConnectorDown, UnknownOutcome) as problem:
        return _unavailable(problem)


def _perform(name: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:
    arguments = conversations.with_file_addresses(arguments)
    if name in _ACTIONS:
        if name not in offered(_shop_row()):
            return NOT_OFFERED
        return shop().call(name, arguments, principal, key)
    if key:
        forget_answers()
        return _system(name).call(name, arguments, principal, key)
    asked = ("action", name, repr(arguments), principal)
    return once(asked, lambda: _system(name).call(name, arguments, principal, ""))


def _unavailable(problem: Exception) -> CallOutcome:
    """Not done, or not known to be done; a system that asks to wait is named with its time."""
    if isinstance(problem, RateLimited):
        return replace(UNAVAILABLE, message=str(problem))
    return UNAVAILABLE


def _intend(request: ActionRequest, action: Action) -> tuple[ActionCall | None, CallOutcome | None]:
    """Write the intent, or find the earlier one and what became of it; no row for a call that is not allowed."""
    with transaction.atomic():
        row = ActionCall.objects.select_for_update().filter(key=request.key).first()
        if row is None:
            refusal = limits.refuse(request, action)
            if refusal is not None:
                return None, refusal
            row = _write_intent(request)
        if row.state in {"done", "refused"}:
            return row, CallOutcome(ok=row.state == "done", data=row.result, code=row.code)
        row.attempts += 1
        row.save(update_fields=["attempts"])
        return row, None


def _write_intent(request: ActionRequest) -> ActionCall:
    principal = request.principal
    row, _ = ActionCall.objects.select_for_update().get_or_create(
        key=request.key,
        defaults={
            "action": request.action,
            "arguments": request.arguments,
            "customer_ref": principal.customer_ref if principal else "",
            "conversation_id": request.conversation_id,
            "actor": request.actor,
            "intended_at": now(),
        },
    )
    return row


def _find(row: ActionCall, principal: Principal | None) -> CallOutcome | None:
    """What the system says of an earlier call. Raises ConnectorDown; UnknownOutcome when it cannot be asked."""
    if row.action in _ACTIONS:
        system = shop()
        if isinstance(system, PlatformShop):
            return system.find_call(row.action, row.arguments, principal, row.key)
        return system.find_outcome(row.key)
    return _system(row.action).find_outcome(row.action, row.arguments, principal, row.key)


def _ask_what_happened(row: ActionCall, principal: Principal | None) -> CallOutcome | None:
    """What became of an earlier attempt; None when the call may be made."""
    try:
        return _find(row, principal)
    except UnknownOutcome:
        if _system(row.action).may_repeat(row.action):
            return None
        raise


def _ask_after_doubt(row: ActionCall, principal: Principal | None) -> CallOutcome:
    """After a lost answer: did it happen? Not knowing is reported as unavailable and the intent stays open."""
    try:
        return _find(row, principal) or UNAVAILABLE
    except (ConnectorDown, UnknownOutcome):
        return UNAVAILABLE


def _settle(row_id: int, outcome: CallOutcome) -> None:
    states = {"unavailable": "intended", OUTCOME_UNKNOWN.code: "failed"}
    state = "done" if outcome.ok else states.get(outcome.code, "refused")
    values: dict[str, Any] = {"state": state, "code": outcome.code, "result": outcome.data}
    if state != "intended":
        values["finished_at"] = now()
    ActionCall.objects.filter(pk=row_id).update(**values)


def settle_open_intents(older_than_s: float = 60.0) -> int:
    """Ask the system about intents without a result; returns how many were settled.

    A call that may still be under way (a guard and the call itself, each as long as the system is waited for) is left.
    """
    limit = now().timestamp() - older_than_s
    settled = 0
    away: set[str] = set()
    for row in ActionCall.objects.filter(state="intended").order_by("id")[:200]:
        system = row.action.partition(".")[0]
        action = find_action(row.action)
        may_still_run_s = 2 * action.timeout_s if action else 0.0
        if row.intended_at.timestamp() > limit - may_still_run_s or system in away:
            continue
        principal = Principal(row.customer_ref, "record") if row.customer_ref else None
        try:
            outcome = _find(row, principal)
        except ConnectorDown:
            away.add(system)
            continue
        except UnknownOutcome:
            outcome = OUTCOME_UNKNOWN
        if outcome is None:
            outcome = CallOutcome(ok=False, code="never_happened")
        _settle(row.pk, outcome)
        settled += 1
    return settled
