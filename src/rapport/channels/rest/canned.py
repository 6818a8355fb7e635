"""``/api/v1/accounts/{account_id}/canned_responses…``."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from rapport.accounts.contracts import Permission
from rapport.channels import shapes
from rapport.channels.http import json_answer
from rapport.channels.limits import client_address
from rapport.channels.rest import payloads
from rapport.channels.rest import shapes as rest_shapes
from rapport.channels.rest.access import Account, Number, check_may
from rapport.channels.rest.routes import put_and_patch
from rapport.conversations import api as conversations
from rapport.conversations.api import CannedDraft, CannedInfo
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.kernel.ids import ACCOUNT_ID
from rapport.kernel.languages import base_language

router = Router(tags=["Canned responses"])
WRITERS = (Permission.ANSWER, Permission.WRITE_KNOWLEDGE)
Language = Annotated[str, Query(max_length=35)]


def _present(info: CannedInfo, language: str = "en") -> dict[str, Any]:
    content, found = info.text_in(base_language(language))
    return {
        "id": info.id,
        "account_id": ACCOUNT_ID,
        "short_code": info.short_code,
        "content": content,
        "language": found,
        "contents": dict(info.texts),
        "scope": info.scope,
        "team_id": info.team_id,
        "use_count": info.use_count,
    }


@router.get("", response=shapes.responses(list[rest_shapes.CannedResponseShape]))
def list_canned_responses(
    request: HttpRequest,
    account_id: Account,
    search: Annotated[str, Query(max_length=200)] = "",
    language: Language = "en",
) -> HttpResponse:
    """Those the caller may use; with ``search`` those whose short code or text holds every word of it."""
    staff = check_may(request, account_id, *WRITERS)
    return json_answer([_present(found, language) for found in conversations.list_canned(staff, search)])


@router.post("", response=shapes.responses(rest_shapes.CannedResponseShape))
def create_canned_response(
    request: HttpRequest, account_id: Account, payload: payloads.CannedResponsePayload
) -> HttpResponse:
    """A new one: shared with everybody unless `scope` says otherwise."""
    staff = check_may(request, account_id, *WRITERS)
    draft = _draft(payload, None)
    made = conversations.save_canned(staff, draft, ip_address=client_address(request))
    return json_answer(_present(made, payload.language or "en"))


def update_canned_response(
    request: HttpRequest, account_id: Account, number: Number, payload: payloads.CannedResponsePayload
) -> HttpResponse:
    """Change what is given of one; a `content` replaces the text of its `language` (English) alone."""
    staff = check_may(request, account_id, *WRITERS)
    known = conversations.find_canned(staff, number)
    if known is None:
        raise NotFound("There is no canned response with this id.", id=number)
    draft = _draft(payload, known)
    saved = conversations.save_canned(staff, draft, canned_id=number, ip_address=client_address(request))
    return json_answer(_present(saved, payload.language or "en"))


put_and_patch(router, update_canned_response, rest_shapes.CannedResponseShape, "canned_response")


@router.delete("/{number}", response=shapes.responses(shapes.EmptyShape))
def delete_canned_response(request: HttpRequest, account_id: Account, number: Number) -> HttpResponse:
    """Remove one."""
    staff = check_may(request, account_id, *WRITERS)
    conversations.delete_canned(staff, number, ip_address=client_address(request))
    return json_answer({})


def _draft(given: payloads.CannedResponsePayload, known: CannedInfo | None) -> CannedDraft:
    payload = given.canned_response or given
    language = payload.language or "en"
    if base_language(language, "") != language:
        raise InvalidInput("There is no such language.", field="language")
    texts = dict(payload.contents if payload.contents is not None else known.texts if known else {})
    if payload.content is not None:
        texts[language] = payload.content
    code = payload.short_code if payload.short_code is not None else known.short_code if known else ""
    scope = payload.scope or (known.scope if known else "shared")
    team_id = payload.team_id if payload.team_id is not None else known.team_id if known else None
    return CannedDraft(code, texts, scope, team_id)
