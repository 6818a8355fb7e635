"""What other packages call of the editor."""

from __future__ import annotations

from rapport.studio.checklists import checklist_lines
from rapport.studio.queries import find_draft, list_drafts
from rapport.studio.services import create_draft, discard_draft
from rapport.studio.workspace import find_problems

__all__ = [
    "checklist_lines",
    "create_draft",
    "discard_draft",
    "find_draft",
    "find_problems",
    "list_drafts",
]
