"""What a rehearsal holds beside the records of connected systems: files that were sent, customers that can be found."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from rapport.connectors.contracts import JsonDict
from rapport.procedures.contracts import Ask, Option


@runtime_checkable
class HasFiles(Protocol):
    """A system to which the customer can send files."""

    def add_file(self, given: str | Mapping[str, Any]) -> str:
        """A file is sent, by its name or its fields; returns its id, the same for the same name."""
        ...


def make_file(given: str | Mapping[str, Any]) -> JsonDict:
    """A file from its name or its fields; its kind is read from its name."""
    fields: JsonDict = {"name": given} if isinstance(given, str) else dict(given)
    name = str(fields.get("name") or fields.get("id") or "file")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    whole = {"id": name, "name": name, "media_type": kind, "size": 1000, "url": f"/files/{name}", **fields}
    return {**whole, "id": str(whole["id"])}


def file_option(data: JsonDict) -> Option:
    """A file as an option of a slot."""
    return Option(data["id"], str(data["name"]), data=data)


def send_wanted(system: object, asked: Ask) -> Option | None:
    """Send a file that answers a question; None where none can be sent."""
    if not isinstance(system, HasFiles):
        return None
    name = f"{asked.slot}.{'jpg' if 'image' in asked.accept else 'pdf'}"
    return Option(system.add_file(name), name)


def find_customers(records: tuple[JsonDict, ...], query: str) -> tuple[Option, ...]:
    """The customers whose number, name, e-mail address or telephone number holds the words."""
    wanted = query.casefold().strip()
    return tuple(
        Option(str(data["id"]), str(data.get("name") or data["id"]), str(data.get("email", "")), data)
        for data in records
        if wanted
        and any(wanted in str(data.get(name, "")).casefold() for name in ("id", "name", "email", "phone"))
    )
