"""Documents that actions made become files of the message that tells of them."""

from __future__ import annotations

from collections.abc import Iterable

from rapport.connectors import api as connectors
from rapport.conversations import api as conversations
from rapport.conversations.contracts import NewFile
from rapport.kernel.errors import RapportError
from rapport.procedures.contracts import ActionResult, Call

MAX_FILES = 5


def attach_files(conversation_id: int, calls: Iterable[tuple[Call, ActionResult]]) -> tuple[int, ...]:
    """Store each document once; ids for `MessageDraft.attachment_ids`. Pictures of a page are for staff alone.

    Call it before the transaction that stores the message: reading and writing contents would hold the write lock.
    A file that cannot be stored is left out: what was done stays done, and staff find it in the action's record.
    """
    made = {
        str(result.data["file"]["ref"]): result.data["file"]
        for _, result in calls
        if result.ok and connectors.files_in({"file": result.data.get("file")})
    }
    ids = []
    for ref, file in list(made.items())[:MAX_FILES]:
        try:
            content = connectors.read_call_file(ref)
            new = NewFile(str(file["name"]), content)
            ids.append(conversations.add_attachment(conversation_id, new).id)
        except RapportError:
            continue
    return tuple(ids)
