"""A folder as a connected system: each layout is an action that drops a file, and perhaps one that reads its answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from rapport.connectors.contracts import ActionEffect, CallOutcome, ConnectorDown, JsonDict, Principal, Trial
from rapport.connectors.declared import DeclaredAction, InvalidArguments, declared_actions
from rapport.connectors.forms import FormField, KindForm, body_fields, read_form, with_actions
from rapport.connectors.kinds.file_drop.folder import DropFolder, mark_of
from rapport.connectors.kinds.file_drop.layouts import (
    CUSTOMER_VALUE,
    ENCODINGS,
    KEY_VALUE,
    Layout,
    read_layouts,
    write_content,
)
from rapport.connectors.placeholders import fill_plain
from rapport.connectors.pointing import plain_data, plain_text
from rapport.kernel.errors import InvalidInput

MAX_SHOWN_CHARS = 20_000
NO_ANSWER: JsonDict = {"is_there": False, "text": "", "data": {}}
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}", re.ASCII)

FIELDS = (
    FormField("folder", "Folder", is_required=True, help="Exists on this machine, by its full path, as /srv/drop."),
    FormField("answers", "Folder of answers", help="Empty: the same folder."),
    FormField("encoding", "Encoding", "choice", choices=tuple((e, e) for e in ENCODINGS), default="utf-8"),
    FormField("files", "Files", "lines", is_required=True,
              help="YAML: a name, then format (csv, json, xml, text), name, fields or template, answer."),
)  # fmt: skip


def compose(key: str, given: Mapping[str, str]) -> JsonDict:
    """Settings from what a person entered. Raises InvalidInput."""
    form = read_form(FIELDS, given)
    for field in ("folder", "answers"):
        path = Path(form[field] or form["folder"])
        if not path.is_absolute() or not path.is_dir():
            raise InvalidInput(_("A folder that exists, by its full path."), field=field)
    actions = []
    for layout in read_layouts(form["files"]).values():
        reader = f"{key}.{layout.name}_answer" if layout.answer else ""
        actions.append(_dropping(key, layout))
        if reader:
            actions.append(
                DeclaredAction(
                    reader, f"{layout.title}: answer", ActionEffect.READ, {"file": layout.name}, is_personal=False,
                    is_idempotent=True, **body_fields(("file_name",)),
                )
            )  # fmt: skip
    return with_actions(form, key, actions)


def _dropping(key: str, layout: Layout) -> DeclaredAction:
    names, customer_in = layout.arguments, "header" if layout.is_personal else ""
    return DeclaredAction(
        f"{key}.{layout.name}", layout.title, ActionEffect.WRITE, {"file": layout.name}, is_idempotent=True,
        is_personal=layout.is_personal, **body_fields(names, names, customer_in=customer_in),
    )  # fmt: skip


FORM = KindForm(
    "file_drop", "File drop", "One file per action into a folder another system reads.", FIELDS, compose
)


class FileDropSystem:
    """One folder and its layouts."""

    def __init__(self, base_url: str, secret: str, settings: JsonDict) -> None:  # noqa: ARG002  # as every kind is opened
        form = settings["form"]
        self._encoding = str(form["encoding"])
        self._actions = declared_actions(settings)
        self._layouts = read_layouts(form["files"])
        self._folder = DropFolder(form["folder"], form["answers"])

    def call(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:
        """Drop the file, or read an answer. Raises ConnectorDown, UnknownOutcome."""
        declared, layout = self._find(action)
        if declared.effect is ActionEffect.READ:
            return self._answer(layout, str(arguments.get("file_name") or ""), 0.0)
        if not key:
            raise ConnectorDown("a file needs a key")
        try:
            name, content = self._file(layout, arguments, principal, key)
        except InvalidArguments as problem:
            return CallOutcome(ok=False, code="invalid_arguments", message=str(problem))
        outcome = self._folder.drop(name, content, key)
        if not layout.answer or not layout.wait_s:
            return outcome
        try:
            answer = self._answer(layout, str(outcome.data["file_name"]), layout.wait_s).data
        except ConnectorDown:  # what was dropped is dropped; the answer is read later
            answer = NO_ANSWER
        return CallOutcome(ok=True, data={**outcome.data, "answer": answer})

    def find_answer(self, action: str, file_name: str) -> JsonDict | None:
        """What was answered to a dropped file, once nobody writes it any more. Raises ConnectorDown."""
        _declared, layout = self._find(action)
        outcome = self._answer(layout, file_name, 0.0, is_settled=True)
        if not outcome.ok or not outcome.data["is_there"]:
            return None
        return {"text": outcome.data["text"], "data": outcome.data["data"]}

    def find_outcome(
        self,
        action: str,  # noqa: ARG002  # as the port has it
        arguments: JsonDict,  # noqa: ARG002
        principal: Principal | None,  # noqa: ARG002
        key: str,
    ) -> CallOutcome | None:
        """Whether the file was dropped, also when it has been fetched since."""
        return self._folder.find(key)

    def may_repeat(self, action: str) -> bool:  # noqa: ARG002  # as the port has it
        """A key is dropped once."""
        return True

    def trial(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> Trial:
        """Show the file that would be dropped; read an answer."""
        declared, layout = self._find(action)
        if declared.effect is ActionEffect.READ:
            outcome = self.call(action, arguments, principal, key)
            return Trial(f"read {arguments.get('file_name')}", str(outcome.data or outcome.code), outcome)
        try:
            name, content = self._file(layout, arguments, principal, key or "trial")
        except InvalidArguments as problem:
            outcome = CallOutcome(ok=False, code="invalid_arguments", message=str(problem))
            return Trial(f"file: {layout.name}", str(problem), outcome)
        shown = content.decode(self._encoding)[:MAX_SHOWN_CHARS]
        data = {"file_name": name, "size": len(content)}
        return Trial(
            f"{name}\n\n{shown}", f"{len(content)} bytes; nothing was dropped", CallOutcome(True, data)
        )

    def check(self) -> str:
        """How many files wait."""
        return self._folder.check()

    def close(self) -> None:
        """Nothing stays open."""

    def _find(self, action: str) -> tuple[DeclaredAction, Layout]:
        declared = self._actions.get(action)
        layout = self._layouts.get(str(declared.target["file"])) if declared else None
        if declared is None or layout is None:
            raise ConnectorDown("there is no such file any more")
        return declared, layout

    def _file(
        self, layout: Layout, arguments: JsonDict, principal: Principal | None, key: str
    ) -> tuple[str, bytes]:
        """Name and content. Raises InvalidArguments."""
        missing = [name for name in layout.arguments if arguments.get(name) is None]
        if missing:
            raise InvalidArguments(f"no value for {', '.join(missing)}")
        values = {**arguments, KEY_VALUE: key}
        if layout.is_personal:
            values[CUSTOMER_VALUE] = principal.customer_ref if principal else ""
        stem = (
            re.sub(r"[^A-Za-z0-9._]+", "-", fill_plain(layout.stem, values)).strip("-.")[:60] or layout.name
        )
        return f"{stem}-{mark_of(key)}.{layout.ending}", write_content(layout, values, self._encoding)

    def _answer(
        self, layout: Layout, file_name: str, wait_s: float, *, is_settled: bool = False
    ) -> CallOutcome:
        stem = file_name.rpartition(".")[0]
        name = layout.answer.replace("{file}", stem)
        if not _FILE_NAME.fullmatch(file_name) or not _FILE_NAME.fullmatch(name):
            return CallOutcome(ok=False, code="invalid_arguments", message="no name of a file")
        if is_settled and not self._folder.is_settled(name):
            return CallOutcome(ok=True, data=NO_ANSWER)
        content = self._folder.read_answer(name, wait_s)
        if content is None:
            return CallOutcome(ok=True, data=NO_ANSWER)
        text = plain_text(content.decode(self._encoding, "replace"))
        return CallOutcome(ok=True, data={"is_there": True, "text": text, "data": _parsed(text)})


def _parsed(text: str) -> Any:
    """What a JSON answer holds; else its lines of ``name=value`` or ``name: value``."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        pairs = re.findall(r"(?m)^\s*([A-Za-z][\w.-]*)\s*[=:]\s*(.*?)\s*$", text)
        return {name.lower(): value for name, value in pairs[:200]}
    return plain_data(found) if isinstance(found, dict | list) else {}
