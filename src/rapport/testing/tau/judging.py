"""What a conversation came to: the shop's data beside those after the task's own actions, and what was said."""

from __future__ import annotations

from rapport.testing.retail.reference import differences, expected_state
from rapport.testing.retail.tasks import JsonDict
from rapport.testing.tau.tasks import TauTask, missing_outputs
from rapport.testing.tau.trials import Trial

TABLES = ("users", "orders", "products")


def judge(trial: Trial, task: TauTask, snapshot: JsonDict, found: JsonDict, said: str) -> None:
    """Fill in whether it succeeded, and if not, the first cause."""
    expected, _ = expected_state(snapshot, task.task)
    wanted = {key: {**snapshot[key], **expected.get(key, {})} for key in TABLES}
    present = {key: found[key] for key in TABLES}
    trial.is_state_equal = present == wanted
    trial.missing_outputs = missing_outputs(task.outputs, said)
    trial.is_success = trial.is_state_equal and not trial.missing_outputs and not trial.cause
    if trial.is_success or trial.cause:
        return
    if trial.is_state_equal:
        trial.cause, trial.detail = "not_said", ", ".join(trial.missing_outputs)
        return
    trial.detail = "; ".join(differences(wanted, present)[:3])
    trial.cause = _cause(trial, has_changed=any(present[key] != snapshot[key] for key in TABLES))


def _cause(trial: Trial, *, has_changed: bool) -> str:
    """Why the shop's data are not as wanted, as far as it can be told from outside."""
    if has_changed:
        return "wrong_change"
    if trial.unanswered:
        return "agent_server"
    if trial.ended == "transferred":
        return "transferred"
    if trial.ended == "turns":
        return "too_many_turns"
    return "refused" if trial.refused else "nothing_done"
