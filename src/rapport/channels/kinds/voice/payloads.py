"""What platforms send, checked once and turned into the values inside."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from rapport.channels.kinds.voice.contracts import Heard, TurnRequest
from rapport.channels.payloads import Payload
from rapport.kernel.errors import InvalidInput

MAX_ID_CHARS = 120
MAX_SPEECH_CHARS = 20_000
MAX_DIGITS = 64
ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
"""States of a call that is over."""
_KEYS = frozenset("0123456789*#")


class TurnPayload(Payload):
    """One turn of a call, for gateways and scripts; exactly one of speech, digits and event, or none: silence."""

    call_id: Annotated[str, Field(min_length=1, max_length=MAX_ID_CHARS)]
    """The gateway's own id of the call."""
    caller: Annotated[str, Field(max_length=64, alias="from")] = ""
    called: Annotated[str, Field(max_length=64, alias="to")] = ""
    speech: Annotated[str, Field(max_length=200_000)] | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    digits: Annotated[str, Field(max_length=MAX_DIGITS)] | None = None
    event: Literal["start", "poll", "hangup", "transfer_failed", "transfer_done"] | None = None
    turn: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Of the answer this follows: the same one twice counts once."""
    identifier: Annotated[str, Field(max_length=200)] | None = None
    """The customer's id in the connected shop, where the gateway has recognised the caller."""
    identifier_hash: Annotated[str, Field(max_length=200)] | None = None
    """Hex HMAC-SHA256 of the identifier with the inbox's secret."""


def turn_of_json(payload: TurnPayload) -> TurnRequest:
    """A turn of the neutral form."""
    event = payload.event or ""
    return TurnRequest(
        payload.call_id,
        payload.caller,
        payload.called,
        _heard(payload.digits or "", payload.speech or "", payload.confidence),
        payload.turn,
        is_poll=event == "poll",
        event="" if event == "poll" else event,
        signed_identity=(payload.identifier or "", payload.identifier_hash or ""),
    )


def turn_of_form(form: Mapping[str, str], query: Mapping[str, str]) -> TurnRequest:
    """A turn of the XML convention. Raises InvalidInput without an id of the call."""
    call_id = form.get("CallSid", "")
    if not 0 < len(call_id) <= MAX_ID_CHARS:
        raise InvalidInput("Say which call it is.", field="CallSid")
    turn = query.get("turn", "")
    number = int(turn) if turn.isascii() and turn.isdecimal() and len(turn) < 7 else None
    digits = form.get("Digits", "")
    if not digits and form.get("FinishedOnKey") == "#":
        digits = "#"
    event = "" if number is not None else "start"
    if form.get("CallStatus", "") in ENDED:
        event = "hangup"
    elif "DialCallStatus" in form:
        event = "transfer_done" if form["DialCallStatus"] in {"completed", "answered"} else "transfer_failed"
    heard = _heard(digits, form.get("SpeechResult", ""), _share(form.get("Confidence", "")))
    return TurnRequest(
        call_id,
        form.get("From", "")[:64],
        form.get("To", "")[:64],
        heard,
        number,
        is_poll="poll" in query,
        event=event,
    )


def _heard(digits: str, speech: str, confidence: float | None) -> Heard:
    """Keys without what is no key; ``#`` only where it stands alone."""
    keys = "".join(c for c in digits[:MAX_DIGITS] if c in _KEYS)
    if len(keys) > 1:
        keys = keys.rstrip("#") or "#"
    words = " ".join(speech.replace("\x00", "").split())[:MAX_SPEECH_CHARS]
    return Heard(keys, words, confidence)


def _share(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= 1 else None
