"""What the demonstration's desk begins with: canned responses, root causes, and what past conversations were about."""

from __future__ import annotations

import yaml

from rapport.cli.places import demo_dir
from rapport.web.config import Config


def make_texts(_: Config) -> str:
    """Canned responses and root causes, where there are none."""
    said = [_make_canned(), _make_causes()]
    return ", ".join(text for text in said if text)


def _make_causes() -> str:
    from rapport.conversations import api as conversations
    from rapport.conversations.contracts import DispositionRules, RootCause

    if conversations.find_rules().causes:
        return ""
    written = yaml.safe_load((demo_dir() / "root_causes.yaml").read_text(encoding="utf-8"))
    causes = tuple(RootCause(c["key"], c["title"], tuple(c.get("when", ()))) for c in written)
    conversations.save_rules(DispositionRules(False, causes))
    return f"{len(causes)} root causes"


def _make_canned() -> str:
    from rapport.accounts import api as accounts
    from rapport.conversations import api as conversations

    staff = next((s for s in accounts.list_staff() if conversations.may_share(s)), None)
    if staff is None or conversations.list_canned(staff, limit=1):
        return ""
    written = yaml.safe_load((demo_dir() / "canned.yaml").read_text(encoding="utf-8"))
    drafts = [conversations.CannedDraft(code, texts) for code, texts in written.items()]
    made, _known = conversations.save_all(staff, drafts)
    return f"{made} canned responses in six languages"


def make_dispositions(_: Config) -> str:
    """What the past conversations were about: their news was not followed while they were simulated."""
    from rapport.desk import api as desk

    count = desk.fill_missing_dispositions()
    return f"dispositions of {count} conversations filled in" if count else ""


def make_issues(_: Config) -> str:
    """A first look at what no procedure solved, once the worker runs: the page would be empty until the night."""
    from rapport.insights import api as insights

    if insights.latest_survey() is None:
        insights.ask_for_survey()
    return ""
