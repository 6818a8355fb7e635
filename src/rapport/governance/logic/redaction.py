"""Replace personal data in text by labels, before it reaches a log, a report or a model.

What is recognised, and how, is in `rapport.governance.personal_data`.
"""

from __future__ import annotations

from rapport.governance.personal_data.redacting import redact

__all__ = ["redact", "redact_traceback"]

_HEAD = "Traceback (most recent call last):"


def redact_traceback(text: str) -> str:
    """A formatted exception with its messages redacted; places and lines of code are ours and stay as they are.

    The code ends with the first line that is not indented: from there to the next head anything may have come
    from a customer.
    """
    kept: list[str] = []
    message: list[str] = []
    is_code = False
    for line in text.splitlines():
        is_code = line == _HEAD or (is_code and line.startswith("  "))
        if is_code and message:
            kept.append(redact("\n".join(message)))
            message = []
        (kept if is_code else message).append(line)
    if message:
        kept.append(redact("\n".join(message)))
    return "\n".join(kept)
