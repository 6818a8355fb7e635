"""What a channel knows of who is speaking, before anybody is asked: an address stated, or a mailbox proven.

Channels keep it with the conversation; which ways of proving an identity follow from it is decided here, for all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapport.assistant.logic.identification import DEFAULT_METHODS, Method
from rapport.understanding.contracts import Understanding

MAILBOX_METHODS: tuple[Method, ...] = ("email_reply", "order_email")
"""What is good enough where every answer goes to one mailbox: to state another address would lead nowhere."""


MANY_WORDS = 7
"""From so many words on, an answer that proves a mailbox is read for requests."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is speaking, as the channel has it."""

    stated_email: str = ""
    """Where all answers go; a claim."""
    proven_email: str = ""
    """A mailbox the speaker holds."""
    proven_by: str = ""
    """How that is known, as a verification's method."""


def speaker_of(facts: Mapping[str, Any]) -> Speaker:
    """From what a channel kept with the conversation."""
    names = ("stated_email", "proven_email", "proven_by")
    return Speaker(*(str(facts.get(name) or "") for name in names))


def mailbox_methods(listed: Sequence[Method]) -> tuple[Method, ...]:
    """The ways an inbox takes from one mailbox; to answer our mail where it names none of them."""
    return tuple(m for m in listed if m in MAILBOX_METHODS) or ("email_reply",)


def methods_for(listed: Sequence[Method], speaker: Speaker) -> tuple[Method, ...]:
    """The ways an inbox takes, as far as this channel allows them; an answer proves a mailbox only where one is."""
    if not speaker.stated_email:
        return tuple(m for m in listed if m != "email_reply") or DEFAULT_METHODS
    kept = mailbox_methods(listed)
    return tuple(m for m in kept if m != "email_reply") if speaker.proven_email else kept


def with_stated(said: Mapping[str, str], speaker: Speaker) -> dict[str, str]:
    """What a customer stated, with the channel's address in place of any other."""
    return {**said, "email": speaker.stated_email} if speaker.stated_email else dict(said)


def without_noise(said: Mapping[str, str], speaker: Speaker) -> dict[str, str]:
    """What words state, without what means nothing where the address is known: signatures are full of it."""
    if not speaker.stated_email:
        return dict(said)
    return {name: value for name, value in said.items() if name == "order_id"}


def says_more(read: Understanding, procedure: str) -> bool:
    """Whether an answer that proves the mailbox holds more than that: facts, another request, or no wish to go on.

    "Yes, it's me" with a name below it looks like many things; few words are not read as a request.
    """
    wanted = {s.intents[0].name for s in read.segments if s.accepted and s.intents}
    signs = sum("\u4e00" <= c <= "\u9fff" for c in read.text)
    is_long = max(len(read.text.split()), signs // 2) >= MANY_WORDS
    return read.act in {"human", "cancel"} or bool(read.entities) or (is_long and bool(wanted - {procedure}))
