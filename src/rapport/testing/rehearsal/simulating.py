"""Simulated customers run a procedure again and again against the sandbox; each run is judged by its end."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rapport.kernel.languages import LANGUAGES, pick
from rapport.procedures.api import Definition, ProcedureBook
from rapport.procedures.contracts import StartProcedure
from rapport.testing.personas import Persona, Phrasebook
from rapport.testing.rehearsal.driving import Rehearsed, Said
from rapport.testing.rehearsal.goals import Goal, find_forbidden, find_goal
from rapport.testing.rehearsal.model_speaking import ModelSpeaker
from rapport.testing.rehearsal.reading import RehearsalReader, make_reader
from rapport.testing.rehearsal.scenes import Scene, Scenes, find_scenes
from rapport.testing.rehearsal.speaking import FORBIDDEN, Speaker
from rapport.testing.rehearsal.world import Sandbox
from rapport.testing.tau.chat import Chat, ChatServer

MAX_MOVES = 24
GOAL_TRIES = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is simulated."""

    k: int = 4
    """How often each customer tries."""
    customers: int = 2
    """Different wishes per persona and language."""
    languages: tuple[str, ...] = LANGUAGES
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Trial:
    """One conversation and how it was judged."""

    persona: str
    language: str
    customer: int
    trial: int
    problems: tuple[str, ...]
    """Why it failed; empty for success."""
    outcome: str
    questions: int
    """Questions asked, confirmation included."""
    needed: int
    """Questions a customer who clicks is asked."""
    turns: int
    did: tuple[str, ...] = ()
    """What the persona is there for and did: ``angry``, ``lost``, ``chatter``, ``changed``, ``revised`` …"""
    transcript: tuple[str, ...] = ()
    has_fault: bool = False
    """A connected system failed once, where the procedure says that the call is then made again."""

    @property
    def is_success(self) -> bool:
        """Whether the customer got what they wanted, or was refused what is not allowed."""
        return not self.problems


@dataclass(slots=True)
class Simulation:
    """Everything that was tried."""

    procedure: str
    plan: Plan
    trials: list[Trial] = field(default_factory=list)
    lacking: tuple[str, ...] = ()
    """What the sandbox has no data for; then nothing was tried."""
    not_applicable: tuple[str, ...] = ()
    """Personas with nothing to do here (nothing is forbidden, or nothing can be reached)."""
    from_cases: int = 0
    """In how many settings of its test cases it was tried; 0: in the standard sandbox."""
    examples: tuple[str, ...] = ()
    """What was answered with made-up examples, for want of a test case."""
    cpu_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Cast:
    """Who comes, and what they say."""

    phrases: Phrasebook
    personas: tuple[Persona, ...]
    server: ChatServer | None = None
    """A language model that finds the words; without one they are those of the phrasebook."""


def simulate(
    definition: Definition,
    others: Iterable[Definition],
    cast: Cast,
    plan: Plan | None = None,
    *,
    scenes: Scenes | None = None,
    report: Callable[[int, int], None] | None = None,
) -> Simulation:
    """Run every persona in every language `k` times; `report` hears how many trials of how many are done.

    Customers try it in `scenes`, one after another; without any, in the standard sandbox.
    """
    wanted = plan or Plan()
    book = ProcedureBook([*(d for d in others if d.name != definition.name), definition])
    stages = scenes or find_scenes(definition, book)
    found = Simulation(definition.name, wanted, lacking=stages.lacking)
    if found.lacking:
        return found
    found.from_cases, found.examples = stages.from_cases, stages.examples
    started = time.process_time()
    total = len(cast.personas) * len(wanted.languages) * wanted.customers * wanted.k
    idle: set[str] = set()
    for persona, language, customer in _cells(cast.personas, wanted):
        reader = make_reader(language)
        scene = stages.of(wanted.languages.index(language) * wanted.customers + customer)
        seed = f"{wanted.seed}/{language}/{customer}"
        goal = _goal(definition, book, reader, scene, (persona.id, seed))
        if goal is None:
            idle.add(persona.id)
            total -= wanted.k
            continue
        for trial in range(wanted.k):
            rng = _dice(wanted.seed, persona.id, language, customer, trial)
            speaker = _speaker(cast, Speaker(persona, cast.phrases, goal, reader, rng), definition)
            faults = _faults(definition) if trial == wanted.k - 1 > 0 else frozenset[str]()
            found.trials.append(_converse(definition, book, speaker, (customer, trial), faults))
            if report is not None:
                report(len(found.trials), total)
    found.not_applicable = tuple(
        p.id for p in cast.personas if p.id in idle and all(t.persona != p.id for t in found.trials)
    )
    found.cpu_s = time.process_time() - started
    return found


def _faults(definition: Definition) -> frozenset[str]:
    """Actions that must come to the same end when their system is away for a while: the last try of each customer."""
    return frozenset(action.action for action in definition.actions if action.again is not None)


def _speaker(cast: Cast, speaker: Speaker, definition: Definition) -> Speaker:
    """The customer, with a model's words where one is named."""
    if cast.server is None:
        return speaker
    given = {name: getattr(speaker, name) for name in ("persona", "phrases", "goal", "reader", "rng")}
    title = pick(definition.title, speaker.reader.language)
    return ModelSpeaker(**given, chat=Chat(cast.server, seed=speaker.rng.randrange(10**6)), title=title)


def _dice(*parts: object) -> random.Random:
    """Chance that is the same for the same seed."""
    return random.Random("/".join(str(part) for part in parts))  # noqa: S311 - no secret


def _cells(personas: Sequence[Persona], plan: Plan) -> Iterator[tuple[Persona, str, int]]:
    for persona in personas:
        for language in plan.languages:
            for customer in range(plan.customers):
                yield persona, language, customer


def _goal(
    definition: Definition,
    book: ProcedureBook,
    reader: RehearsalReader,
    scene: Scene,
    of: tuple[str, str],
) -> Goal | None:
    persona, seed = of
    if persona == FORBIDDEN:
        return find_forbidden(definition, book, reader, _dice(seed), scene)
    for attempt in range(GOAL_TRIES):
        found = find_goal(definition, book, reader, _dice(seed, attempt), scene)
        if found is not None:
            return found
    return None


def _converse(
    definition: Definition,
    book: ProcedureBook,
    speaker: Speaker,
    number: tuple[int, int],
    faults: frozenset[str],
) -> Trial:
    """One conversation; actions in `faults` fail once."""
    language = speaker.reader.language
    setting = speaker.goal.setting
    sandbox = Sandbox(setting, faults=faults)
    talk = Rehearsed(book, sandbox, speaker.reader, language, setting.now, setting.tone)
    untouched = sandbox.fingerprint()
    log = [f"customer  (starts {definition.name})"]
    said = talk.pass_time(talk.send(StartProcedure(definition.name)))
    log += [f"assistant {text}" for text in said.texts]
    turns = 0
    while not said.is_over and turns < MAX_MOVES:
        if turns and speaker.has_been_refused(said.waits_for):
            break
        move = speaker.move(said, talk)
        said = talk.pass_time(talk.send(move.given))
        turns += 1
        log.append(f"customer  {move.shown}")
        log += [f"assistant {text}" for text in said.texts]
    outcome = said.ended.outcome if said.ended else ("handed_over" if said.handover else "open")
    frame = talk.frame()
    return Trial(
        persona=speaker.persona.id,
        language=language,
        customer=number[0],
        trial=number[1],
        problems=tuple(_judge(speaker, talk, (untouched, sandbox.fingerprint()), outcome)),
        outcome=outcome,
        questions=frame.questions if frame else 0,
        needed=speaker.goal.questions,
        turns=turns,
        did=_deeds(speaker),
        transcript=tuple(log),
        has_fault=sandbox.has_failed,
    )


def _deeds(speaker: Speaker) -> tuple[str, ...]:
    barred = speaker.goal.forbidden[0] if speaker.goal.forbidden is not None else ""
    tried = {"attempted"} if barred and speaker.tries.get(barred) else set()
    return tuple(sorted(speaker.did | tried | ({"called_off"} if speaker.stops else set())))


def _objects(said: Said) -> bool:
    """Whether the customer is told that something is not possible."""
    is_problem = said.asked is not None and bool(said.asked.problem)
    return is_problem or said.handover is not None or (said.ended is not None and bool(said.texts))


def _judge(speaker: Speaker, talk: Rehearsed, states: tuple[str, str], outcome: str) -> list[str]:
    """What speaks against success: the end state first, then what was said."""
    goal, (untouched, state) = speaker.goal, states
    found: list[str] = []
    if goal.forbidden is not None:
        if state != untouched:
            found.append("something was changed although it is not allowed")
        if not any(_objects(said) for said in talk.said):
            found.append("nothing was said about why it is not possible")
        return found
    if speaker.stops:
        if state != untouched:
            found.append("the customer called it off, and something was changed")
        if outcome != "cancelled":
            found.append(f"the customer called it off, and it ended {outcome!r}")
        return found
    if state != goal.end_state:
        found.append(f"the end state differs: done was {talk.sandbox.writes or 'nothing'}")
    if outcome != goal.outcome:
        found.append(f"ended {outcome!r} instead of {goal.outcome!r}")
    elif goal.final_texts and goal.final_texts[-1] not in talk.said[-1].texts:
        found.append(f"said at the end was {talk.said[-1].texts}, not {goal.final_texts[-1]!r}")
    return found
