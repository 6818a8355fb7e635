"""Files and forms for tests."""

from __future__ import annotations

import json
from typing import Any

from rapport.channels.tests.conftest import Answer, Api

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
PDF = b"%PDF-1.7\n%\xe2\xe3\n"
HTML = b"<html><script>alert(document.domain)</script></html>"
BOUNDARY = "boundary"


def form(files: list[tuple[str, bytes]], field: str = "attachments[]", **fields: str) -> bytes:
    """A multipart body; names may hold brackets: pass them by ``**{"message[content]": "…"}``."""
    parts = [f'Content-Disposition: form-data; name="{n}"\r\n\r\n{v}'.encode() for n, v in fields.items()]
    for name, content in files:
        head = f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: image/png'
        parts.append(f"{head}\r\n\r\n".encode() + content)
    joined = b"".join(f"--{BOUNDARY}\r\n".encode() + part + b"\r\n" for part in parts)
    return joined + f"--{BOUNDARY}--\r\n".encode()


def post(api: Api, path: str, body: bytes, method: str = "POST", **headers: str) -> Answer:
    """Send a form."""
    content_type = f"multipart/form-data; boundary={BOUNDARY}"
    response = api.client.generic(
        method, path, body, content_type=content_type, headers={**api.headers, **headers}
    )
    return Answer(response.status_code, json.loads(response.content), response.headers)


def fetch(api: Api, path: str, **headers: str) -> tuple[int, bytes, Any]:
    """Get a file."""
    response = api.client.get(path, headers={**api.headers, **headers})
    return response.status_code, response.getvalue(), response.headers
