"""What the pages of the desk show: frozen values, ready for the templates, without a query left in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from rapport.accounts.contracts import Staff
from rapport.conversations.contracts import ConversationInfo
from rapport.customers.contracts import CustomerInfo, TimelineEntry
from rapport.desk.mails import MailView
from rapport.governance.contracts import ConsentInfo, DecisionInfo


@dataclass(frozen=True, slots=True)
class Mark:
    """A small coloured sign with its meaning in words."""

    icon: str
    label: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ViewTab:
    """One view of the list."""

    key: str
    label: str
    icon: str
    count: int | None
    """None where nobody needs a number; 100 means a hundred or more."""
    is_current: bool


@dataclass(frozen=True, slots=True)
class ListRow:
    """One conversation in the list."""

    conversation: ConversationInfo
    name: str
    channel: Mark
    sentiment: Mark | None
    priority: Mark | None
    state: Mark
    waiting_since: dt.datetime | None
    """Since when somebody has been waiting for a person; None when nobody is."""
    is_waiting_long: bool
    is_current: bool
    preview: str
    """The newest words; for one waiting in silence what was asked, as the last words are the assistant's."""


@dataclass(frozen=True, slots=True)
class ListFilters:
    """What of the dispositions the list is narrowed to."""

    reason: str = ""
    reason_text: str = ""
    outcome: str = ""
    outcome_text: str = ""
    query: str = ""
    """The same as a part of an address; empty for no filter."""


@dataclass(frozen=True, slots=True)
class ListContext:
    """The left pane."""

    view: ViewTab
    tabs: tuple[ViewTab, ...]
    rows: tuple[ListRow, ...]
    next_cursor: str
    query: str
    current: int
    """Number of the conversation that is open; 0 for none."""
    is_continuation: bool = False
    """Only further rows are wanted."""
    filters: ListFilters = ListFilters()


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing a message offered."""

    title: str
    description: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FormLine:
    """One input of a form in a message, with what was entered."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class FileView:
    """A photo or document of a message."""

    name: str
    size: int
    """Bytes."""
    is_shown: bool
    """Browsers can show it."""
    url: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message or line of record."""

    id: int
    sequence: int
    side: str
    """``customer``, ``assistant``, ``agent``, ``note``, ``activity``, ``system``."""
    author: str
    content: str
    at: dt.datetime
    decision_id: int | None
    starts_group: bool
    """Whether the author is named: the previous message is somebody else's, or older than five minutes."""
    day: dt.date | None
    """Set on the first message of a day."""
    choices: tuple[Choice, ...] = ()
    form: tuple[FormLine, ...] = ()
    is_open_question: bool = False
    """The message offers choices or a form, and nothing was chosen yet."""
    is_click: bool = False
    """The customer clicked instead of writing."""
    files: tuple[FileView, ...] = ()
    mail: MailView | None = None
    """Of a mail conversation: recipients, the whole mail, what became of it."""
    heard: str = ""
    """Of a call: by keys or spoken, and how surely it was heard."""


@dataclass(frozen=True, slots=True)
class BriefingView:
    """The handover card."""

    reason: str
    who: str
    asked: tuple[str, ...]
    tried: tuple[str, ...]
    left: tuple[str, ...]
    sentiment: Mark | None
    mood: tuple[str, ...] = ()
    """Where it went and what makes a complaint likely, in words."""
    is_open: bool = True
    """Shown in full: no person has answered since."""


@dataclass(frozen=True, slots=True)
class SnoozeChoice:
    """One moment a conversation may be put aside until."""

    key: str
    label: str
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class ThreadContext:
    """The middle pane."""

    conversation: ConversationInfo
    name: str
    state: Mark
    channel: Mark
    priority: Mark | None
    sentiment: Mark | None
    assignee: str
    is_mine: bool
    briefing: BriefingView | None
    messages: tuple[MessageView, ...]
    earlier_than: int
    """Sequence number before which more messages exist; 0 when all are shown."""
    staff: tuple[Staff, ...]
    snoozes: tuple[SnoozeChoice, ...]
    priorities: tuple[tuple[str, Mark], ...]
    announcement: str
    """The newest message in words, for screen readers."""
    subject: str = ""
    """Of a mail conversation."""


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One consent as the panel shows it."""

    label: str
    entry: ConsentInfo


@dataclass(frozen=True, slots=True)
class MoodContext:
    """The mood of one conversation."""

    series: tuple[Mark, ...]
    """One per message of the customer that was read, oldest first."""
    summary: str
    risk: Mark
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PanelContext:
    """The right pane, without the orders, which come from another system."""

    conversation: ConversationInfo
    customer: CustomerInfo
    name: str
    verified_by: str
    consents: tuple[ConsentLine, ...]
    timeline: tuple[TimelineEntry, ...]
    previous: tuple[ListRow, ...]
    actions: tuple[Any, ...]
    """What was called, each with its line (`action_lines`)."""
    attributes: tuple[tuple[str, str], ...]
    mood: MoodContext | None = None
    """None where nothing the customer wrote was read."""


@dataclass(frozen=True, slots=True)
class OrdersContext:
    """The customer's orders, or why they are not shown."""

    state: str
    """``ready``, ``empty``, ``unverified``, ``failed``."""
    orders: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """One decision, explained to staff."""

    info: DecisionInfo
    intents: tuple[tuple[str, float], ...]
    entities: tuple[tuple[str, str], ...]
    sentiment: Mark | None
    abstention: str
    latencies: tuple[tuple[str, float], ...]
    labels: tuple[str, ...] = ()
    """What the text may have meant, for a correction; empty where no text was read."""
