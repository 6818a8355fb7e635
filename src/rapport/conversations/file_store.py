"""Contents of attachments on disk: random names below ``DATA_DIR/files``, and addresses that say who may read."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core import signing

from rapport.kernel.clock import now

SALT = "rapport.conversations.file"
REFERENCE_SALT = "rapport.conversations.file_reference"
REFERENCE = "rapport-file:"
_REFERENCE = re.compile(rf"{REFERENCE}(\d{{1,18}}:[A-Za-z0-9_-]{{20,90}})", re.ASCII)
URL_LIFETIME_S = 3600
"""A signed address lasts for one to two such spans, and is the same for a whole one: browsers may keep the file."""


def folder() -> Path:
    """Where contents lie."""
    return Path(settings.CONFIG.data_dir) / "files"


def path_of(storage_name: str) -> Path:
    """The path of a stored content."""
    assert storage_name.isalnum(), "names are made here, of hexadecimal digits"
    return folder() / storage_name[:2] / storage_name


def write(content: bytes) -> str:
    """Store a content; returns its random name."""
    name = secrets.token_hex(16)
    path = path_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(content)
    return name


def open_content(storage_name: str) -> IO[bytes]:
    """A stored content, to be closed by the caller. Raises FileNotFoundError."""
    return path_of(storage_name).open("rb")


def remove(storage_name: str) -> None:
    """Delete a content; one that is gone already is fine."""
    path_of(storage_name).unlink(missing_ok=True)


def stored_names(*, older_than_s: float) -> Iterator[list[str]]:
    """Names of all contents of at least this age, a folder at a time."""
    newest = now().timestamp() - older_than_s
    for part in sorted(folder().glob("[0-9a-f][0-9a-f]")):
        yield [p.name for p in part.iterdir() if p.name.isalnum() and p.stat().st_mtime <= newest]


def signed_url(attachment_id: int) -> str:
    """An address at which anybody may read this file for the next hour or two."""
    ends_at = (int(now().timestamp()) // URL_LIFETIME_S + 2) * URL_LIFETIME_S
    token = signing.Signer(salt=SALT).sign_object([attachment_id, ends_at])
    return f"{settings.CONFIG.base_url}/files/{token}"


def read_token(token: str) -> int | None:
    """The attachment a signed address is for; None when it was not made by us or has ended."""
    try:
        attachment_id, ends_at = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(attachment_id) if ends_at > now().timestamp() else None


def reference(attachment_id: int) -> str:
    """What stands for a file's address wherever it is kept: the same for ever, and made by nobody but us."""
    return REFERENCE + signing.Signer(salt=REFERENCE_SALT).sign(str(attachment_id))


def with_addresses(value: Any) -> Any:
    """A JSON value with a signed address in the place of each reference; call it when the value leaves us."""
    if isinstance(value, str):
        return _REFERENCE.sub(_address, value) if REFERENCE in value else value
    if isinstance(value, dict):
        return {key: with_addresses(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [with_addresses(part) for part in value]
    return value


def _address(found: re.Match[str]) -> str:
    try:
        return signed_url(int(signing.Signer(salt=REFERENCE_SALT).unsign(found[1])))
    except signing.BadSignature:
        return found[0]
