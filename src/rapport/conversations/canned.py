"""Canned responses: texts of staff with a short code, shared, of a team or of one person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Permission, Staff
from rapport.conversations.logic.placeholders import PLACEHOLDERS, unknown_placeholders
from rapport.conversations.models import CannedResponse
from rapport.conversations.services import clean_text
from rapport.kernel.clock import now
from rapport.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from rapport.kernel.languages import LANGUAGES

SHARED, TEAM, PERSONAL = "shared", "team", "personal"
SCOPES = (SHARED, TEAM, PERSONAL)
MAX_TEXT_CHARS = 5_000
MAX_LISTED = 500
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CannedInfo:
    """A canned response."""

    id: int
    short_code: str
    texts: Mapping[str, str]
    """Language → text with placeholders."""
    scope: str
    """``shared``, ``team`` or ``personal``."""
    team_id: int | None
    use_count: int
    is_editable: bool
    """By whom it was asked for."""

    def text_in(self, language: str) -> tuple[str, str]:
        """The text for a customer's language, and the language it is in: another one where that is missing."""
        chosen = next((x for x in (language, *LANGUAGES) if x in self.texts), "")
        return self.texts.get(chosen, ""), chosen


@dataclass(frozen=True, slots=True)
class CannedDraft:
    """What a canned response shall be."""

    short_code: str
    texts: Mapping[str, str]
    scope: str = SHARED
    team_id: int | None = None


def may_share(staff: Staff) -> bool:
    """Whether somebody writes for others, not only for themselves."""
    return Permission.WRITE_KNOWLEDGE in staff.permissions


def find_canned(staff: Staff, canned_id: int) -> CannedInfo | None:
    """One that this member of staff may see."""
    row = _visible(staff).filter(pk=canned_id).first()
    return _info(row, staff) if row else None


def list_canned(staff: Staff, query: str = "", *, limit: int = MAX_LISTED) -> list[CannedInfo]:
    """Those a member of staff may use: short codes that begin with the query first, then the most used."""
    words = query.casefold().split()
    rows = _visible(staff)
    for word in words:
        rows = rows.filter(search_text__contains=word)
    found = list(rows.order_by("-use_count", "short_code", "pk")[: max(limit, MAX_LISTED)])
    if words:
        begins = words[0]
        found.sort(key=lambda row: (not row.short_code.startswith(begins), begins not in row.short_code))
    return [_info(row, staff) for row in found[:limit]]


def _visible(staff: Staff) -> QuerySet[CannedResponse]:
    mine = Q(owner_id=staff.id) | Q(owner=None, team=None)
    teams = Q(team__isnull=False) if may_share(staff) else Q(team_id__in=staff.team_ids)
    return CannedResponse.objects.filter(mine | teams)


def _info(row: CannedResponse, staff: Staff) -> CannedInfo:
    scope = PERSONAL if row.owner_id else TEAM if row.team_id else SHARED
    is_editable = row.owner_id == staff.id if scope == PERSONAL else may_share(staff)
    return CannedInfo(row.pk, row.short_code, dict(row.texts), scope, row.team_id, row.use_count, is_editable)


def check_draft(staff: Staff, draft: CannedDraft) -> CannedDraft:
    """The draft as it is stored. Raises InvalidInput, NotPermitted."""
    code = draft.short_code.strip().lower().removeprefix("/")
    if not _CODE.fullmatch(code):
        raise InvalidInput(
            _("A short code has small letters, digits, - and _, at most 60 of them."), field="short_code"
        )
    texts = {language: clean_text(text) for language, text in draft.texts.items() if text.strip()}
    strange = sorted(set(texts) - set(LANGUAGES))
    if not texts or strange:
        known = {"languages": ", ".join(LANGUAGES)}
        raise InvalidInput(
            _("Give a text in one of: %(languages)s.") % known, field="content", unknown=strange
        )
    for language, text in texts.items():
        _check_text(language, text)
    if draft.scope not in SCOPES:
        raise InvalidInput(_("A scope is one of %(scopes)s.") % {"scopes": ", ".join(SCOPES)}, field="scope")
    _check_may_write(staff, draft.scope)
    team_id = draft.team_id if draft.scope == TEAM else None
    if draft.scope == TEAM and team_id not in {int(team.id) for team in accounts.list_teams()}:
        raise InvalidInput(_("There is no such team."), field="team_id")
    ordered = {language: texts[language] for language in LANGUAGES if language in texts}
    return CannedDraft(code, ordered, draft.scope, team_id)


def _check_text(language: str, text: str) -> None:
    if len(text) > MAX_TEXT_CHARS:
        said = _("A text has at most %(limit)s characters.") % {"limit": MAX_TEXT_CHARS}
        raise InvalidInput(said, field=f"content_{language}")
    unknown = unknown_placeholders(text)
    if unknown:
        facts = {
            "unknown": ", ".join(unknown),
            "known": ", ".join("{{" + name + "}}" for name in PLACEHOLDERS),
        }
        said = _("Unknown placeholder: %(unknown)s. There are %(known)s.") % facts
        raise InvalidInput(said, field=f"content_{language}")


def _check_may_write(staff: Staff, scope: str) -> None:
    needed = Permission.ANSWER if scope == PERSONAL else Permission.WRITE_KNOWLEDGE
    if needed not in staff.permissions:
        raise NotPermitted(needs=[needed.value])


@transaction.atomic
def save_canned(
    staff: Staff, draft: CannedDraft, *, canned_id: int | None = None, ip_address: str = ""
) -> CannedInfo:
    """Make one, or change one. Raises InvalidInput, NotPermitted, NotFound, Conflict (the short code is taken)."""
    return _store(staff, check_draft(staff, draft), canned_id, ip_address)


def _store(staff: Staff, checked: CannedDraft, canned_id: int | None, ip_address: str) -> CannedInfo:
    row = CannedResponse(created_at=now()) if canned_id is None else _locked(staff, canned_id)
    before = {} if canned_id is None else _on_record(row)
    row.short_code, row.texts = checked.short_code, dict(checked.texts)
    row.team_id = checked.team_id
    row.owner_id = int(staff.id) if checked.scope == PERSONAL else None
    row.search_text = "\n".join([checked.short_code, *checked.texts.values()]).casefold()
    row.updated_at = now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as problem:
        raise Conflict(_("There is a canned response with this short code."), field="short_code") from problem
    after = _on_record(row)
    if before != after:
        _audit(staff, "created" if canned_id is None else "changed", row.pk, before, after, ip_address)
    return _info(row, staff)


@transaction.atomic
def delete_canned(staff: Staff, canned_id: int, *, ip_address: str = "") -> None:
    """Remove one. Raises NotPermitted, NotFound."""
    row = _locked(staff, canned_id)
    before = _on_record(row)
    row.delete()
    _audit(staff, "deleted", canned_id, before, {}, ip_address)


def count_use(staff: Staff, canned_id: int) -> None:
    """Somebody inserted it into a reply."""
    _visible(staff).filter(pk=canned_id).update(use_count=F("use_count") + 1, last_used_at=now())


def find_id(staff: Staff, draft: CannedDraft) -> int | None:
    """The one with this short code for the same people."""
    rows = CannedResponse.objects.filter(short_code=draft.short_code)
    if draft.scope == PERSONAL:
        rows = rows.filter(owner_id=staff.id)
    else:
        rows = rows.filter(Q(team_id=draft.team_id) if draft.team_id else Q(team=None), owner=None)
    return rows.values_list("pk", flat=True).first()


def save_all(staff: Staff, drafts: Iterable[CannedDraft], *, ip_address: str = "") -> tuple[int, int]:
    """Store many, all or none; how many are new and how many were there before."""
    return store_checked(staff, [check_draft(staff, draft) for draft in drafts], ip_address=ip_address)


@transaction.atomic
def store_checked(staff: Staff, drafts: Iterable[CannedDraft], *, ip_address: str = "") -> tuple[int, int]:
    """The same of drafts that `check_draft` gave back."""
    made = known = 0
    for draft in drafts:
        found = find_id(staff, draft)
        _store(staff, draft, found, ip_address)
        made, known = made + (found is None), known + (found is not None)
    return made, known


def _locked(staff: Staff, canned_id: int) -> CannedResponse:
    row = _visible(staff).select_for_update().filter(pk=canned_id).first()
    if row is None:
        raise NotFound("There is no canned response with this id.", id=canned_id)
    if not _info(row, staff).is_editable:
        raise NotPermitted(needs=[Permission.WRITE_KNOWLEDGE.value])
    return row


def _on_record(row: CannedResponse) -> dict[str, Any]:
    return {
        "short_code": row.short_code,
        "texts": dict(row.texts),
        "team": row.team_id,
        "personal": row.owner_id is not None,
    }


def _audit(
    staff: Staff, verb: str, canned_id: int, before: dict[str, Any], after: dict[str, Any], ip_address: str
) -> None:
    accounts.record_audit(
        f"canned_response_{verb}",
        actor_id=staff.id,
        subject=f"canned:{canned_id}",
        detail={"before": before, "after": after},
        ip_address=ip_address,
    )
