"""Documents as a connected system: each template is an action that makes one PDF."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from rapport.connectors.call_files import find_file, keep_file
from rapport.connectors.contracts import ActionEffect, CallOutcome, ConnectorDown, JsonDict, Principal, Trial
from rapport.connectors.declared import DeclaredAction, InvalidArguments, declared_actions
from rapport.connectors.forms import FormField, KindForm, body_fields, lines_of, read_form, with_actions
from rapport.connectors.kinds.document.fonts import is_installed
from rapport.connectors.kinds.document.templates import (
    Template,
    read_shipped,
    read_templates,
    shipped_names,
)
from rapport.connectors.placeholders import fill_text
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput
from rapport.kernel.languages import base_language, pick

PDF = "application/pdf"
TRIAL_KEY = "trial"

FIELDS = (
    FormField("shop", "Name and address of the shop", "lines", is_required=True, help="As it stands on documents."),
    FormField("returns_to", "Address for returns", "lines", help="Empty: the shop's address."),
    FormField("number_prefix", "Beginning of numbers", default="R", help="A document's number begins with it."),
    FormField("shipped", "Documents that come along", "lines", default="\n".join(shipped_names()),
              help="A name a line; each becomes an action."),
    FormField("templates", "Your own documents", "lines",
              help="YAML: a name, then title and parts; one of the same name replaces the one that comes along."),
)  # fmt: skip


def compose(key: str, given: Mapping[str, str]) -> JsonDict:
    """Settings from what a person entered. Raises InvalidInput."""
    form = read_form(FIELDS, given)
    if not re.fullmatch(r"[A-Z0-9-]{0,8}", form["number_prefix"], re.ASCII):
        raise InvalidInput(_("At most 8 capital letters and digits."), field="number_prefix")
    return with_actions(form, key, [_action(key, template) for template in _templates(form).values()])


def _templates(form: Mapping[str, str]) -> dict[str, Template]:
    named = lines_of(form["shipped"])
    unknown = set(named) - set(shipped_names())
    if unknown:
        raise InvalidInput(_("One of %(names)s.") % {"names": ", ".join(shipped_names())}, field="shipped")
    own = read_templates(form["templates"]) if form["templates"].strip() else {}
    return {**{name: read_shipped(name) for name in named}, **own}


def _action(key: str, template: Template) -> DeclaredAction:
    names, customer_in = template.arguments, "header" if template.is_personal else ""
    return DeclaredAction(
        f"{key}.{template.name}", pick(template.title, "en"), ActionEffect.WRITE, {"template": template.name},
        is_personal=template.is_personal, is_idempotent=True, titles=dict(template.title),
        **body_fields(names, names, customer_in=customer_in),
    )  # fmt: skip


FORM = KindForm("document", "Documents", "PDF filled from the case: labels, forms, letters.", FIELDS, compose)


class DocumentSystem:
    """A set of templates."""

    def __init__(self, base_url: str, secret: str, settings: JsonDict) -> None:  # noqa: ARG002  # as every kind is opened
        self._form: Mapping[str, str] = settings["form"]
        self._templates = _templates(self._form)
        self._actions = declared_actions(settings)

    def call(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:
        """Make the document and keep it. Raises ConnectorDown where the extra is missing."""
        if not key:
            raise ConnectorDown("a document needs a key")
        try:
            return CallOutcome(ok=True, data=self._make(action, arguments, principal, key))
        except InvalidArguments as problem:
            return CallOutcome(ok=False, code="invalid_arguments", message=str(problem))

    def find_outcome(
        self, action: str, arguments: JsonDict, principal: Principal | None, key: str
    ) -> CallOutcome | None:
        """The document as it was made, if it was."""
        name = self._file_name(self._template(action), self._values(arguments, key), _language(principal))
        file = find_file(key, name, PDF)
        return CallOutcome(ok=True, data={"number": self._number(key), "file": file}) if file else None

    def may_repeat(self, action: str) -> bool:  # noqa: ARG002  # as the port has it
        """The same call makes the same document."""
        return True

    def trial(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> Trial:  # noqa: ARG002  # as the port has it
        """Make the document as it would be; it is attached to nothing."""
        outcome = self.call(action, arguments, principal, TRIAL_KEY)
        file = outcome.data.get("file", {})
        answer = f"{file['name']}, {file['size']} bytes" if file else outcome.message
        return Trial(f"template: {self._template(action).name}", answer, outcome)

    def check(self) -> str:
        """Whether documents can be made here. Raises ConnectorDown."""
        if not is_installed():
            raise ConnectorDown("the extra `documents` is not installed: requirements/documents.txt")
        return f"{len(self._templates)} documents"

    def close(self) -> None:
        """Nothing stays open."""

    def _make(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> JsonDict:
        self.check()
        from rapport.connectors.kinds.document.typesetting import typeset  # noqa: PLC0415 - needs the extra

        template, language = self._template(action), _language(principal)
        values = self._values(arguments, key)
        content = typeset(template, values, language)
        file = keep_file(key, self._file_name(template, values, language), PDF, content)
        return {"number": values["number"], "file": file}

    def _values(self, arguments: JsonDict, key: str) -> JsonDict:
        shop = self._form["shop"]
        own = {
            "number": self._number(key),
            "today": localtime(now()).date().isoformat(),
            "shop": shop,
            "returns_to": self._form["returns_to"] or shop,
        }
        return {**arguments, **own}

    def _number(self, key: str) -> str:
        digest = base64.b32encode(hashlib.sha256(key.encode()).digest()).decode()[:8]
        return f"{self._form['number_prefix']}{digest}"

    def _template(self, action: str) -> Template:
        found = (
            self._templates.get(str(self._actions[action].target["template"]))
            if action in self._actions
            else None
        )
        if found is None:
            raise ConnectorDown("there is no such document any more")
        return found

    def _file_name(self, template: Template, values: JsonDict, language: str) -> str:
        """Without a date, so that a repeated call on another day finds the same file."""
        name = fill_text(template.file_name.replace("{today}", ""), values, language)
        safe = re.sub(r"[^A-Za-z0-9._]+", "-", name).strip("-.") or template.name
        return f"{safe[:60]}.pdf"


def _language(principal: Principal | None) -> str:
    return base_language(principal.language if principal else "en")
