"""Reads what became of conversations: those that no procedure solved, as redacted stories."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rapport.assistant import api as assistant
from rapport.connectors import api as connectors
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, MessageInfo, MessageType
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionInfo
from rapport.insights.contracts import StaffCall, Stories, Story, Window
from rapport.insights.logic.asking import asked_kinds
from rapport.insights.logic.unsolved import (
    goes_to_person,
    is_missed,
    minutes_spent,
    shortened,
    states_request,
    written,
)
from rapport.insights.wording import kind_words
from rapport.procedures import api as procedures
from rapport.understanding.api import learning

BATCH = 200
ReadText = Callable[[str, str], "TextReading"]
"""A text of a customer and its language, read by the engine; for messages the assistant did not read."""
_KIND_OF_ENTITY = {
    "order_id": "order",
    "money": "amount",
    "date": "date",
    "email": "email",
    "phone": "phone",
    "reason": "reason",
    "postal_code": "address",
    "address": "address",
}
_READ_AT_MOST = 4
_CLOSED = frozenset({"resolved", "snoozed"})
_STILL_HERE = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TextReading:
    """What is read in a message."""

    kinds: tuple[str, ...] = ()
    """Of its entities."""
    is_request: bool | None = None
    """Whether it says what it is about; None where nobody can tell."""


def unread(_: str, __: str) -> TextReading:
    """Of an installation without an engine at hand."""
    return TextReading()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known of one conversation before its words are read."""

    trace: conversations.ConversationTrace
    steps: tuple[str, ...]
    is_handled: bool
    """A person answered or has to."""


def gather(window: Window, read_text: ReadText = unread) -> Stories:
    """The stories of the period and the one before, oldest first."""
    found: list[Story] = []
    total = silent = 0
    for batch in _batches(window):
        seen = _look(batch)
        total += sum(trace.created_at >= window.since for trace in batch)
        unsolved = [s for s in seen if s.is_handled or _was_left(s, window.until)]
        for trace, story in _read(unsolved, read_text):
            if story is None:
                silent += trace.created_at >= window.since
            else:
                found.append(story)
    found.sort(key=lambda story: (story.created_at, story.conversation_id))
    return Stories(window, tuple(found), total, silent)


def _batches(window: Window) -> Iterator[list[conversations.ConversationTrace]]:
    """Conversations with customers that began in either period."""
    place: tuple[dt.datetime, int] = (window.before, 0)
    seen: set[int] = set()  # one that goes on meanwhile comes twice
    while True:
        page = conversations.list_changed(place, window.until, limit=BATCH)
        if not page:
            return
        place = (page[-1].last_activity_at, page[-1].id)
        yield [
            t
            for t in page
            if t.channel_kind != conversations.INTERNAL
            and window.before <= t.created_at < window.until
            and t.id not in seen
        ]
        seen.update(t.id for t in page)


def _look(batch: Sequence[conversations.ConversationTrace]) -> list[_Seen]:
    ids = [trace.id for trace in batch]
    steps: dict[int, list[str]] = defaultdict(list)
    for decision in governance.list_decision_traces(ids):
        steps[decision.conversation_id] += decision.steps
    answered = {
        m.conversation_id
        for m in conversations.list_message_traces(ids)
        if m.sender == "user" and m.type == "outgoing" and not m.is_private
    }
    return [
        _Seen(
            trace,
            tuple(steps[trace.id]),
            trace.owner != "assistant" or trace.id in answered or goes_to_person(steps[trace.id]),
        )
        for trace in batch
    ]


def _was_left(seen: _Seen, until: dt.datetime) -> bool:
    """Nobody took over, and the last thing the assistant said did not help; not while it may still go on."""
    is_over = seen.trace.status in _CLOSED or until - seen.trace.last_activity_at > _STILL_HERE
    return is_over and is_missed(seen.steps)


def _read(
    unsolved: Sequence[_Seen], read_text: ReadText
) -> Iterator[tuple[conversations.ConversationTrace, Story | None]]:
    ids = [seen.trace.id for seen in unsolved]
    infos = conversations.find_conversations(ids)
    frames = assistant.list_frame_traces(ids)
    runs: dict[int, list[str]] = defaultdict(list)
    for run in procedures.list_run_traces(ids):
        if run.actor.startswith("staff:") and run.outcome == "done":
            runs[run.conversation_id].append(run.procedure)
    book = frozenset(procedures.load_book())
    for seen in unsolved:
        info = infos.get(seen.trace.id)
        if info is not None and learning.may_learn_from(int(info.customer_id)):
            past = _Past(seen, frames.get(seen.trace.id, []), tuple(runs[seen.trace.id]), book)
            yield seen.trace, _Reader(info, past, read_text).story()


@dataclass(frozen=True, slots=True)
class _Past:
    """What rows say of one conversation besides its messages."""

    seen: _Seen
    frames: Sequence[procedures.FrameTrace]
    runs: tuple[str, ...]
    book: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one conversation."""

    info: ConversationInfo
    past: _Past
    read_text: ReadText

    def story(self) -> Story | None:
        """The story; None where nobody said what it is about."""
        messages = conversations.list_messages(int(self.info.id), limit=400, with_private=False)
        decisions = governance.list_decisions(int(self.info.id))
        by_message = {
            int(item["ref"]): d
            for d in decisions
            for item in d.draft.evidence
            if item.get("kind") == "message" and item.get("ref")
        }
        request = self._request(messages, by_message)
        if request is None:
            return None
        about = by_message.get(int(request.id))
        replies = [m for m in messages if m.sender.kind == "user" and m.type is MessageType.OUTGOING]
        unfinished = self._unfinished()
        return Story(
            conversation_id=int(self.info.id),
            created_at=self.info.created_at,
            language=self.info.language,
            text=shortened(governance.redact_text(written(request.content))),
            procedure=unfinished,
            reason=str(self.info.briefing.get("reason") or ("not_understood" if not replies else "")),
            slot=_last_slot(messages) if unfinished else "",
            rules=_broken(decisions) if unfinished else (),
            reading=self._reading(about),
            was_sure=about is not None and about.draft.chosen.startswith("start:"),
            facts=self._facts(messages, decisions, by_message),
            calls=self._calls(),
            runs=self.past.runs,
            team_id=self.info.team_id,
            is_verified=self.info.verification is not None,
            answer=_answer(replies),
            agent_messages=len(replies),
            agent_minutes=minutes_spent(_gaps(messages)),
        )

    def _request(
        self, messages: Sequence[MessageInfo], decisions: dict[int, DecisionInfo]
    ) -> MessageInfo | None:
        for message in filter(_is_typed, messages):
            about = decisions.get(int(message.id))
            steps = about.draft.chosen.split(" + ") if about else ()
            if states_request(message.content, steps) and (steps or self._tells(message.content)):
                return message
        for message in messages:  # a click on a procedure's title says it too
            about = decisions.get(int(message.id))
            if about is not None and about.draft.chosen.startswith("start:"):
                return message
        return None

    def _tells(self, text: str) -> bool:
        """Whether a message that only people read is about something."""
        return self.read_text(text, self.info.language).is_request is not False

    def _unfinished(self) -> str:
        """The procedure that was under way when a person took over."""
        slots = self.info.briefing.get("facts", {}).get("slots") or {}
        if slots:
            return str(list(slots)[-1])
        under_way = [f for f in self.past.frames if f.place == "stack"]
        ended = [f for f in self.past.frames if f.status in {"handed_over", "failed"}]
        last = (under_way or ended)[-1:]
        return last[0].procedure if last else ""

    def _reading(self, about: DecisionInfo | None) -> tuple[str, float] | None:
        intents = (about.draft.understanding.get("intents") if about else None) or []
        named = [(str(i["name"]), float(i["probability"])) for i in intents if i["name"] in self.past.book]
        return named[0] if named else None

    def _facts(
        self,
        messages: Sequence[MessageInfo],
        decisions: Sequence[DecisionInfo],
        by_message: dict[int, DecisionInfo],
    ) -> tuple[str, ...]:
        words = kind_words()
        replies = [m for m in messages if m.sender.kind == "user" and m.type is MessageType.OUTGOING]
        found = {kind for reply in replies for kind in asked_kinds(reply.content, words)}
        entities = [e["kind"] for d in decisions for e in d.draft.understanding.get("entities") or ()]
        later = [m.content for m in messages if _is_typed(m) and int(m.id) not in by_message]
        for text in later[:_READ_AT_MOST]:
            entities += self.read_text(text, self.info.language).kinds
        found.update(_KIND_OF_ENTITY[kind] for kind in entities if kind in _KIND_OF_ENTITY)
        if any(file.from_customer for m in messages for file in m.attachments):
            found.add("file")
        return tuple(kind for kind in words.kinds if kind in found)

    def _calls(self) -> tuple[StaffCall, ...]:
        if not self.past.seen.is_handled:
            return ()
        return tuple(
            StaffCall(row.action, row.arguments)
            for row in connectors.list_calls(int(self.info.id))
            if row.actor.startswith("staff:") and row.state == "done"
        )


def _is_typed(message: MessageInfo) -> bool:
    """A customer's own words, no click and no form."""
    is_chosen = message.content_attributes.get("submitted_values") or "command" in message.content_attributes
    return message.type is MessageType.INCOMING and not is_chosen and bool(message.content.strip())


def _last_slot(messages: Sequence[MessageInfo]) -> str:
    """What the assistant asked last before a person came."""
    slot = ""
    for message in messages:
        if message.sender.kind == "user":
            break
        if message.sender.kind == "assistant" and message.content_attributes.get("slot"):
            slot = str(message.content_attributes["slot"])
    return slot


def _broken(decisions: Sequence[DecisionInfo]) -> tuple[str, ...]:
    rules: list[dict[str, Any]] = [rule for d in decisions for rule in d.draft.rules]
    names = (str(rule.get("name", "")) for rule in rules if not rule.get("held", True))
    return tuple(dict.fromkeys(name for name in names if name and not name.startswith("human:")))


def _answer(replies: Sequence[MessageInfo]) -> str:
    longest = max(replies, key=lambda m: len(m.content), default=None)
    return shortened(governance.redact_text(written(longest.content))) if longest else ""


def _gaps(messages: Sequence[MessageInfo]) -> list[float]:
    return [
        (after.created_at - before.created_at).total_seconds()
        for before, after in pairwise(messages)
        if after.sender.kind == "user" and after.type is MessageType.OUTGOING
    ]
