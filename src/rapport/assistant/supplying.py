"""What procedures need to know that is no slot's list of a shop: files, customers, earlier runs, look-ups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from rapport.connectors import api as connectors
from rapport.connectors.contracts import (
    ActionEffect,
    ActionRequest,
    ConnectorDown,
    JsonDict,
    Principal,
)
from rapport.conversations import api as conversations
from rapport.customers import api as customers
from rapport.customers.contracts import CustomerInfo
from rapport.procedures import api as procedures
from rapport.procedures.contracts import Need, Option

SILENT = frozenset({"unavailable", "revoked", "unknown_action", "outcome_unknown"})
"""Codes that do not mean "there is none"."""
MAX_CUSTOMERS = 9
MIN_QUERY_CHARS = 2
MAX_DIGITS = 12


@dataclass(slots=True)
class Supplier:
    """Answers needs within one turn, for one customer."""

    conversation_id: int
    actor: str
    subjects: dict[tuple[str, str], str] = field(default_factory=dict)
    """What limits were asked about: (procedure, limit) → what it counts by."""

    @property
    def _is_staff(self) -> bool:
        """Whether a member of staff runs the procedure: they see more, and may add files in the customer's place."""
        return self.actor.startswith("staff:")

    def look_up(self, need: Need, principal: Principal | None, language: str) -> tuple[Option, ...]:
        """The options there are; empty when there are none. Raises ConnectorDown."""
        who = replace(principal or Principal("", "none"), language=language)
        readers: dict[str, Callable[[JsonDict], tuple[Option, ...]]] = {
            procedures.RUNS_NEED: self._runs,
            procedures.FILE_NEED: self._files,
            procedures.CUSTOMER_NEED: self._customers,
        }
        if need.type in readers:
            return readers[need.type](need.of)
        if need.type.startswith(procedures.ACTION_NEED):
            return self._by_action(need.type.removeprefix(procedures.ACTION_NEED), need.of, principal and who)
        return tuple(
            Option(r.value, r.title, r.description, r.data, r.aliases, r.attributes)
            for r in connectors.list_records(need.type, who, need.of)
        )

    def _runs(self, of: JsonDict) -> tuple[Option, ...]:
        procedure, limit, subject = str(of["procedure"]), str(of["limit"]), str(of["subject"] or "")
        self.subjects[(procedure, limit)] = subject
        count = procedures.count_runs(procedure, limit, subject, float(of["within_s"]))
        return (Option(str(count), str(count), data={"count": count}),)

    def _files(self, _: JsonDict) -> tuple[Option, ...]:
        found = conversations.list_attachments(
            self.conversation_id, from_customer=None if self._is_staff else True
        )
        return tuple(
            Option(
                str(file.id),
                file.name,
                data={
                    "id": file.id,
                    "name": file.name,
                    "media_type": file.media_type,
                    "size": file.size,
                    "url": conversations.file_reference(file.id),
                },
            )
            for file in found
        )

    def _customers(self, of: JsonDict) -> tuple[Option, ...]:
        """Profiles that match, else the shop's customer with that e-mail or number; for members of staff alone.

        What an option is called finds it again, so that the policy can look for itself.
        """
        query = str(of.get("query") or "").strip()
        is_number = query.isascii() and query.isdecimal() and len(query) <= MAX_DIGITS
        if not self._is_staff or (len(query) < MIN_QUERY_CHARS and not is_number):
            return ()
        found, _ = customers.search_customers(query, limit=MAX_CUSTOMERS)
        known = customers.find_customer(int(query)) if is_number else None
        options = tuple(_profile(info) for info in (*((known,) if known else ()), *found))
        if options or " " in query:
            return tuple({option.value: option for option in options}.values())
        record = connectors.find_shop_customer(**{"email" if "@" in query else "customer_ref": query})
        return () if record is None else (_shop_customer(record),)

    def _by_action(self, name: str, arguments: JsonDict, principal: Principal | None) -> tuple[Option, ...]:
        action = connectors.find_action(name)
        if action is None or action.effect is not ActionEffect.READ:
            raise ConnectorDown(f"{name} is no reading action")
        request = ActionRequest(name, arguments, "", principal, self.conversation_id, self.actor)
        outcome = connectors.perform(request)
        if outcome.code in SILENT:
            raise ConnectorDown(outcome.code)
        return (Option("", action.title, data=outcome.data),) if outcome.ok else ()


def _profile(info: CustomerInfo) -> Option:
    shop = next((i.value for i in info.identities if i.kind == "shop"), "")
    data = {
        "id": shop or str(info.id),
        "name": info.name,
        "email": info.email,
        "phone": info.phone_number,
        "profile_id": int(info.id),
        "is_known_to_shop": bool(shop),
    }
    return Option(
        shop or str(info.id), info.name or info.email, " · ".join(t for t in (info.email, shop) if t), data
    )


def _shop_customer(record: JsonDict) -> Option:
    reference = str(record["id"])
    return Option(
        reference,
        str(record.get("name") or reference),
        str(record.get("email") or ""),
        {**record, "is_known_to_shop": True},
    )
