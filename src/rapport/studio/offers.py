"""What a definition may refer to: kinds of answers, actions, fields of records, teams and other procedures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from rapport.accounts import api as accounts
from rapport.connectors import api as connectors
from rapport.connectors.contracts import ActionEffect
from rapport.kernel.languages import pick
from rapport.procedures import api as procedures
from rapport.studio.contracts import FieldInfo, Rehearser
from rapport.studio.logic.cards import Names

Pair = tuple[str, str]
ICONS = (
    "workflow", "package", "package-check", "package-search", "truck", "map-pin", "circle-x", "pencil", "refresh-cw",
    "undo-2", "credit-card", "wallet", "gift", "receipt", "file-text", "calendar", "clock", "bell", "star", "user",
    "phone", "mail", "message-circle", "circle-alert", "shield-check", "wrench", "tag", "search", "info", "flag",
)  # fmt: skip


def rehearser() -> Rehearser:
    """Who runs definitions in a sandbox, as the settings name it."""
    found: Rehearser = import_string(settings.PROCEDURE_REHEARSER)()
    return found


@dataclass(frozen=True, slots=True)
class Offers:
    """Everything a form may offer, read once for a page."""

    language: str
    actions: Mapping[str, Any]
    """Name → action."""
    teams: tuple[Pair, ...]
    procedures: tuple[Pair, ...]
    types: tuple[str, ...] = ()
    """Kinds of records that connected systems list."""
    fields: dict[str, tuple[FieldInfo, ...]] = field(default_factory=dict)

    def fields_of(self, type_: str) -> tuple[FieldInfo, ...]:
        """What records of a type hold."""
        if type_ not in self.fields:
            self.fields[type_] = rehearser().fields_of(type_) or _declared_fields(type_)
        return self.fields[type_]

    def fields_of_result(self, action: str) -> tuple[FieldInfo, ...]:
        """What an action returns, where an administrator declared it."""
        declared = connectors.list_declared(action.partition(".")[0]).get(action)
        return (
            tuple(FieldInfo(o.name, "list" if o.many else "text") for o in declared.outputs)
            if declared
            else ()
        )

    def title_of_action(self, name: str) -> str:
        """What an action does, in words."""
        action = self.actions.get(name)
        return _(action.title) if action is not None else name

    def title_of_procedure(self, name: str) -> str:
        """What customers call a procedure."""
        return dict(self.procedures).get(name, name)


def read_offers(language: str) -> Offers:
    """What there is now."""
    book = procedures.load_book()
    return Offers(
        language,
        {action.name: action for action in connectors.list_actions()},
        tuple((team.key, team.name) for team in accounts.list_teams()),
        tuple(sorted(((d.name, pick(d.title, language)) for d in book.values()), key=lambda pair: pair[1])),
        connectors.list_record_types(),
    )


def _declared_fields(type_: str) -> tuple[FieldInfo, ...]:
    """What a connected system's records hold, as its administrator declared them."""
    key, _dot, name = type_.partition(".")
    lists = [o for a in connectors.list_declared(key).values() for o in a.outputs if o.many]
    found = next((o for o in lists if name in (o.name, o.name.removesuffix("s"))), None)
    if found is None:
        return ()
    names = ("id", "title", *(path.split(".")[-1] for path in found.attributes))
    return tuple(FieldInfo(each, "text") for each in dict.fromkeys(names))


def type_names() -> dict[str, str]:
    """Kinds of answers, in words."""
    return {
        "text": _("Free text"),
        "number": _("A number"),
        "money": _("An amount of money"),
        "date": _("A date"),
        "email": _("An e-mail address"),
        "address": _("An address"),
        "choice": _("A choice of fixed answers"),
        "yes_no": _("Yes or no"),
        "file": _("A photo or document"),
        "customer": _("A customer (in guides for staff)"),
        "shop.order": _("One of the customer's orders"),
        "shop.order_item": _("An item of an order"),
        "shop.variant": _("A variant of a product"),
        "shop.payment_method": _("A way to pay"),
        "shop.product": _("A product"),
    }


def choices(source: str, offers: Offers, names: Names, present: Any = None) -> list[Pair]:
    """What a row offers, with what it holds at present even if nobody knows it."""
    found = _found(source, offers, names)
    values = present if isinstance(present, list) else [present]
    return found + [(str(v), str(v)) for v in values if v not in (None, "") and str(v) not in dict(found)]


def _found(source: str, offers: Offers, names: Names) -> list[Pair]:
    match source:
        case "identify":
            return [
                ("verified_customer", _("Customers who have proven who they are")),
                ("none", _("Anybody")),
            ]
        case "audience":
            return [
                ("", _("Customers and staff")),
                ("customer", _("Customers only")),
                ("staff", _("Staff only (an internal guide)")),
            ]
        case "then":
            return [("", _("It ends there")), ("person", _("A person decides"))]
        case "file_kinds":
            return [("image", _("Photos")), ("pdf", _("PDF documents"))]
        case "types":
            return _types(offers)
        case "icons":
            return [("", _("None")), *((name, name.replace("-", " ")) for name in ICONS)]
        case "slots" | "earlier" | "several":
            return [] if source != "slots" else [("", "—")] + [(n, readable(n)) for n in names.slots]
        case "procedures":
            return [("", "—"), *offers.procedures]
        case "teams":
            return [("", _("Anyone")), *offers.teams]
        case "actions" | "readers":
            return [("", _("Choose…")), *_actions(offers, readers=source == "readers")]
        case _:
            return []


def _types(offers: Offers) -> list[Pair]:
    known = type_names()
    schema = procedures.make_schema()["$defs"]["slot"]["properties"]["type"]
    allowed = set(_enums(schema))
    allowed |= set(offers.types)
    listed = [(name, title) for name, title in known.items() if name in allowed]
    return listed + [(name, readable(name)) for name in sorted(allowed - known.keys())]


def _enums(node: Mapping[str, Any]) -> list[str]:
    return [*node.get("enum", ()), *(name for part in node.get("anyOf", ()) for name in _enums(part))]


def _actions(offers: Offers, *, readers: bool) -> list[Pair]:
    listed = [a for a in offers.actions.values() if not readers or a.effect is ActionEffect.READ]
    return [
        (a.name, f"{_(a.title)} ({a.name})")
        for a in sorted(listed, key=lambda a: (a.name.split(".")[0], a.title))
    ]


def readable(name: str) -> str:
    """A name or a path as people read it: ``order.payment_method`` → ``order › payment method``."""
    return " › ".join(part.replace("_", " ") for part in name.split("."))


def paths_at(names: Names, offers: Offers) -> list[FieldInfo]:
    """Everything a condition may name at a place, with what it may be."""
    found: list[FieldInfo] = []
    for name, type_ in names.elements.items():
        inner = offers.fields_of(type_) if "." in type_ else ()
        if not inner:
            found.append(FieldInfo(name, _kind_of_type(type_)))
        found += [FieldInfo(f"{name}.{f.path}", f.kind, f.values) for f in inner]
    found += [FieldInfo(name, "text") for name in names.values]
    for name, action in {**names.lookups, **names.results}.items():
        inner = offers.fields_of_result(action)
        found += [FieldInfo(f"{name}.{f.path}", f.kind) for f in inner] or [FieldInfo(name, "text")]
    found += [FieldInfo(f"customer.{f.path}", f.kind, f.values) for f in offers.fields_of("customer")]
    return found


def _kind_of_type(type_: str) -> str:
    return {"number": "number", "money": "number", "yes_no": "flag", "date": "moment"}.get(type_, "text")
