"""Words about buying in general refer to no particular thing."""

import pytest

from rapport.understanding.contracts import Candidate
from rapport.understanding.logic.references import resolve

BEDDING = Candidate("#W1", "#W1 · Calm 床上四件套", ("W1000001", "亚麻 单件 鼠尾草绿"))
HEADPHONES = Candidate("#W2", "#W2 · Aria 无线头戴耳机", ("W2000002", "黑色 布艺"))


@pytest.mark.parametrize("text", ["取消订单", "我想退货", "退订单", "我的包裹在哪里", "修改地址"])
def test_a_request_alone_names_no_order(text):
    assert resolve(text, [BEDDING, HEADPHONES], many=False, language="zh").values == ()


def test_a_named_thing_is_still_found():
    assert resolve("取消耳机的订单", [BEDDING, HEADPHONES], many=False, language="zh").values == ("#W2",)


def test_where_one_is_wanted_the_thing_more_words_speak_for_is_meant():
    speaker = Candidate("p1", "Bluetooth Speaker Drift", ("Reproduktor Drift",))
    filter_ = Candidate("p2", "Purifier Filter Meadow", ("Red de filtro Meadow",))
    found = resolve("do you have bluetooth speakers in red?", [speaker, filter_], many=False, language="en")
    assert (found.values, found.is_ambiguous) == (("p1",), False)


def test_two_things_named_equally_stay_unclear():
    mug, lamp = Candidate("1", "Mug"), Candidate("2", "Lamp")
    found = resolve("the mug and the lamp", [mug, lamp], many=False, language="en")
    assert (set(found.values), found.is_ambiguous) == ({"1", "2"}, True)
