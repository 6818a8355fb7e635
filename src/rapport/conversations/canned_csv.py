"""Canned responses as a table: read from a CSV file of another system, and written to one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Staff
from rapport.conversations.canned import (
    PERSONAL,
    SHARED,
    TEAM,
    CannedDraft,
    CannedInfo,
    check_draft,
    store_checked,
)
from rapport.kernel.errors import InvalidInput, NotPermitted
from rapport.kernel.languages import LANGUAGES

MAX_BYTES = 1_000_000
MAX_ROWS = 2_000
COLUMNS = ("short_code", *LANGUAGES, "scope", "team")


def import_canned(staff: Staff, content: bytes, *, ip_address: str = "") -> tuple[int, int]:
    """Store every row, or nothing; how many are new and how many were there before. Raises InvalidInput.

    Columns: ``short_code`` and a language (``en``, ``cs`` …) or ``content``, which is English; ``scope`` and
    ``team`` (its key) if given. Commas, semicolons or tabs; UTF-8.
    """
    return store_checked(staff, _drafts(staff, content), ip_address=ip_address)


def _drafts(staff: Staff, content: bytes) -> list[CannedDraft]:
    if len(content) > MAX_BYTES:
        said = _("The file has more than %(limit)s MB.") % {"limit": MAX_BYTES // 1_000_000}
        raise InvalidInput(said, field="file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise InvalidInput(_("The file is not in UTF-8."), field="file") from problem
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    names = {(name or "").strip().lower() for name in reader.fieldnames or ()}
    if "short_code" not in names or not names & {*LANGUAGES, "content"}:
        raise InvalidInput(_("The first line names short_code and content, or languages."), field="file")
    teams = {team.key: int(team.id) for team in accounts.list_teams()}
    drafts: list[CannedDraft] = []
    try:
        for row in reader:
            cells = {(k or "").strip().lower(): v or "" for k, v in row.items() if isinstance(v, str)}
            if any(value.strip() for value in cells.values()):
                drafts.append(_draft(staff, cells, teams, reader.line_num))
    except csv.Error as problem:
        raise InvalidInput(_at(reader.line_num, f"{problem}."), field="file") from problem
    if not 0 < len(drafts) <= MAX_ROWS:
        facts = {"rows": len(drafts), "limit": MAX_ROWS}
        raise InvalidInput(_("The file has %(rows)s rows; 1 to %(limit)s are read.") % facts, field="file")
    return drafts


def _draft(staff: Staff, cells: dict[str, str], teams: dict[str, int], line: int) -> CannedDraft:
    texts = {language: cells[language] for language in LANGUAGES if cells.get(language, "").strip()}
    if cells.get("content", "").strip():
        texts.setdefault("en", cells["content"])
    team = cells.get("team", "").strip()
    scope = cells.get("scope", "").strip().lower() or (TEAM if team else SHARED)
    if scope == TEAM and team not in teams:
        said = _("there is no team “%(key)s”.") % {"key": team[:40]}
        raise InvalidInput(_at(line, said), field="file", line=line)
    try:
        return check_draft(staff, CannedDraft(cells.get("short_code", ""), texts, scope, teams.get(team)))
    except InvalidInput as problem:
        raise InvalidInput(_at(line, str(problem)), field="file", line=line) from problem
    except NotPermitted as problem:
        said = _("you may import for yourself only (scope %(scope)s).") % {"scope": PERSONAL}
        raise InvalidInput(_at(line, said), field="file", line=line) from problem


def _at(line: int, problem: str) -> str:
    return _("Line %(line)s: %(problem)s") % {"line": line, "problem": problem}


def export_canned(rows: Iterable[CannedInfo]) -> str:
    """The same table of these responses."""
    teams = {int(team.id): team.key for team in accounts.list_teams()}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        texts = [row.texts.get(language, "") for language in LANGUAGES]
        writer.writerow([row.short_code, *texts, row.scope, teams.get(row.team_id or 0, "")])
    return out.getvalue()
