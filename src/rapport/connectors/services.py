"""Calls to connected systems: intent before, result after, each key at most once, own records only."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.connectors import limits, opening, outages
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
from rapport.connectors.settling import (
    GIVEN_UP,
    UNAVAILABLE,
    UNSURE,
    settle,
    settled_outcome,
    write_intent,
)
from rapport.connectors.shops import ACTIONS as _ACTIONS
from rapport.connectors.shops import PLATFORMS, offered, offered_types, open_platform
from rapport.conversations import api as conversations
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound

NOT_OFFERED = CallOutcome(ok=False, code="not_offered", message="The connected shop does not do this.")
QUICK_S = 1.0
"""A failure that took longer is not tried again at once: the customer has waited."""
RETRY_PAUSE_S = 0.2


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
    if not info.is_enabled:
        outages.end(info.key)
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


def list_records(type_: str, principal: Principal, of: JsonDict) -> list[Record]:
    """Records a slot may hold. Raises ConnectorDown."""
    if type_.startswith("shop."):
        with outages.watched("shop"):
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


def system_of(name: str) -> str:
    """Key of the connected system of an action or a type."""
    return name.partition(".")[0]


def _row(name: str) -> Connector | None:
    """The connected system of an action or a type, when it is on."""
    key = system_of(name)
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
    name, principal = request.action, request.principal
    action = find_action(name)
    if action is None:
        return CallOutcome(ok=False, code="unknown_action", message=name)
    if action.is_personal and (principal is None or not principal.customer_ref):
        return CallOutcome(ok=False, code="not_verified")
    if action.effect is ActionEffect.READ:
        return _read_or_give_up(request)
    if outages.is_resting(system_of(name)):
        return leave(request)
    row, settled = _intend(request, action)
    if row is None or settled is not None:
        return settled or UNAVAILABLE
    outcome = _attempt(row, request)
    settle(row.pk, outcome, gives_up=request.gives_up)
    return outcome


def _attempt(row: ActionCall, request: ActionRequest) -> CallOutcome:
    """Make the call; where it was made before, the system is asked first what became of it."""
    name, principal = request.action, request.principal
    is_again, is_unsure = row.attempts > 1, row.is_unsure
    outcome = None
    try:
        with outages.watched(system_of(name), may_end=True):
            if is_again:
                outcome = _ask_what_happened(row, principal)
                is_unsure = False
            if outcome is None and is_again and limits.find_limits(name).is_revoked:
                return CallOutcome(ok=False, code=limits.REVOKED)
            return outcome or _patiently(lambda: _perform(name, request.arguments, principal, request.key))
    except UnknownOutcome:
        outcome = _ask_after_doubt(row, principal)
        return UNSURE if outcome is UNAVAILABLE else outcome
    except ConnectorDown as problem:
        return UNSURE if is_unsure else _unavailable(problem)


def leave(request: ActionRequest) -> CallOutcome:
    """What is known of a call that cannot be made now, because its system is left alone or silent."""
    row = ActionCall.objects.filter(key=request.key).first()
    known = settled_outcome(row) if row else None
    if known is not None:
        return known
    if row is not None and row.is_unsure:
        return UNSURE
    return give_up(request) if request.gives_up else UNAVAILABLE


def give_up(request: ActionRequest) -> CallOutcome:
    """Put on record that a call was not carried out and never will be: something else is done instead."""
    row = write_intent(request)
    known = settled_outcome(row)
    if known is None:
        settle(row.pk, UNAVAILABLE, gives_up=True)
    return known or UNAVAILABLE


def _read_or_give_up(request: ActionRequest) -> CallOutcome:
    """What a reading action answers; given up once, it stays so for whoever repeats the turn."""
    if request.gives_up and ActionCall.objects.filter(key=request.key, state=GIVEN_UP).exists():
        return UNAVAILABLE
    outcome = _read(request.action, request.arguments, request.principal)
    return give_up(request) if request.gives_up and outcome.code == UNAVAILABLE.code else outcome


def _read(name: str, arguments: JsonDict, principal: Principal | None) -> CallOutcome:
    if limits.find_limits(name).is_revoked:
        return CallOutcome(ok=False, code=limits.REVOKED)
    try:
        with outages.watched(system_of(name)):
            return _patiently(lambda: _perform(name, arguments, principal, ""))
    except (ConnectorDown, UnknownOutcome) as problem:
        return _unavailable(problem)


def _patiently(call: Callable[[], CallOutcome]) -> CallOutcome:
    """A call that certainly did not arrive is made once more, when that was found out quickly."""
    started = time.monotonic()
    try:
        return call()
    except RateLimited:
        raise
    except ConnectorDown:
        if time.monotonic() - started > QUICK_S:
            raise
    time.sleep(RETRY_PAUSE_S)
    return call()


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
            row = write_intent(request)
        known = settled_outcome(row)
        if known is None:
            row.attempts += 1
            ActionCall.objects.filter(pk=row.pk).update(attempts=row.attempts, is_unsure=True)
        return row, known


def find_call(row: ActionCall, principal: Principal | None) -> CallOutcome | None:
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
        return find_call(row, principal)
    except UnknownOutcome:
        if _system(row.action).may_repeat(row.action):
            return None
        raise


def _ask_after_doubt(row: ActionCall, principal: Principal | None) -> CallOutcome:
    """After a lost answer: did it happen? Not knowing is reported as unavailable and the intent stays open."""
    try:
        return find_call(row, principal) or UNAVAILABLE
    except (ConnectorDown, UnknownOutcome):
        return UNAVAILABLE
