"""Holds the conversations of a run, one after another, and says what came of each."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapport.testing.retail.customer import MANNERS, Move, RetailCustomer
from rapport.testing.retail.minimum import count_minimum
from rapport.testing.retail.public_api import ApiProblem, PublicApi
from rapport.testing.retail.reference import differences, expected_state
from rapport.testing.retail.sandbox import Sandbox
from rapport.testing.retail.tasks import JsonDict, Task, list_proofs
from rapport.testing.retail.wishes import list_wishes, shuffled

MOST_MOVES = 90


@dataclass(slots=True)
class Held:
    """One conversation."""

    task_id: str
    seed: int
    is_reached: bool
    cause: str = ""
    """Why not; empty when reached."""
    questions: int = 0
    minimum: int = 0
    moves: int = 0
    asked: list[str] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)


def hold(sandbox: Sandbox, snapshot: JsonDict, task: Task, seed: int) -> Held:
    """One conversation of one task's person, in the manner of a seed."""
    rng = random.Random(f"{task.id}/{seed}")  # noqa: S311 - a simulation
    wishes = list_wishes(task, snapshot)
    wishes = shuffled(wishes, rng) if seed else wishes
    proofs = list_proofs(task, snapshot)
    customer = RetailCustomer(wishes, proofs, MANNERS[seed % len(MANNERS)], rng)
    sandbox.shop.reset()
    front_end = sandbox.front_end()
    held = Held(task.id, seed, is_reached=False)
    try:
        held.moves = _talk(sandbox, front_end, customer)
    except ApiProblem as problem:
        held.cause = f"api: {problem}"
    told = [record.told for record in customer.records]
    held.minimum = count_minimum(wishes, told, snapshot, task.user_id, proofs)
    held.questions, held.asked = customer.questions, customer.asked
    held.transcript = [_line(m) for m in front_end.shown]
    _judge(held, sandbox, snapshot, task, customer)
    if task.wants_person and held.is_reached and front_end.owner() == "assistant":
        held.is_reached, held.cause = False, "no person was called"
    return held


def _talk(sandbox: Sandbox, front_end: PublicApi, customer: RetailCustomer) -> int:
    """Move after move until the customer has nothing left to say, or nobody answers; returns how many."""
    front_end.open()
    sandbox.settle()
    for moves in range(MOST_MOVES):
        spoken = [m for m in front_end.fetch() if m["message_type"] != 0]
        move = customer.respond(spoken[-1]) if spoken else None
        if move is None:
            return moves
        _make(front_end, move)
        sandbox.settle()
    return MOST_MOVES


def _make(front_end: PublicApi, move: Move) -> None:
    if move.kind == "say":
        front_end.say(move.text)
    elif move.kind == "command":
        front_end.command(move.text, move.text.removeprefix("start:").replace("_", " "))
    else:
        front_end.answer(move.message_id, list(move.values))


def _line(message: JsonDict) -> str:
    who = "customer" if message["message_type"] == 0 else "system"
    return f"{who}: {message['content']}"


def _judge(held: Held, sandbox: Sandbox, snapshot: JsonDict, task: Task, customer: RetailCustomer) -> None:
    """Reached when the shop's data are what the task's actions make of them, and nothing else has changed."""
    expected, _ = expected_state(snapshot, task)
    wanted = {key: {**snapshot[key], **expected.get(key, {})} for key in ("users", "orders", "products")}
    found = sandbox.shop.read()
    lines = [] if wanted == found else differences(wanted, found)
    held.is_reached = not lines and not held.cause
    if not held.is_reached and not held.cause:
        problems = [r.problem for r in customer.records if r.problem]
        held.cause = (problems or [f"state: {lines[0]}"])[0]


def hold_all(sandbox: Sandbox, snapshot: JsonDict, tasks: Sequence[Task], seeds: Sequence[int]) -> list[Held]:
    """Every task in the manner of every seed."""
    return [hold(sandbox, snapshot, task, seed) for task in tasks for seed in seeds]
