"""Errors of learning."""

from __future__ import annotations

from rapport.kernel.errors import Conflict


class Contradiction(Conflict):
    """The same words are an example of another intent already; correct that one, or reject this one."""

    code = "contradiction"
    retryable = False
