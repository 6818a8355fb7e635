"""A task's own actions, one after another, through the rules of the procedures: all permitted, end state equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rapport.procedures import api as procedures
from rapport.testing.retail.acting import Actor
from rapport.testing.retail.reference import differences, expected_state
from rapport.testing.retail.sandbox import Sandbox
from rapport.testing.retail.tasks import JsonDict, Task


@dataclass(slots=True)
class Replay:
    """What came of replaying tasks' actions."""

    tasks: int = 0
    permitted_tasks: int = 0
    equal: int = 0
    actions: int = 0
    permitted: int = 0
    against_policy: list[JsonDict] = field(default_factory=list)
    """Actions that the benchmark's own tools refuse too: the rule named, nothing changed."""
    too_strict: list[JsonDict] = field(default_factory=list)
    """Actions refused although the benchmark's tools perform them."""
    unequal: list[JsonDict] = field(default_factory=list)

    def as_json(self) -> JsonDict:
        """For the report; an action that breaks the policy is not owed a permission."""
        owed = self.actions - len(self.against_policy)
        return {
            "tasks": self.tasks,
            "permitted": self.permitted_tasks,
            "equal": self.equal,
            "actions": self.actions,
            "actions_permitted": self.permitted,
            "permitted_share": round(self.permitted / owed, 4) if owed else None,
            "against_policy": self.against_policy,
            "too_strict": self.too_strict[:50],
            "unequal": self.unequal[:50],
        }


def replay_all(sandbox: Sandbox, snapshot: JsonDict, tasks: Sequence[Task]) -> Replay:
    """Every task's actions on a fresh shop."""
    replay = Replay()
    for task in tasks:
        sandbox.shop.reset()
        _replay(replay, sandbox, snapshot, task)
    return replay


def _replay(replay: Replay, sandbox: Sandbox, snapshot: JsonDict, task: Task) -> None:
    actor = Actor(task.user_id, procedures.load_book())
    expected, refused = expected_state(snapshot, task)
    left = list(refused)
    replay.tasks += 1
    all_permitted = True
    for number, action in enumerate(task.writes):
        name, arguments = actor.translated(action)
        verdict = actor.attempt(name, arguments, f"gold-{task.id}-{number}")
        replay.actions += 1
        replay.permitted += verdict.is_permitted
        if verdict.is_permitted:
            continue
        line = next((text for text in left if text.startswith(f"{action.name}:")), None)
        note = {"task": task.id, "action": action.name, "rule": verdict.name, "text": verdict.text}
        if line is None:
            all_permitted = False
            replay.too_strict.append(note)
        else:
            left.remove(line)
            replay.against_policy.append({**note, "tool": line.split(": ", 1)[1]})
    replay.permitted_tasks += all_permitted
    wanted = {key: {**snapshot[key], **expected.get(key, {})} for key in ("users", "orders", "products")}
    found = sandbox.shop.read()
    if found == wanted:
        replay.equal += 1
    else:
        replay.unequal.append({"task": task.id, "differences": differences(wanted, found)[:5]})
