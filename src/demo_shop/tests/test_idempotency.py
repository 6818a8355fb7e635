"""A write with a key happens once, also across restarts and processes."""

import threading

from .conftest import Shop

CANCEL = {"reason": "no longer needed"}


def _cancel(shop: Shop, key: str = "k-1", reason: str = "no longer needed"):
    return shop.post("/orders/W1000002/cancel", {"reason": reason}, **{"Idempotency-Key": key})


def test_the_same_key_gives_the_stored_answer(shop) -> None:
    first, second = _cancel(shop), _cancel(shop)
    assert first.status_code == second.status_code == 200
    assert first.text == second.text
    assert "idempotent-replay" not in first.headers
    assert second.headers["idempotent-replay"] == "true"
    assert shop.balance() == 45.7


def test_the_answer_survives_a_restart(shop) -> None:
    first = _cancel(shop)
    assert _cancel(Shop(shop.database)).text == first.text


def test_a_key_belongs_to_one_request(shop) -> None:
    _cancel(shop)
    before = shop.dump()
    for answer in (
        _cancel(shop, reason="ordered by mistake"),
        shop.post("/orders/W1000001/cancel", CANCEL, **{"Idempotency-Key": "k-1"}),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "idempotency_key_reused")
    assert shop.dump() == before


def test_a_refusal_is_stored_too(shop) -> None:
    first = _cancel(shop, reason="bored")
    assert first.status_code == 422
    assert _cancel(shop, reason="bored").text == first.text
    operation = shop.get("/operations/k-1").json()
    assert (operation["succeeded"], operation["status_code"]) == (False, 422)


def test_a_malformed_request_does_not_use_up_its_key(shop) -> None:
    answer = shop.post("/orders/W1000002/cancel", {}, **{"Idempotency-Key": "k-1"})
    assert answer.json()["error"]["code"] == "invalid_request"
    assert _cancel(shop).status_code == 200


def test_a_caller_can_ask_what_became_of_a_write(shop) -> None:
    assert shop.get("/operations/k-1").status_code == 404
    answer = _cancel(shop)
    operation = shop.get("/operations/k-1").json()
    assert operation["succeeded"] is True
    assert operation["path"] == "/api/v1/orders/W1000002/cancel"
    assert operation["response"] == answer.json()


def test_callers_at_once_cancel_once(shop) -> None:
    """Two applications on one file stand for two processes."""
    shops = [Shop(shop.database), Shop(shop.database)]
    answers = []
    threads = [
        threading.Thread(target=lambda s=s: answers.append(_cancel(s))) for s in shops for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 6
    assert len({answer.text for answer in answers}) == 1
    assert shop.balance() == 45.7


def test_two_orders_cannot_spend_one_gift_card_twice(shop) -> None:
    """Without keys, the write lock alone keeps the balance right."""
    body = {"item_ids": ["lamp-red"], "new_item_ids": ["lamp-blue"], "payment_method_id": "gift_card_1"}
    first = shop.post("/orders/W1000001/items", body)
    second = shop.post("/orders/W1000004/exchange", body)
    assert first.status_code == 200
    assert second.json()["error"]["code"] == "gift_card_insufficient"
