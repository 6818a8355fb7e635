"""The pure rules: which addresses, which pauses, which news."""

from __future__ import annotations

import pytest

from rapport.channels.webhooks.contracts import EVENTS
from rapport.channels.webhooks.logic.addresses import may_call, parse_networks
from rapport.channels.webhooks.logic.naming import Happening, kinds_wanted, read_happening
from rapport.channels.webhooks.logic.retrying import TRIES, pause_s, rest_s
from rapport.channels.webhooks.redacting import redact_body
from rapport.channels.webhooks.sealing import sign
from rapport.web.settings_pages.webhook_wording import EVENT_GROUPS


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3", "172.16.0.1", "192.168.1.1", "127.0.0.1", "0.0.0.0", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
        "2002:a00:1::", "fd00:ec2::254", "192.0.2.1",
    ],
)  # fmt: skip
def test_private_and_special_addresses_are_not_called(address):
    assert may_call(address, ()) is False


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"]
)
def test_public_addresses_are(address):
    assert may_call(address, ()) is True


def test_named_networks_are_called_but_never_those_of_credentials():
    named = parse_networks("10.0.0.0/8, fc00::/7, 169.254.0.0/16")
    assert [may_call(a, named) for a in ("10.9.9.9", "::ffff:10.9.9.9", "fc00::1", "192.168.1.1")] == [
        True,
        True,
        True,
        False,
    ]
    assert not any(may_call(a, named) for a in ("169.254.169.254", "fd00:ec2::254"))
    with pytest.raises(ValueError, match="does not appear"):
        parse_networks("crm.example.com")


def test_pauses_double_up_to_six_hours_and_are_jittered_by_a_fifth():
    assert [pause_s(n, 0.5) for n in (1, 2, 3, 11, 12)] == [10, 20, 40, 10240, 20480]
    assert (pause_s(40, 0.5), pause_s(400, 0.5)) == (21600, 21600)
    assert (pause_s(1, 0.0), round(pause_s(1, 1.0), 9)) == (8.0, 12.0)
    assert sum(pause_s(n, 0.5) for n in range(1, TRIES)) == 20470


def test_a_receiver_rests_after_five_failures_for_15_minutes_at_most():
    assert [rest_s(n, 0.5) for n in (1, 4, 5, 6, 10, 11, 99)] == [0, 0, 15, 30, 480, 900, 900]


def test_news_for_customers_and_lines_of_record_are_none_for_webhooks():
    assert read_happening("conversation_updated", ("conversation:3",), {"id": 7}) is None
    assert read_happening("conversation_updated", ("desk",), {"id": 7, "changed_attributes": []}) is None
    assert read_happening("message_created", ("desk",), {"message_type": 2, "conversation_id": 7}) is None
    assert read_happening(
        "message_created", ("desk",), {"message_type": 0, "conversation_id": 7}
    ) == Happening(("message_created",), number=7)
    assert read_happening("procedure_ended", ("events",), {"conversation_row": 3}) == Happening(
        ("procedure_ended",), row_id=3
    )


def test_every_event_is_offered_once_and_found_in_the_feed():
    offered = [event for _, events in EVENT_GROUPS for event, _ in events]
    assert sorted(offered) == sorted(EVENTS)
    assert kinds_wanted(EVENTS) == set(EVENTS)
    assert kinds_wanted(["conversation_updated"]) == {"conversation_updated", "conversation_status_changed"}


def test_the_signature_is_hmac_sha256_of_time_and_body():
    signed = sign("secret", 1700000000, b'{"event":"message_created"}')
    assert (len(signed), signed.startswith("sha256=")) == (len("sha256=") + 64, True)
    assert sign("secret", 1700000001, b'{"event":"message_created"}') != signed


def test_redaction_leaves_the_system_s_own_words_and_takes_people_s():
    body = {
        "event": "message_created",
        "content": "Call +420 602 123 456",
        "sender": {"id": 1, "name": "Ada Agent", "email": "ada@example.com", "type": "user"},
        "attachments": [{"file_name": "a.png", "data_url": "https://x/files/1", "file_type": "image"}],
        "conversation": {
            "channel": "Channel::WebWidget",
            "labels": ["vip"],
            "custom_attributes": {"note": "is jan.novak@example.com"},
            "meta": {
                "assignee": {"id": 1, "name": "Ada", "type": "user"},
                "team": {"id": 2, "name": "Billing"},
            },
        },
    }
    told = redact_body(body)
    assert told["content"] == "Call [phone]"
    assert told["sender"] == {"id": 1, "name": "[person]", "email": None, "type": "user"}
    assert told["attachments"] == [{"file_name": "a.png", "data_url": None, "file_type": "image"}]
    assert told["conversation"] == {
        "channel": "Channel::WebWidget",
        "labels": ["vip"],
        "custom_attributes": {"note": "is [email]"},
        "meta": {
            "assignee": {"id": 1, "name": "[person]", "type": "user"},
            "team": {"id": 2, "name": "Billing"},
        },
    }
    bot = redact_body(
        {"event": "message_created", "sender": {"id": 0, "name": "Assistant", "type": "agent_bot"}}
    )
    assert bot["sender"]["name"] == "Assistant"
