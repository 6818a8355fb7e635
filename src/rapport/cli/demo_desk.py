"""What the demonstration's staff have written for themselves: canned responses."""

from __future__ import annotations

import yaml

from rapport.cli.places import demo_dir
from rapport.web.config import Config


def make_texts(_: Config) -> str:
    """Canned responses, where there are none."""
    from rapport.accounts import api as accounts
    from rapport.conversations import api as conversations

    staff = next((s for s in accounts.list_staff() if conversations.may_share(s)), None)
    if staff is None or conversations.list_canned(staff, limit=1):
        return ""
    written = yaml.safe_load((demo_dir() / "canned.yaml").read_text(encoding="utf-8"))
    drafts = [conversations.CannedDraft(code, texts) for code, texts in written.items()]
    made, _known = conversations.save_all(staff, drafts)
    return f"{made} canned responses in six languages"
