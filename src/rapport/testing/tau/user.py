"""A customer played by a language model: told what it wants and knows, it sees only what the service says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rapport.testing.tau.chat import Chat, JsonDict

STOP, TRANSFERRED, LOST = "###STOP###", "###TRANSFER###", "###OUT-OF-SCOPE###"
ENDS = {STOP: "satisfied", TRANSFERRED: "transferred", LOST: "lost"}
MAX_CHARS = 2000
"""Longer messages are cut: a chat is no letter."""
LANGUAGE_NAMES = {
    "en": "English",
    "cs": "Czech",
    "de": "German",
    "es": "Spanish",
    "ru": "Russian",
    "zh": "Chinese (simplified)",
}
_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)

PROMPT = """\
You play a customer who writes to a shop's customer service by chat. Each message you are given comes from the
service; what you answer is sent to it word for word.

{instruction}

How to play:
- Write one short message at a time in {language}, as people type, and nothing but the message.
- Do not tell everything at once: say what the next step needs, and answer what you are asked.
- You know only what is written above. What is not there you do not know; never invent names, numbers or addresses.
- Where the service lists choices, name yours in its words or by its number in the list.
- Before the service changes anything it says what it will do. If that is what you want, say a plain yes; if not, say
  what should be different.
- When everything you came for is done, or you were told that it cannot be done and nothing above says what to try
  instead, write {stop} and nothing else. Never write it while you still wait for something to be done.
- When you are told that a person takes over, write {transferred} and nothing else.
- When you cannot go on because nothing above tells you what to answer, write {lost} and nothing else.
- Never say that you are playing, and never speak for the service.
"""


@dataclass(frozen=True, slots=True)
class Said:
    """The customer's next message, or the end."""

    text: str
    end: str = ""
    """``satisfied``, ``transferred`` or ``lost``; empty while the conversation goes on."""


@dataclass(slots=True)
class SimulatedUser:
    """One customer in one conversation."""

    chat: Chat
    instruction: str
    language: str = "en"
    _messages: list[JsonDict] = field(default_factory=list)

    def respond(self, heard: str) -> Said:
        """What the customer says to that. Raises ChatFailed."""
        if not self._messages:
            self._messages.append({"role": "system", "content": self._prompt()})
        self._messages.append({"role": "user", "content": heard})
        answer = self.chat.ask(self._messages)
        text = _THOUGHT.sub("", answer.content).strip()[:MAX_CHARS]
        self._messages.append({"role": "assistant", "content": text})
        end = next((name for token, name in ENDS.items() if token in text), "")
        for token in ENDS:
            text = text.replace(token, "")
        return Said(text.strip(), end)

    def _prompt(self) -> str:
        return PROMPT.format(
            instruction=self.instruction,
            language=LANGUAGE_NAMES[self.language],
            stop=STOP,
            transferred=TRANSFERRED,
            lost=LOST,
        )
