"""What a person reads first when the assistant hands over: who, what was asked, what was tried, what is left."""

from __future__ import annotations

from rapport.assistant.gathering import Gathered
from rapport.assistant.outcome import Outcome
from rapport.conversations import api as conversations
from rapport.conversations.contracts import Briefing, MessageType
from rapport.kernel.languages import pick
from rapport.procedures import api as procedures
from rapport.procedures.contracts import Ended, Frame
from rapport.understanding.api import follow, mood_of

MAX_TEXT_CHARS = 240


def write_briefing(gathered: Gathered, out: Outcome) -> Briefing:
    """The briefing of a handover, in the language staff work in (English)."""
    assert out.handover is not None
    state = out.run.state
    frames = [*state.finished[-5:], *state.stack]
    ended = {e.instance for e in out.run.effects if isinstance(e, Ended)}
    is_for_people = out.handover.reason != "customer_asked"
    unfinished = [
        f
        for f in frames
        if f.status not in {"done", "cancelled", "refused"}
        or (f.status == "done" and f.instance in ended and is_for_people)
    ]
    left = [_left(f) for f in unfinished] + [f"also wants: {_title(name)}" for name, _ in state.queue]
    if not left:
        left = [
            "find out what the customer needs"
            if out.handover.reason == "customer_asked"
            else "answer the customer"
        ]
    return Briefing(
        reason=out.handover.reason,
        who=_who(gathered, out),
        asked=_asked(gathered),
        tried=tuple(_tried(f) for f in frames),
        sentiment=out.reads[-1].sentiment.label if out.reads else gathered.conversation.sentiment,
        left=tuple(left),
        team=out.handover.team,
        facts={"slots": {f.procedure: _slots(f) for f in unfinished}, "mood": _mood(gathered, out)},
    )


def _asked(gathered: Gathered) -> tuple[str, ...]:
    """The customer's own words, the first among them; what they clicked counts where they wrote nothing."""
    messages = conversations.list_messages(gathered.conversation.id, limit=400, with_private=False)
    said = [m for m in messages if m.type is MessageType.INCOMING and m.content]
    written = [m for m in said if not m.is_click] or said
    texts = list(dict.fromkeys(m.content[:MAX_TEXT_CHARS] for m in written))
    return tuple(dict.fromkeys([*texts[:1], *texts[-3:]]))


def _mood(gathered: Gathered, out: Outcome) -> dict[str, object]:
    """How the conversation's mood went so far, and what makes a complaint likely."""
    gone = follow([*gathered.moods, *map(mood_of, out.reads)])
    return {"direction": gone.direction, "now": gone.now, "risk": gone.risk, "reasons": list(gone.reasons)}


METHODS = {
    "hmac": "signed in on the shop's site",
    "order_and_email": "order number and e-mail",
    "order_and_zip": "order number and postal code",
    "email_code": "a code sent by e-mail",
    "email_reply": "an answer to our mail",
    "email_authenticated": "a mail signed by its domain",
    "staff": "a member of staff",
}


def _who(gathered: Gathered, out: Outcome) -> str:
    verification = gathered.conversation.verification
    if out.proven is not None:
        name, method = out.proven.customer["name"], out.proven.principal.method
    elif verification is not None:
        name, method = gathered.conversation.customer_name or verification.customer_ref, verification.method
    else:
        return f"{gathered.conversation.customer_name or 'Visitor'}, not verified"
    return f"{name}, verified: {METHODS.get(method, method)}"


def _title(name: str) -> str:
    book = procedures.load_book()
    return pick(book[name].title, "en") if name in book else name


def _tried(frame: Frame) -> str:
    return f"{_title(frame.procedure)}: {frame.status.replace('_', ' ')}"


def _left(frame: Frame) -> str:
    known = ", ".join(f"{k}: {v}" for k, v in _slots(frame).items())
    return f"{_title(frame.procedure)}" + (f" ({known})" if known else "")


def _slots(frame: Frame) -> dict[str, str]:
    return {n: ", ".join(o.title for o in value.options) for n, value in frame.slots.items() if value.options}
