"""Runs one conversation of a simulated customer with the system, and with a simulated agent where one is needed."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

import structlog

from rapport.accounts.contracts import Staff
from rapport.assistant.api import say
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, MessageDraft, MessageType, Owner, Sender
from rapport.conversations.errors import NotAnswerable
from rapport.kernel.clock import SteppedClock
from rapport.kernel.languages import base_language
from rapport.testing.agents import AgentPhrases
from rapport.testing.in_process import InProcess
from rapport.testing.simulation import TALK_TO_PERSON, Click, Move, SimulatedCustomer

log = structlog.get_logger(__name__)
DECIDED_BY_PEOPLE = "person_decides"
"""Reason of a handover that is the end of a procedure, not its failure."""
ANSWER_S = (0.3, 1.6)
"""How long the assistant takes [seconds]."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a conversation went."""

    conversation_id: int
    moves: int
    is_reached: bool
    """The customer got what they came for, or the procedure says that from here on a person decides."""
    is_handed_over: bool
    failures: int
    """Clicks the system would not take; the customer then wrote instead."""


class Conversing:
    """Customers, assistant and agents, all on one simulated clock."""

    def __init__(
        self, system: InProcess, clock: SteppedClock, phrases: AgentPhrases, rng: random.Random
    ) -> None:
        self._system, self._clock, self._phrases, self._rng = system, clock, phrases, rng

    def talk(self, info: ConversationInfo, customer: SimulatedCustomer, *, at_most: int = 99) -> Course:
        """Let the customer talk until they leave, a person is needed, or `at_most` moves were made."""
        number, moves, failures = int(info.id), 0, 0
        move: Move | None = customer.open(self._system.latest(number))
        while move is not None and moves < at_most:
            self._pass(customer.pause_s())
            failures += self._send(number, move)
            self._pass(self._rng.uniform(*ANSWER_S))
            message = self._system.answer(number)
            moves += 1
            current = conversations.find_conversation(number)
            if message is None or current is None or current.owner is not Owner.ASSISTANT:
                is_decided = current is not None and current.briefing.get("reason") == DECIDED_BY_PEOPLE
                return Course(number, moves, is_reached=is_decided, is_handed_over=True, failures=failures)
            move = customer.respond(message)
        return Course(number, moves, customer.memory.is_reached, is_handed_over=False, failures=failures)

    def _send(self, number: int, move: Move) -> int:
        """Send a move; returns 1 when a click was refused and its words went instead."""
        if not isinstance(move, Click):
            self._system.say(number, move.text)
            return 0
        asked = self._system.latest(number)
        try:
            assert asked is not None, "nothing to click on"
            self._system.click(number, int(asked.id), move.submitted)
        except NotAnswerable as problem:
            log.warning("simulation.click_refused", conversation_id=number, problem=str(problem))
            self._system.say(number, move.instead)
            return 1
        return 0

    def ask_for_person(self, number: int) -> None:
        """The customer uses the control that is always in reach."""
        self._pass(self._rng.uniform(5, 20))
        info = conversations.find_conversation(number)
        assert info is not None
        conversations.receive_command(
            number, TALK_TO_PERSON, say("talk_to_person", base_language(info.language))
        )
        self._pass(self._rng.uniform(*ANSWER_S))
        self._system.answer(number)

    # ── people ─────────────────────────────────────────────────────────────────────────────────────

    def take(self, number: int, agent: Staff, *, wait_s: float) -> None:
        """An agent joins after a wait; the customer hears of both."""
        until = self._clock.at + dt.timedelta(seconds=wait_s)
        self._system.follow(until)
        self._clock.at = until
        conversations.take(number, agent.id, agent.name)
        self._system.follow(until)

    def serve(
        self, number: int, agent: Staff, customer: SimulatedCustomer, *, is_finished: bool = True
    ) -> None:
        """The agent answers, the customer answers back; at the end the conversation is resolved."""
        info = conversations.find_conversation(number)
        assert info is not None
        words = self._phrases.script(info.language, str(info.briefing.get("reason", "")), self._rng)
        first_name = info.customer_name.split(" ")[0] if info.customer_name else ""
        for index, text in enumerate(words if is_finished else words[:1]):
            self._pass(self._rng.uniform(40, 150))
            self._reply(number, agent, text.format(name=first_name, agent=agent.name).replace(" ,", ","))
            if index + 1 < len(words) and (not is_finished or self._rng.random() < 0.75):
                self._pass(customer.pause_s() + 10)
                self._system.say(number, self._phrases.back(info.language, self._rng))
        if self._rng.random() < 0.35:
            self._pass(20)
            self._reply(number, agent, self._phrases.note(self._rng), is_private=True)
        if is_finished:
            self._pass(self._rng.uniform(60, 400))
            conversations.resolve(number, agent.name)

    def _reply(self, number: int, agent: Staff, text: str, *, is_private: bool = False) -> None:
        sender = Sender("user", agent.id, agent.name)
        draft = MessageDraft(MessageType.OUTGOING, text, sender, is_private=is_private)
        conversations.add_message(number, draft)

    def _pass(self, seconds: float) -> None:
        self._clock.advance(dt.timedelta(seconds=seconds))
