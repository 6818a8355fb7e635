"""Files that calls leave: documents made for a customer, pictures of a page; kept by the key of the call."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path

from django.conf import settings

from rapport.connectors.contracts import JsonDict
from rapport.kernel.errors import NotFound

MAX_NAME_CHARS = 80
_REF = re.compile(r"[0-9a-f]{40}/[A-Za-z0-9][A-Za-z0-9._-]{0,79}", re.ASCII)


def keep_file(key: str, name: str, media_type: str, content: bytes) -> JsonDict:
    """Keep a file of a call; what an action's result says of it. The same name replaces the former one."""
    folder, safe = _folder(key), _safe(name)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, written = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(handle)
    Path(written).replace(folder / safe)
    return describe_file(f"{folder.name}/{safe}", media_type, content)


def describe_file(ref: str, media_type: str, content: bytes) -> JsonDict:
    """What a result says of a file."""
    return {
        "ref": ref,
        "name": ref.partition("/")[2],
        "media_type": media_type,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def read_file(ref: str) -> bytes:
    """A kept file. Raises NotFound, also for a name that is none."""
    if not _REF.fullmatch(ref):
        raise NotFound
    try:
        return (Path(settings.CALL_FILES_DIR) / ref).read_bytes()
    except OSError as problem:
        raise NotFound from problem


def has_file(key: str, name: str) -> bool:
    """Whether a call left a file of this name."""
    return (_folder(key) / _safe(name)).is_file()


def find_file(key: str, name: str, media_type: str) -> JsonDict | None:
    """What a result says of the file that a call left under this name; None when it left none."""
    if not has_file(key, name):
        return None
    ref = f"{_folder(key).name}/{_safe(name)}"
    return describe_file(ref, media_type, read_file(ref))


def kept_files(key: str) -> list[JsonDict]:
    """What a call left, whatever became of it: pictures taken before it broke off."""
    folder = _folder(key)
    if not folder.is_dir():
        return []
    pictures = sorted(path for path in folder.iterdir() if path.suffix == ".jpg")
    return [describe_file(f"{folder.name}/{p.name}", "image/jpeg", p.read_bytes()) for p in pictures]


def place_of(ref: str) -> Path:
    """Where a kept file lies on this machine."""
    return Path(settings.CALL_FILES_DIR) / ref


def remove_files(key: str) -> None:
    """Erase what a call left."""
    shutil.rmtree(_folder(key), ignore_errors=True)


def prune_files(before: dt.datetime) -> int:
    """Delete what calls left before a moment and nothing has been added to since; returns of how many calls."""
    root = Path(settings.CALL_FILES_DIR)
    folders = [path for path in root.iterdir() if path.is_dir()] if root.is_dir() else []
    late = [path for path in folders if path.stat().st_mtime < before.timestamp()]
    for path in late:
        shutil.rmtree(path, ignore_errors=True)
    return len(late)


def files_in(result: JsonDict) -> list[JsonDict]:
    """Every file an action's result names: one as ``file``, pictures as ``screens``."""
    found = [result.get("file"), *(result.get("screens") or [])]
    return [entry for entry in found if isinstance(entry, dict) and _REF.fullmatch(str(entry.get("ref")))]


def _safe(name: str) -> str:
    """The name as a reference may hold it."""
    kept = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")
    return kept[-MAX_NAME_CHARS:].lstrip("-._") or "file"


def _folder(key: str) -> Path:
    return Path(settings.CALL_FILES_DIR) / hashlib.sha256(key.encode()).hexdigest()[:40]
