"""Photos and documents of conversations: stored, found, forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import IO

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from rapport.conversations import file_store
from rapport.conversations.contracts import AttachmentInfo, MessageType, NewFile
from rapport.conversations.errors import FileTooLarge, TooManyFiles, UnsupportedFile
from rapport.conversations.logic.file_kinds import FROM_CUSTOMERS, clean_name, sniff
from rapport.conversations.logic.photo_metadata import Unreadable, without_metadata
from rapport.conversations.models import Attachment, Conversation
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.kernel.ids import MessageId

MAX_FROM_CUSTOMER = 100
"""Files a customer may send in one conversation."""
ORPHAN_AGE = dt.timedelta(days=1)
"""So long a file may wait for its message."""


def attachment_info(row: Attachment) -> AttachmentInfo:
    """The outward value of a row."""
    return AttachmentInfo(
        id=row.pk,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        url=file_store.signed_url(row.pk),
        from_customer=row.from_customer,
        message_id=MessageId(row.message_id) if row.message_id else None,
    )


def check_files(conversation_id: int | None, files: Sequence[NewFile], *, from_customer: bool) -> None:
    """Whether these files may come with one message, of a new conversation with None.

    Raises FileTooLarge, UnsupportedFile, TooManyFiles.
    """
    limit = settings.CONFIG.files_per_message
    if len(files) > limit:
        raise TooManyFiles(f"One message may carry {limit} files at most.", limit=limit)
    for file in files:
        check_size(file.name, len(file.content))
        if not file.content:
            raise UnsupportedFile("The file is empty.", file=file.name[:200])
        if from_customer and sniff(file.content) not in FROM_CUSTOMERS:
            raise UnsupportedFile(file=file.name[:200])
    if from_customer and conversation_id is not None:
        sent = Attachment.objects.filter(conversation_id=conversation_id, from_customer=True).count()
        if sent + len(files) > MAX_FROM_CUSTOMER:
            raise TooManyFiles("This conversation has enough files.", limit=MAX_FROM_CUSTOMER)


def check_size(name: str, size: int) -> None:
    """Whether a file of this size is taken. Raises FileTooLarge."""
    limit = settings.CONFIG.file_max_bytes
    if size > limit:
        raise FileTooLarge(
            f"A file may hold {limit // 2**20} MB at most.", file=name[:200], size=size, limit_bytes=limit
        )


def add_attachment(conversation_id: int, file: NewFile, *, from_customer: bool = False) -> AttachmentInfo:
    """Store a file; a message carries it by its id in `MessageDraft.attachment_ids`. Raises as `add_attachments`."""
    return add_attachments(conversation_id, [file], from_customer=from_customer)[0]


def add_attachments(
    conversation_id: int, files: Sequence[NewFile], *, from_customer: bool = False
) -> tuple[AttachmentInfo, ...]:
    """Store the files of one message, none of them when one may not come.

    Place and camera are taken out of photos. Raises FileTooLarge, UnsupportedFile, TooManyFiles, NotFound.
    """
    if not Conversation.objects.filter(pk=conversation_id).exists():
        raise NotFound
    check_files(conversation_id, files, from_customer=from_customer)
    return tuple(_store(conversation_id, file, from_customer=from_customer) for file in files)


def _store(conversation_id: int, file: NewFile, *, from_customer: bool) -> AttachmentInfo:
    media_type = sniff(file.content)
    try:
        content = without_metadata(file.content, media_type)
    except Unreadable as problem:
        raise UnsupportedFile("The photo cannot be read.", file=file.name[:200]) from problem
    storage_name = file_store.write(content)
    row = Attachment.objects.create(
        conversation_id=conversation_id,
        name=clean_name(file.name, media_type),
        media_type=media_type,
        size=len(content),
        storage_name=storage_name,
        from_customer=from_customer,
        created_at=now(),
    )
    return attachment_info(row)


def carry(conversation_id: int, attachment_ids: Sequence[int], message_id: int) -> tuple[AttachmentInfo, ...]:
    """Let a message carry files; within the transaction that stores it. Raises InvalidInput."""
    wanted = Attachment.objects.filter(
        pk__in=attachment_ids, conversation_id=conversation_id, message__isnull=True
    )
    if wanted.update(message_id=message_id) != len(set(attachment_ids)):
        raise InvalidInput("A file is not of this conversation, or a message carries it already.")
    return attachments_of([message_id]).get(message_id, ())


def attachments_of(message_ids: Iterable[int]) -> dict[int, tuple[AttachmentInfo, ...]]:
    """The files of messages, by message."""
    found: dict[int, tuple[AttachmentInfo, ...]] = {}
    for row in Attachment.objects.filter(message_id__in=list(message_ids)).order_by("pk"):
        number = row.message_id
        assert number is not None, "they were found by it"
        found[number] = (*found.get(number, ()), attachment_info(row))
    return found


def list_attachments(conversation_id: int, *, from_customer: bool | None = None) -> list[AttachmentInfo]:
    """The files that messages of a conversation carry, oldest first; those of the customer or of ours alone."""
    rows = Attachment.objects.filter(conversation_id=conversation_id, message__isnull=False)
    if from_customer is not None:
        rows = rows.filter(from_customer=from_customer)
    return [attachment_info(row) for row in rows.order_by("pk")]


def customers_files(conversation_id: int, fresh: Sequence[int] = ()) -> dict[str, tuple[str, str]]:
    """Name and media type, by id, of what the customer sent, and of `fresh` files no message carries yet."""
    rows = Attachment.objects.filter(conversation_id=conversation_id, from_customer=True)
    rows = rows.filter(Q(message__isnull=False) | Q(pk__in=fresh))
    return {str(pk): (name, kind) for pk, name, kind in rows.values_list("pk", "name", "media_type")}


def find_attachment(
    conversation_id: int, attachment_id: int, *, for_customer: bool = False
) -> AttachmentInfo | None:
    """A file, only if a message of that conversation carries it; for customers, one they may see."""
    rows = Attachment.objects.filter(pk=attachment_id, conversation_id=conversation_id, message__isnull=False)
    if for_customer:
        rows = rows.filter(message__is_private=False).exclude(message__message_type=MessageType.ACTIVITY)
    row = rows.first()
    return attachment_info(row) if row else None


def find_attachment_by_token(token: str) -> AttachmentInfo | None:
    """The file a signed address is for; None when the address has ended or the file is gone."""
    attachment_id = file_store.read_token(token)
    row = Attachment.objects.filter(pk=attachment_id).first() if attachment_id else None
    return attachment_info(row) if row else None


def open_attachment(attachment: AttachmentInfo) -> IO[bytes]:
    """The content, to be closed by the caller. Raises NotFound when it is gone."""
    name = Attachment.objects.filter(pk=attachment.id).values_list("storage_name", flat=True).first()
    try:
        if name is not None:
            return file_store.open_content(name)
    except FileNotFoundError:
        pass
    raise NotFound("The file is gone.")


@transaction.atomic
def delete_conversation(conversation_id: int) -> None:
    """Delete a conversation with its messages and files. Nothing happens when it is gone already."""
    names = list(
        Attachment.objects.filter(conversation_id=conversation_id).values_list("storage_name", flat=True)
    )
    Conversation.objects.filter(pk=conversation_id).delete()
    transaction.on_commit(lambda: _remove_all(names))


def prune_files() -> int:
    """Delete files no message came for, and contents without a row; returns how many."""
    late = Attachment.objects.filter(message__isnull=True, created_at__lt=now() - ORPHAN_AGE)
    with transaction.atomic():  # locked, so that no message takes one up meanwhile
        names = list(late.select_for_update().values_list("storage_name", flat=True))
        late.filter(storage_name__in=names).delete()
    for listed in file_store.stored_names(older_than_s=ORPHAN_AGE.total_seconds()):
        known = set(Attachment.objects.filter(storage_name__in=listed).values_list("storage_name", flat=True))
        names += [n for n in listed if n not in known and n not in names]
    _remove_all(names)
    return len(names)


def _remove_all(names: Iterable[str]) -> None:
    for name in names:
        file_store.remove(name)
