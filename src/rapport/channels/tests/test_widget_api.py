"""The widget's sessions."""

from __future__ import annotations

import datetime as dt

from rapport.channels.tests.conftest import MENU, Api, sign
from rapport.conversations.contracts import InboxInfo
from rapport.kernel.clock import SteppedClock, now, use_clock


def bearer(session: dict) -> dict[str, str]:
    return {"Authorization": f"Bearer {session['token']}"}


def open_widget(api: Api, inbox: InboxInfo, **extra: str) -> dict:
    answer = api("POST", "/widget/sessions", {"website_token": inbox.identifier, **extra})
    assert answer.status == 200, answer.data
    return answer.data


def test_session_brings_all_the_widget_needs(api: Api, web_inbox: InboxInfo) -> None:
    session = open_widget(api, web_inbox, name="Vera", language="cs")
    assert session["menu"] == MENU
    assert session["inbox"]["brand"] == "Shop"
    assert session["inbox"]["colour"] == "#0a5"
    assert session["contact"]["name"] == "Vera"
    assert session["conversation"] is None
    assert web_inbox.hmac_token not in str(session)
    assert "source_id" not in str(session["contact"])


def test_token_does_everything_the_client_api_does(api: Api, web_inbox: InboxInfo) -> None:
    who = bearer(open_widget(api, web_inbox))
    started = api("POST", "/widget/conversations", {"language": "en"}, **who)
    address = f"/widget/conversations/{started.data['id']}"
    assert api("POST", f"{address}/messages", {"content": "Hi", "echo_id": "1"}, **who).data["echo_id"] == "1"
    assert [m["content"] for m in api("GET", f"{address}/messages", **who).data] == ["Hi"]
    assert api("POST", f"{address}/toggle_typing", {"typing_status": "off"}, **who).status == 200
    assert api("POST", f"{address}/update_last_seen", **who).status == 200
    assert (
        api("POST", f"{address}/handover", {}, **who).data["content_attributes"]["command"]
        == "talk_to_person"
    )
    assert api("GET", f"{address}/queue", **who).data["position"] == 0
    assert api("POST", f"{address}/email", {"email": "v@example.com"}, **who).status == 200
    assert api("GET", "/widget/menu?language=de", **who).data == MENU
    assert len(api("GET", "/widget/conversations", **who).data) == 1
    assert api("POST", f"{address}/toggle_status", **who).data["status"] == "resolved"


def test_returning_visitor_keeps_contact_and_conversation(api: Api, web_inbox: InboxInfo) -> None:
    first = open_widget(api, web_inbox)
    number = api("POST", "/widget/conversations", {}, **bearer(first)).data["id"]
    again = api("POST", "/widget/sessions", {"website_token": web_inbox.identifier}, **bearer(first)).data
    assert again["contact"]["id"] == first["contact"]["id"]
    assert again["conversation"]["id"] == number


def test_signing_in_on_the_host_page_proves_and_renews(api: Api, web_inbox: InboxInfo) -> None:
    anonymous = open_widget(api, web_inbox)
    number = api("POST", "/widget/conversations", {}, **bearer(anonymous)).data["id"]
    proof = {"identifier": "C-7", "identifier_hash": sign(web_inbox, "C-7"), "name": "Vera"}
    proven = api("POST", "/widget/sessions/identify", proof, **bearer(anonymous))
    assert proven.status == 200
    assert proven.data["contact"]["is_verified"] is True
    assert api("GET", f"/widget/conversations/{number}", **bearer(proven.data)).data["is_verified"] is True
    assert api("GET", f"/widget/conversations/{number}", **bearer(anonymous)).status == 401


def test_proven_customer_finds_the_conversation_on_another_device(api: Api, web_inbox: InboxInfo) -> None:
    proof = {"identifier": "C-7", "identifier_hash": sign(web_inbox, "C-7")}
    phone = open_widget(api, web_inbox, **proof)
    number = api("POST", "/widget/conversations", {}, **bearer(phone)).data["id"]
    laptop = open_widget(api, web_inbox, **proof)
    assert laptop["conversation"]["id"] == number
    assert api("GET", f"/widget/conversations/{number}", **bearer(laptop)).status == 200


def test_wrong_signature_opens_nothing(api: Api, web_inbox: InboxInfo) -> None:
    forged = {"website_token": web_inbox.identifier, "identifier": "C-7", "identifier_hash": "0" * 64}
    refused = api("POST", "/widget/sessions", forged)
    assert (refused.status, refused.data["error"]["code"]) == (403, "not_permitted")
    who = bearer(open_widget(api, web_inbox))
    forged.pop("website_token")
    assert api("POST", "/widget/sessions/identify", forged, **who).status == 403
    assert api("GET", "/widget/conversations", **who).status == 200


def test_signing_out_ends_every_token(api: Api, web_inbox: InboxInfo) -> None:
    session = open_widget(api, web_inbox)
    assert api("DELETE", "/widget/sessions", **bearer(session)).status == 200
    replayed = api("GET", "/widget/conversations", **bearer(session))
    assert (replayed.status, replayed.data["error"]["facts"]) == (401, {"reason": "ended"})


def test_expired_token_is_refused(api: Api, web_inbox: InboxInfo) -> None:
    clock = SteppedClock(now())
    with use_clock(clock):
        session = open_widget(api, web_inbox)
        clock.advance(dt.timedelta(days=29))
        assert api("GET", "/widget/conversations", **bearer(session)).status == 200
        clock.advance(dt.timedelta(days=1))
        expired = api("GET", "/widget/conversations", **bearer(session))
    assert (expired.status, expired.data["error"]["facts"]) == (401, {"reason": "expired"})


def test_tampered_or_foreign_tokens_are_refused(api: Api, web_inbox: InboxInfo) -> None:
    token = open_widget(api, web_inbox)["token"]
    for bad in (
        "",
        "x",
        token[:-1],
        token[:-2] + "xx",
        "A" + token[1:],
        token + "." + token,
        "ü" * 50,
        "a" * 5000,
    ):
        answer = api("GET", "/widget/conversations", Authorization=f"Bearer {bad}")
        assert answer.status == 401, bad
        assert answer.data["error"]["code"] == "not_authenticated"
    assert api("GET", "/widget/conversations").status == 401


def test_disabled_inbox_is_gone(api: Api, web_inbox: InboxInfo) -> None:
    session = open_widget(api, web_inbox)
    from rapport.channels.embedding import forget_inboxes
    from rapport.conversations.models import Inbox

    Inbox.objects.filter(pk=web_inbox.id).update(is_enabled=False)
    forget_inboxes()
    assert api("GET", "/widget/conversations", **bearer(session)).status == 401
    assert api("POST", "/widget/sessions", {"website_token": web_inbox.identifier}).status == 404
