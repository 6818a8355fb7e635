"""A caller on the telephone: the JSON form of a gateway, or a platform's webhooks with XML verbs."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from tests.acceptance.support.system import System

from rapport.channels.kinds.voice import sealing
from rapport.channels.kinds.voice.models import Call
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, InboxInfo

TOKEN = "account-token-of-the-platform"


def voice_inbox(*languages: str, **more: Any) -> InboxInfo:
    """A number customers call."""
    voice = {"number": "+44 20 7946 0000", "token": sealing.seal(TOKEN), **more.pop("voice", {})}
    found = {"brand": "Lumen & Oak", "languages": list(languages or ("en",)), "voice": voice, **more}
    return conversations.create_inbox("Telephone", "voice", settings=found)


class Caller:
    """Talks to a gateway that speaks JSON; the worker's jobs run between two requests."""

    def __init__(
        self, system: System, inbox: InboxInfo, call_id: str = "c-1", number: str = "+420601234567"
    ) -> None:
        self.system, self.inbox, self.call_id, self.number = system, inbox, call_id, number
        self.http = Client(raise_request_exception=True)
        self.turn: int | None = None
        self.last: dict[str, Any] = {}
        self.seen: list[str] = []

    def request(self, **given: Any) -> dict[str, Any]:
        """One request; no polling."""
        body = {"call_id": self.call_id, "from": self.number, "to": "+442079460000", **given}
        if self.turn is not None:
            body.setdefault("turn", self.turn)
        response = self.http.generic(
            "POST",
            f"/voice/{self.inbox.identifier}/turns",
            json.dumps(body).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.inbox.hmac_token}"},
        )
        assert response.status_code == 200, response.content
        found: dict[str, Any] = json.loads(response.content)
        self.seen.append(response.content.decode())
        self.turn, self.last = found["turn"], found
        return found

    def _turn(self, **given: Any) -> dict[str, Any]:
        self.request(**given)
        while self.last["expect"] == "wait":
            self.system.settle()
            self.request(event="poll")
        return self.last

    def dial(self, **given: Any) -> dict[str, Any]:
        """The call begins."""
        return self._turn(event="start", **given)

    def say(self, speech: str, confidence: float | None = None) -> dict[str, Any]:
        """Speak."""
        return self._turn(speech=speech, confidence=confidence)

    def press(self, digits: str) -> dict[str, Any]:
        """Press keys."""
        return self._turn(digits=digits)

    def stay_silent(self) -> dict[str, Any]:
        """Say nothing."""
        return self._turn()

    def choose(self, words: str) -> dict[str, Any]:
        """Press the key of the choice that holds these words."""
        (digit,) = [c["digit"] for c in self.last["choices"] if words in c["title"]]
        return self.press(digit)

    @property
    def said(self) -> str:
        """What was said last."""
        return " ".join(line["text"] for line in self.last["say"])

    @property
    def info(self) -> ConversationInfo:
        """The conversation's row."""
        found = conversations.find_conversation_by_number(self.last["conversation_id"])
        assert found is not None
        return found

    @property
    def id(self) -> int:
        """The conversation's id."""
        return int(self.info.id)


class Platform(Caller):
    """The same by form-encoded webhooks and XML verbs."""

    def request(self, **given: Any) -> dict[str, Any]:
        """One request of the platform, to the address the last answer named."""
        form = {
            "CallSid": self.call_id,
            "From": self.number,
            "To": "+442079460000",
            "CallStatus": "in-progress",
        }
        names = {"digits": "Digits", "speech": "SpeechResult", "confidence": "Confidence"}
        form |= {names[k]: str(v) for k, v in given.items() if k in names and v is not None}
        path = getattr(self, "path", f"/voice/{self.inbox.identifier}/calls")
        response = self.post(path, form)
        assert response.status_code == 200, response.content
        self.xml = response.content.decode()
        self.seen.append(self.xml)
        self.last = self._read(ET.fromstring(self.xml))
        return self.last

    def post(self, path: str, form: dict[str, str], signature: str | None = None) -> Any:
        """A signed webhook."""
        url = settings.CONFIG.base_url + path
        signed = sealing.sign(TOKEN, url, {k: [v] for k, v in form.items()})
        return self.http.post(
            path,
            urlencode(form),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature if signature is not None else signed},
        )

    def _read(self, root: ET.Element) -> dict[str, Any]:
        """The verbs as the neutral form has them."""
        address = next(
            (e.get("action") or e.text or "" for e in root if e.tag in {"Gather", "Redirect", "Dial"}), ""
        )
        self.path = address.removeprefix(settings.CONFIG.base_url)
        tags = {e.tag for e in root}
        expect = "wait" if "Redirect" in tags else "transfer" if "Dial" in tags else "speech"
        expect = "hangup" if "Hangup" in tags else expect
        said = [{"text": e.text or "", "language": e.get("language")} for e in root.iter("Say")]
        text = " ".join(line["text"] for line in said)
        choices = [{"digit": d, "title": t} for d, t in re.findall(r"Press (\d): ([^.?]*)", text)]
        choices += [{"digit": "#", "title": "that's all"}] if "If that's all" in text else []
        call = Call.objects.get(call_id=self.call_id)
        number = call.conversation.display_id
        return {
            "say": said,
            "choices": choices,
            "expect": expect,
            "turn": call.turn,
            "conversation_id": number,
        }
