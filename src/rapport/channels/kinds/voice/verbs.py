"""Answers as XML verbs, the convention telephony platforms share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from rapport.channels.kinds.voice.contracts import Line, Spoken

SAID_IN = {"en": "en-GB", "cs": "cs-CZ", "de": "de-DE", "es": "es-ES", "ru": "ru-RU", "zh": "zh-CN"}
"""Language tags for speaking."""
HEARD_IN = {**SAID_IN, "zh": "cmn-Hans-CN"}
"""Language tags for recognition."""
SPEECH_TIMEOUT_S = 6
DIGITS_TIMEOUT_S = 12
"""Where more than one key is typed."""
MAX_HINT_CHARS = 500
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_verbs(spoken: Spoken, address: str, voices: Mapping[str, str]) -> str:
    """The answer; `address` takes the next request, poll or result of a connection."""
    said = "".join(_say(line, voices) for line in spoken.lines)
    if spoken.expect == "hangup":
        body = said + "<Hangup/>"
    elif spoken.expect == "transfer":
        dial = f'<Dial action={_attribute(address)} method="POST">{_text(spoken.transfer_to)}</Dial>'
        body = said + dial
    elif spoken.expect == "wait":
        pause = f'<Pause length="{spoken.wait_s}"/>'
        body = f'{said}{pause}<Redirect method="POST">{_text(address)}</Redirect>'
    else:
        body = _gather(spoken, address, said)
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{body}</Response>'


def _say(line: Line, voices: Mapping[str, str]) -> str:
    voice = f" voice={_attribute(voices[line.language])}" if voices.get(line.language) else ""
    return f'<Say language="{SAID_IN[line.language]}"{voice}>{_text(line.text)}</Say>'


def _gather(spoken: Spoken, address: str, said: str) -> str:
    """Keys alone, or speech and keys; a request comes even after silence."""
    is_one = spoken.max_digits == 1
    attributes = {
        "input": "dtmf" if spoken.expect == "digits" else "dtmf speech",
        "action": address,
        "method": "POST",
        "timeout": str(SPEECH_TIMEOUT_S if is_one else DIGITS_TIMEOUT_S),
        "finishOnKey": "" if is_one else "#",
        "actionOnEmptyResult": "true",
    }
    if is_one:
        attributes["numDigits"] = "1"
    if spoken.expect == "speech":
        attributes |= {"language": HEARD_IN[spoken.language], "speechTimeout": "auto"}
        hints = ",".join(h.replace(",", " ") for h in spoken.hints)[:MAX_HINT_CHARS]
        if hints:
            attributes["hints"] = hints
    written = "".join(f" {name}={_attribute(value)}" for name, value in attributes.items())
    return f"<Gather{written}>{said}</Gather>"


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("", text))


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", text))
