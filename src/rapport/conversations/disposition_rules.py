"""The shop's own list of root causes, what proposes each, and whether people must confirm dispositions."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from rapport.conversations.contracts import DispositionRules, RootCause
from rapport.conversations.models import DispositionPolicy
from rapport.kernel.errors import InvalidInput

MAX_CAUSES = 100
MAX_GROUNDS = 20
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
_GROUND = re.compile(
    r"(procedure|handover|refused) ([a-z][a-z0-9_:.]*)"
    r"|slot ((?:[a-z][a-z0-9_]*\.)?[a-z][a-z0-9_]*) = (\S.{0,99})",
    re.ASCII | re.IGNORECASE,
)


def find_rules() -> DispositionRules:
    """What is in force."""
    row = DispositionPolicy.objects.filter(pk="default").first()
    if row is None:
        return DispositionRules()
    causes = tuple(RootCause(c["key"], c["title"], tuple(c.get("when", ()))) for c in row.causes)
    return DispositionRules(row.is_required, causes)


def save_rules(rules: DispositionRules) -> DispositionRules:
    """Put other rules in force; as they are stored. Raises InvalidInput."""
    causes = tuple(_checked(cause) for cause in rules.causes)
    keys = [cause.key for cause in causes]
    twice = next((key for key in keys if keys.count(key) > 1), "")
    if twice:
        raise InvalidInput(_("“%(key)s” is there twice.") % {"key": twice}, field="causes")
    if len(causes) > MAX_CAUSES:
        raise InvalidInput(_("A list has at most %(limit)s causes.") % {"limit": MAX_CAUSES}, field="causes")
    stored = [{"key": c.key, "title": c.title, "when": list(c.when)} for c in causes]
    values = {"is_required": rules.is_required, "causes": stored}
    DispositionPolicy.objects.update_or_create(name="default", defaults=values)
    return DispositionRules(rules.is_required, causes)


def read_ground(text: str) -> tuple[str, str, str] | None:
    """Kind, name and value of what proposes a cause; None for what cannot be read."""
    found = _GROUND.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    return ("slot", found[3], found[4]) if found[3] else (found[1].lower(), found[2], "")


def _checked(cause: RootCause) -> RootCause:
    key, title = cause.key.strip().lower(), " ".join(cause.title.split())
    if not _KEY.fullmatch(key):
        said = _("“%(key)s”: a key has small letters, digits and _.") % {"key": cause.key[:60]}
        raise InvalidInput(said, field="causes")
    if not 0 < len(title) <= 120:
        raise InvalidInput(_("“%(key)s” needs a title.") % {"key": key}, field="causes")
    grounds = tuple(" ".join(text.split()) for text in cause.when if text.strip())
    wrong = next((text for text in grounds if read_ground(text) is None), "")
    if wrong or len(grounds) > MAX_GROUNDS:
        facts = {"ground": wrong[:100]}
        said = _(
            "“%(ground)s” is none of: procedure NAME, slot NAME = VALUE, slot PROCEDURE.NAME = VALUE, handover "
            "REASON, refused CODE."
        )
        raise InvalidInput(said % facts, field="causes")
    return RootCause(key, title, grounds)
