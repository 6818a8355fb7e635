"""The same action, `case.open`, whatever becomes of the case: each procedure may have a sink of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.connectors.contracts import (
    ActionEffect,
    ActionSystem,
    CallOutcome,
    ConnectorDown,
    JsonDict,
    Principal,
    Trial,
    UnknownOutcome,
)
from rapport.connectors.declared import ACTION_NAME, DeclaredAction
from rapport.connectors.forms import FormField, KindForm, body_fields, lines_of, read_form, with_actions
from rapport.connectors.kinds.case.fields import CaseFields, read_fields
from rapport.connectors.kinds.case.tickets import find_ticket, open_ticket
from rapport.connectors.pointing import plain_text
from rapport.kernel.errors import InvalidInput

DEFAULT = "default"
TICKET = "ticket"
_LINE = re.compile(r"([a-z][a-z0-9_]*)\s*:\s*(?:ticket(?:\s+([\w-]+))?|([a-z0-9_.]+))", re.ASCII)

FIELDS = (
    FormField("sinks", "Where cases go", "lines", default="default: ticket", is_required=True,
              help="A procedure a line: `return_items: ticket care` (a team), or `return_items: mail.send` (an action "
              "of a connected mail account, table or other system). `default` is for all others."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sink:
    """Where a procedure's cases go."""

    team: str = ""
    action: str = ""
    """An action of another connected system; empty for a ticket."""


Target = tuple[DeclaredAction, ActionSystem]
FindTarget = Callable[[str], Target]
"""The action of another system with that system. Raises ConnectorDown."""


def read_sinks(text: str) -> dict[str, Sink]:
    """Sinks by procedure. Raises InvalidInput."""
    sinks: dict[str, Sink] = {}
    for line in lines_of(text):
        found = _LINE.fullmatch(line)
        if not found or found[1] in sinks or (found[3] and not ACTION_NAME.fullmatch(found[3])):
            raise InvalidInput(
                _("“%(line)s”: `procedure: ticket team` or `procedure: system.action`.") % {"line": line},
                field="sinks",
            )
        sinks[found[1]] = Sink(found[2] or "", found[3] or "")
    if DEFAULT not in sinks:
        raise InvalidInput(_("One line is for `default`."), field="sinks")
    return sinks


def compose(key: str, given: Mapping[str, str]) -> JsonDict:
    """Settings from what a person entered. Raises InvalidInput."""
    form = read_form(FIELDS, given)
    for sink in read_sinks(form["sinks"]).values():
        if sink.action.startswith((f"{key}.", "shop.")):
            raise InvalidInput(_("A case goes to another system."), field="sinks")
    names = ("procedure", "summary", "details")
    open_case = DeclaredAction(
        f"{key}.open", "Open a case", ActionEffect.WRITE, {}, is_personal=False,
        **body_fields(names, frozenset({"procedure", "details"})),
    )  # fmt: skip
    return with_actions(form, key, [open_case])


FORM = KindForm("case", "Cases", "Tickets, or actions of other systems, per procedure.", FIELDS, compose)


class CaseSystem:
    """Opens cases."""

    def __init__(self, settings: JsonDict, find_target: FindTarget) -> None:
        self._sinks = read_sinks(settings["form"]["sinks"])
        self._find_target = find_target

    def call(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:  # noqa: ARG002  # as the port has it
        """Open a case. Raises ConnectorDown, UnknownOutcome."""
        fields = read_fields(arguments, principal, key)
        if not fields.subject:
            return CallOutcome(ok=False, code="invalid_arguments", message="a case needs a summary")
        sink = self._sink(arguments)
        ref = principal.customer_ref if principal else ""
        if not sink.action:
            return open_ticket(fields, _lines(arguments.get("details")), ref, sink.team, key)
        declared, system = self._allowed(sink.action)
        if declared.is_personal and not ref:
            return CallOutcome(ok=False, code="not_verified")
        outcome = system.call(sink.action, _passed(arguments, fields, ref), principal, key)
        return CallOutcome(outcome.ok, {**outcome.data, "sink": sink.action}, outcome.code, outcome.message)

    def find_outcome(
        self,
        action: str,  # noqa: ARG002  # as the port has it
        arguments: JsonDict,
        principal: Principal | None,
        key: str,
    ) -> CallOutcome | None:
        """Whether the case is there, asked where it went; a sink that bears repeating is not asked in vain."""
        sink = self._sink(arguments)
        if not sink.action:
            return find_ticket(key)
        _, system = self._allowed(sink.action)
        ref = principal.customer_ref if principal else ""
        fields = read_fields(arguments, principal, key)
        try:
            return system.find_outcome(sink.action, _passed(arguments, fields, ref), principal, key)
        except UnknownOutcome:
            if system.may_repeat(sink.action):
                return None
            raise

    def may_repeat(self, action: str) -> bool:  # noqa: ARG002  # as the port has it
        """It depends on the sink: `find_outcome` knows."""
        return False

    def trial(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> Trial:
        """Open a case and tell of it."""
        outcome = self.call(action, arguments, principal, key)
        return Trial(
            f"sink: {self._sink(arguments).action or TICKET}", str(outcome.data or outcome.code), outcome
        )

    def check(self) -> str:
        """Whether every sink is connected. Raises ConnectorDown."""
        for sink in self._sinks.values():
            if sink.action:
                self._allowed(sink.action)
        return f"{len(self._sinks)} sinks"

    def close(self) -> None:
        """Nothing stays open."""

    def _sink(self, arguments: JsonDict) -> Sink:
        return self._sinks.get(str(arguments.get("procedure") or ""), self._sinks[DEFAULT])

    def _allowed(self, action: str) -> Target:
        declared, system = self._find_target(action)
        if declared.effect is not ActionEffect.WRITE:
            raise ConnectorDown(f"{action} is no action that writes a record")
        return declared, system


def _passed(arguments: JsonDict, fields: CaseFields, ref: str) -> JsonDict:
    """The arguments a sink may take, by name: each detail, what was read without it, and the case's own."""
    details = arguments.get("details")
    read = {**asdict(fields), "asked": fields.summary}
    own = {
        "procedure": fields.reason,
        "summary": fields.subject,
        "details": _lines(details),
        "customer": ref,
    }
    return {**read, **(details if isinstance(details, dict) else {}), **own}


def _lines(details: Any) -> str:
    """Details as people read them: a line each."""
    if not isinstance(details, dict):
        return plain_text("" if details is None else str(details))
    return "\n".join(f"{name}: {_short(value)}" for name, value in details.items())


def _short(value: Any) -> str:
    if isinstance(value, dict | list):
        return plain_text(json.dumps(value, ensure_ascii=False), 2000)
    return plain_text("—" if value in (None, "") else str(value), 2000)
