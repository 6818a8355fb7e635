"""Reading the forms of connected systems: how one is reached, and how an action is declared."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils.translation import gettext as _

from rapport.connectors import api as connectors
from rapport.connectors.contracts import ActionEffect, ConnectorInfo
from rapport.kernel.errors import InvalidInput

KEY = re.compile(r"[a-z][a-z0-9_]{1,30}", re.ASCII)
SCHEMES = ("none", "bearer", "basic", "header_key", "query_key", "oauth2")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}", re.ASCII)
_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_.\[\]-]{0,60}", re.ASCII)
MAX_SECRET_CHARS = 400
EXTRA_OUTPUTS = 2
FEW_INPUTS = 6
"""More fields than these are folded away until they are mapped or required."""


def read_key(post: QueryDict) -> str:
    """The name of a new system. Raises InvalidInput."""
    key = post.get("key", "").strip()
    if not KEY.fullmatch(key) or key == "shop":
        raise InvalidInput(
            _("The name has small letters, digits and _, and begins with a letter."), field="key"
        )
    if connectors.find_connector(key) is not None:
        raise InvalidInput(_("A system of this name exists."), field="key")
    return key


def read_connection(post: QueryDict, before: ConnectorInfo) -> ConnectorInfo:
    """How the system is reached. Raises InvalidInput."""
    settings = {**before.settings, "timeout_s": _timeout(post)}
    if before.kind == "mcp":
        settings["transport"] = "stdio" if post.get("transport") == "stdio" else "http"
        settings["server"] = post.get("server", "").strip()[:100]
    scheme = post.get("scheme", "bearer" if before.kind == "mcp" else "none")
    settings["login"] = {
        "scheme": scheme if scheme in SCHEMES else "none",
        "name": post.get("login_name", "").strip()[:200],
        "token_url": post.get("token_url", "").strip()[:300] if scheme == "oauth2" else "",
        "scope": post.get("scope", "").strip()[:200],
    }
    base_url = post.get("base_url", "").strip().rstrip("/")
    return replace(before, base_url=base_url, is_enabled=post.get("is_enabled") == "1", settings=settings)


def check_connection(given: ConnectorInfo, secret: str) -> None:
    """Refuse what cannot be reached or signed in to. Raises InvalidInput."""
    if given.settings.get("transport") == "stdio":
        if given.settings["server"] not in connectors.list_servers():
            raise InvalidInput(_("Choose a server of the operator's file."), field="server")
        return
    _check_url(given.base_url, "base_url")
    login = given.settings["login"]
    if len(secret) > MAX_SECRET_CHARS or not secret.isascii() or not secret.isprintable():
        raise InvalidInput(_("This does not look like a key."), field="secret")
    if given.kind == "openapi" and login["scheme"] != "none" and not secret and not given.has_secret:
        raise InvalidInput(_("Enter the key the system gave you."), field="secret")
    if login["scheme"] in {"basic", "oauth2"} and (not login["name"] or not login["name"].isascii()):
        raise InvalidInput(_("Enter the user's name or the client's id."), field="login_name")
    if login["scheme"] == "header_key" and not _HEADER.fullmatch(login["name"]):
        raise InvalidInput(_("Enter the name of the key's header."), field="login_name")
    if login["scheme"] == "query_key" and not _PARAMETER.fullmatch(login["name"]):
        raise InvalidInput(_("Enter the name of the key's parameter."), field="login_name")
    if login["scheme"] == "oauth2":
        _check_url(login["token_url"], "token_url")


def _check_url(url: str, field: str) -> None:
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_good = False
    if not is_good or len(url) > 300:
        raise InvalidInput(_("The address begins with https:// or http://."), field=field)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InvalidInput(_("The address holds no user name, query or fragment."), field=field)


def _timeout(post: QueryDict) -> float:
    try:
        return min(max(float(post.get("timeout_s", "8")), 1.0), 60.0)
    except ValueError:
        return 8.0


# ── actions ─────────────────────────────────────────────────────────────────────────────────────────


def suggest(system: str, offer: connectors.Offer) -> connectors.DeclaredAction:
    """An action of an offer with everything filled in that can be guessed; a person corrects it."""
    inputs = tuple(
        connectors.InputMap(f.key, "argument", _argument_name(f.name or "body"))
        for f in offer.fields
        if f.is_required
    )
    return connectors.DeclaredAction(
        name=f"{system}.{_argument_name(_verb_noun(offer))}",
        title=offer.title[:100] or offer.key[:100],
        effect=offer.likely_effect,
        target=offer.target,
        fields=offer.fields,
        inputs=inputs,
        outputs=_likely_outputs(offer),
        is_idempotent=offer.is_idempotent,
        key_header=offer.key_header,
    )


def _likely_outputs(offer: connectors.Offer) -> tuple[connectors.OutputMap, ...]:
    lists = [path for path, type_ in offer.places if type_ == "array" and ".0" not in path]
    if lists and offer.likely_effect is ActionEffect.READ:
        return (
            connectors.OutputMap(_argument_name(lists[0].split(".")[-1] or "items"), lists[0], many=True),
        )
    flat = [
        p
        for p, t in offer.places
        if t in {"string", "integer", "number", "boolean"} and "." not in p and "/" not in p
    ]
    return tuple(connectors.OutputMap(_argument_name(path), path) for path in flat[:8])


def _verb_noun(offer: connectors.Offer) -> str:
    if "tool" in offer.target:
        return offer.key
    method, _space, path = offer.key.partition(" ")
    words = [
        w
        for w in re.split(r"[^A-Za-z0-9]+", re.sub(r"\{[^}]*\}", "", path))
        if w and not re.fullmatch(r"v\d+|api", w)
    ]
    verb = {
        "GET": "get",
        "HEAD": "check",
        "POST": "create",
        "PUT": "set",
        "PATCH": "change",
        "DELETE": "delete",
    }[method]
    if method == "GET" and not path.rstrip("/").endswith("}"):
        verb = "list"
    return "_".join([verb, *words[-2:]])


def _argument_name(text: str) -> str:
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    name = re.sub(r"[^a-z0-9]+", "_", snake.lower()).strip("_")[:39]
    return name if name and name[0].isalpha() else f"v_{name}"[:39]


def read_action(post: QueryDict, system: str, base: connectors.DeclaredAction) -> connectors.DeclaredAction:
    """The action as declared in the form, on what it calls. Raises InvalidInput."""
    name = post.get("name", "").strip()
    effect = post.get("effect", "")
    if effect not in {e.value for e in ActionEffect}:
        raise InvalidInput(_("Say what the action does."), field="effect")
    header = post.get("key_header", "").strip()
    if header and not _HEADER.fullmatch(header):
        raise InvalidInput(_("This is no name of a header."), field="key_header")
    return connectors.DeclaredAction(
        name=name if "." in name else f"{system}.{name}",
        title=" ".join(post.get("title", "").split())[:100] or name[:100],
        effect=ActionEffect(effect),
        target=base.target,
        is_personal=post.get("is_personal") == "1",
        fields=base.fields,
        inputs=_inputs(post, base),
        outputs=_outputs(post),
        is_idempotent=post.get("is_idempotent") == "1",
        key_header=header,
        find=post.get("find", "").strip()[:80],
        found=post.get("found", "").strip()[:200],
        owner=post.get("owner", "").strip()[:200],
        guard=post.get("guard", "").strip()[:80],
        needs_approval=base.needs_approval,
        amount_argument=post.get("amount_argument", "").strip()[:39],
        undone_by=post.get("undone_by", "").strip()[:80],
    )


def check_confirmed(post: QueryDict) -> None:
    """Refuse an action nobody vouches for. Raises InvalidInput."""
    if post.get("is_confirmed") != "1":
        raise InvalidInput(_("Confirm that you have checked what this action does."), field="is_confirmed")


def _inputs(post: QueryDict, base: connectors.DeclaredAction) -> tuple[connectors.InputMap, ...]:
    found = []
    for number, field in enumerate(base.fields):
        source = post.get(f"source-{number}", "")
        if source in connectors.SOURCES:
            value = post.get(f"value-{number}", "").strip()[:500] if source in {"argument", "fixed"} else ""
            if source == "argument" and not value:
                value = _argument_name(field.name or "body")
            found.append(connectors.InputMap(field.key, source, value))
    return tuple(found)


def _outputs(post: QueryDict) -> tuple[connectors.OutputMap, ...]:
    found: dict[str, connectors.OutputMap] = {}
    for number in range(60):
        name = post.get(f"output-{number}-name", "").strip()[:40]
        if name:
            attributes = [a.strip()[:200] for a in post.get(f"output-{number}-attributes", "").split(",")]
            found[name] = connectors.OutputMap(
                name,
                post.get(f"output-{number}-path", "").strip()[:200],
                post.get(f"output-{number}-many") == "1",
                post.get(f"output-{number}-id", "").strip()[:200] or "id",
                post.get(f"output-{number}-title", "").strip()[:200] or "title",
                tuple(a for a in attributes if a)[:20],
            )
    return tuple(found.values())


def rows_of(action: connectors.DeclaredAction) -> dict[str, Any]:
    """An action's maps as rows of the form, with empty ones to add more."""
    mapped = {i.field: i for i in action.inputs}
    rows = [(n, f, mapped.get(f.key)) for n, f in enumerate(action.fields)]
    is_few = len(rows) <= FEW_INPUTS
    shown = [row for row in rows if is_few or row[2] is not None or row[1].is_required]
    shown.sort(key=lambda row: (row[2] is None, not row[1].is_required, row[0]))
    return {
        "inputs": shown,
        "more_inputs": [row for row in rows if row not in shown],
        "outputs": list(enumerate([*action.outputs, *[None] * EXTRA_OUTPUTS])),
    }
