"""The answer to a request, whichever way it came: also where the call cannot be taken."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from rapport.channels.errors import TooManyRequests
from rapport.channels.kinds.voice.calls import take_request
from rapport.channels.kinds.voice.contracts import Reply, TurnRequest
from rapport.channels.kinds.voice.inbox_settings import read_voice_settings
from rapport.channels.kinds.voice.payloads import TurnPayload, turn_of_json
from rapport.channels.kinds.voice.rates import check_new_call
from rapport.channels.kinds.voice.speaking import make_voice
from rapport.conversations.contracts import InboxInfo
from rapport.kernel.errors import InvalidInput, NotPermitted


def answer_body(inbox: InboxInfo, body: dict[str, Any]) -> dict[str, Any]:
    """One turn as JSON, for who has shown otherwise that they may call. Raises InvalidInput."""
    try:
        payload = TurnPayload.model_validate(body)
    except ValidationError as problem:
        raise InvalidInput("The data sent is not valid.") from problem
    return present_reply(answer_call(inbox, turn_of_json(payload)))


def answer_call(inbox: InboxInfo, asked: TurnRequest) -> Reply:
    """The answer; a polite sentence where the call cannot be taken."""
    voice = make_voice(read_voice_settings(inbox).languages[0], read_voice_settings(inbox))
    if not inbox.is_enabled:
        return Reply(voice.end(voice.say("closed")), 1)
    try:
        check_new_call(inbox, asked)
    except TooManyRequests:
        return Reply(voice.end(voice.say("busy")), 1)
    try:
        return take_request(inbox, asked)
    except NotPermitted:
        if any(asked.signed_identity):
            raise
        return Reply(voice.end(voice.say("closed")), 1)


def present_reply(reply: Reply) -> dict[str, Any]:
    """The answer as JSON."""
    spoken = reply.spoken
    return {
        "turn": reply.turn,
        "conversation_id": reply.conversation_number,
        "say": [{"text": line.text, "language": line.language} for line in spoken.lines],
        "choices": [{"digit": c.digit, "title": c.title} for c in spoken.choices],
        "expect": spoken.expect,
        "language": spoken.language,
        "max_digits": spoken.max_digits,
        "hints": list(spoken.hints),
        "transfer_to": spoken.transfer_to or None,
        "wait_s": spoken.wait_s if spoken.expect == "wait" else None,
    }
