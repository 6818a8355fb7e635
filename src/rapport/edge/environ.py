"""An ASGI scope as a WSGI environment."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

from rapport.edge.asgi import Scope

LOOPBACK = frozenset({"127.0.0.1", "::1"})
WITH_UNDERSCORE = frozenset({b"api_access_token"})
"""Chatwoot's token header is the one name with an underscore that is let through."""
_SINGLE = frozenset({"CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_HOST"})


class BadRequest(ValueError):
    """The request's headers contradict themselves; it is answered 400."""


def build_environ(scope: Scope, trusted_proxies: Collection[str] = LOOPBACK) -> dict[str, Any]:
    """Translate a scope.

    Headers with an underscore are dropped (they would pass for their dashed twin), and forwarding headers are
    believed only from a trusted proxy: from anyone else they are dropped too.

    Raises: BadRequest: a header that must be single was sent twice with different values.
    """
    server, port = scope.get("server") or ("localhost", 80)
    peer = (scope.get("client") or ("", 0))[0]
    raw_path = scope.get("raw_path")
    path = unquote_to_bytes(raw_path) if raw_path else scope["path"].encode("utf-8", "surrogateescape")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.partition(b"?")[0].decode("latin-1")
        if raw_path is None
        else path.decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "SERVER_NAME": server,
        "SERVER_PORT": str(port or 80),
        "REMOTE_ADDR": peer,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    add_headers(environ, scope["headers"])
    _apply_forwarding(environ, is_trusted=not peer or peer in trusted_proxies)
    return environ


def add_headers(environ: dict[str, Any], headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Add request headers, joining those that were sent more than once."""
    for raw_name, raw_value in headers:
        if b"_" in raw_name and raw_name.lower() not in WITH_UNDERSCORE:
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        value = raw_value.decode("latin-1")
        if name not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            name = f"HTTP_{name}"
        if name not in environ:
            environ[name] = value
        elif name in _SINGLE:
            if environ[name] != value:
                raise BadRequest(f"{raw_name.decode('latin-1')} was sent twice")
        else:
            environ[name] += ("; " if name == "HTTP_COOKIE" else ",") + value


def _apply_forwarding(environ: dict[str, Any], *, is_trusted: bool) -> None:
    if not is_trusted:
        for name in ("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST"):
            environ.pop(name, None)
        return
    scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
    if scheme in {"http", "https"}:
        environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"] = scheme
    client = environ.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    if client:
        environ["REMOTE_ADDR"] = client
