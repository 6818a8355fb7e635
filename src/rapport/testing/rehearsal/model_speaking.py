"""A simulated customer of a rehearsal whose words come from a language model: told what they want and how they are."""

from __future__ import annotations

from dataclasses import dataclass, field

from rapport.procedures.contracts import Ask, Cancel
from rapport.testing.rehearsal.driving import Rehearsed, Said
from rapport.testing.rehearsal.goals import to_fill
from rapport.testing.rehearsal.speaking import Move, Speaker, spoken
from rapport.testing.simulation import TRIES_IN_WORDS
from rapport.testing.tau.chat import Chat, JsonDict
from rapport.testing.tau.user import LANGUAGE_NAMES, STOP

MANNERS = {
    "terse": "You write as little as possible, often one or two words, without capitals.",
    "chatty": "You tell the story behind it and stray from the subject, and answer in the same message.",
    "confused": "You are not sure what is asked, and ask back once before you answer.",
    "angry": "You are fed up and show it, but you answer what is asked.",
    "changes_mind": "Once you give another answer first, and take it back before you agree to anything.",
    "forbidden": "You insist on what you want, even when told that it is not possible; you take no other one instead.",
}
MAX_CHARS = 600

PROMPT = """\
You play a customer who writes to a shop's customer service by chat, in {language}. Each message you are given comes
from the service; what you answer is sent to it word for word. You have said that you want this: {title}.

Your answers, by the names of the questions:
{facts}

How you are: {manner}

Write one short message at a time and nothing else. Answer what you are asked with the answers above, in the service's
words where it lists choices. When it sums up what it will do and that is what you want, say a plain yes; else say what
is wrong. When you give up, write {stop} and nothing else. Never say that you are playing.
"""


@dataclass(slots=True)
class ModelSpeaker(Speaker):
    """One customer in one conversation, played by a model; what cannot be said in words in two tries is clicked."""

    chat: Chat | None = None
    title: str = ""
    _messages: list[JsonDict] = field(default_factory=list)

    def move(self, said: Said, talk: Rehearsed) -> Move:
        """The next move. Raises ChatFailed."""
        asked = said.asked
        if asked is not None and self._must_click(asked):
            wish = self._wish(asked)
            return Move(to_fill(asked, wish), f"[{spoken(wish)[:80]}]")
        text = self._ask(_heard(said))
        if STOP in text:
            self.stops = True
            return Move(Cancel(), "[gives up]")
        return self._words(text, said, talk)

    def _must_click(self, asked: Ask) -> bool:
        tries = self.tries.get(asked.slot, 0)
        self.tries[asked.slot] = tries + 1
        is_barred = self.goal.forbidden is not None and asked.slot == self.goal.forbidden[0]
        return tries >= TRIES_IN_WORDS and not is_barred

    def _ask(self, heard: str) -> str:
        assert self.chat is not None
        if not self._messages:
            self._messages.append({"role": "system", "content": self._prompt()})
        self._messages.append({"role": "user", "content": heard})
        text = self.chat.ask(self._messages).content.strip()[:MAX_CHARS] or "..."
        self._messages.append({"role": "assistant", "content": text})
        return text

    def _prompt(self) -> str:
        wishes = {slot: spoken(wish) for slot, wish in self.goal.wishes.items()}
        if self.goal.forbidden is not None:
            slot, option = self.goal.forbidden
            wishes[slot] = option.value if option.value.startswith("#") else option.title
        return PROMPT.format(
            language=LANGUAGE_NAMES[self.reader.language],
            title=self.title,
            facts="\n".join(f"- {slot}: {words}" for slot, words in wishes.items()) or "- (none is needed)",
            manner=MANNERS.get(self.persona.id, "You are an ordinary customer."),
            stop=STOP,
        )


def _heard(said: Said) -> str:
    """What the customer reads, choices included."""
    lines = list(said.texts)
    if said.asked is not None:
        lines += [f"{number}. {option.title}" for number, option in enumerate(said.asked.options, 1)]
        lines += [f"- {field.label}: {field.value}" for field in said.asked.fields]
    return "\n".join(lines) or "(nothing)"
