"""What the policy would have said of changes that were made without it: which rule each one breaks.

The changes are judged one after another on a shop that goes through the same states, for the customer whom the
agent's tools found. Whether the customer had said yes cannot be seen from a call, so it is taken for granted: what is
found is the least that was broken.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapport.procedures import api as procedures
from rapport.testing.retail.acting import Actor
from rapport.testing.retail.sandbox import Sandbox
from rapport.testing.retail.tasks import TaskAction


def list_violations(sandbox: Sandbox, customer_ref: str, writes: Sequence[TaskAction], run: str) -> list[str]:
    """The rules that the changes broke, one for each change that the policy would have refused."""
    sandbox.shop.reset()
    actor = Actor(customer_ref, procedures.load_book())
    found: list[str] = []
    for write in writes:
        if write.name == "modify_user_address" and write.arguments.get("user_id") != customer_ref:
            found.append("another customer's account")
            continue
        name, arguments = actor.translated(write)
        verdict = actor.judge(name, arguments)
        if not verdict.is_permitted:
            found.append(verdict.name)
        actor.act(name, arguments, run)
    return found
