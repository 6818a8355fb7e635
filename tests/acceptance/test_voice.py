"""The telephone: the same requests by speech and by keys, with the same end in the shop."""

from __future__ import annotations

import pytest
from tests.acceptance.support.caller import Caller, Platform, voice_inbox
from tests.acceptance.support.shop import RunningShop
from tests.acceptance.support.system import System


@pytest.mark.parametrize("kind", [Caller, Platform])
def test_given_a_caller_when_order_number_and_email_are_said_then_the_order_is_told(
    system: System, shop: RunningShop, kind: type[Caller]
) -> None:
    shopper = shop.shopper(having="shipped")
    order = shopper.order("shipped")
    caller = kind(system, voice_inbox("en"))
    caller.dial()
    assert "I am an AI" in caller.said
    assert "press 0" in caller.said
    caller.say("where is my order")
    assert "order number" in caller.said
    caller.press(order.id.lstrip("#W"))
    name, _, host = shopper.email.partition("@")
    caller.say(f"{name.replace('.', ' dot ')} at {host.replace('.', ' dot ')}")
    caller.press("1")
    assert caller.info.verification is not None
