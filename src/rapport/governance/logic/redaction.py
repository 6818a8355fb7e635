"""Replace personal data in text by labels, before it reaches a log, a report or a model.

What is recognised, and how, is in `rapport.governance.personal_data`.
"""

from __future__ import annotations

from rapport.governance.personal_data.redacting import redact

__all__ = ["redact"]
