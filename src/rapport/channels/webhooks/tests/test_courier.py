"""Threads that send: a slow receiver holds up its own, and nothing else."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.db import DatabaseError

from rapport.channels.webhooks import courier
from rapport.channels.webhooks.courier import THREADS_EACH, Courier

SLOW, QUICK = 1, 2


class Post:
    """Deliveries in memory: those of one webhook do not return until they are let go."""

    def __init__(self) -> None:
        self.left = Counter({SLOW: 9, QUICK: 3})
        self.go = threading.Event()
        self.quick_done = threading.Event()
        self.all_planned = threading.Event()
        self.lock = threading.Lock()
        self.at_work: Counter[int] = Counter()
        self.most: Counter[int] = Counter()
        self.planned: Counter[int] = Counter()

    def deliver_next(self, webhook_id, *, is_first):
        with self.lock:
            if not self.left[webhook_id]:
                return False
            self.left[webhook_id] -= 1
            self.at_work[webhook_id] += 1
            self.most[webhook_id] = max(self.most[webhook_id], self.at_work[webhook_id])
        if webhook_id == SLOW:
            assert self.go.wait(10)
        with self.lock:
            self.at_work[webhook_id] -= 1
        return True

    def plan_next(self, webhook_id):
        with self.lock:
            self.planned[webhook_id] += 1
        if webhook_id == QUICK:
            self.quick_done.set()
        elif self.planned[SLOW] == THREADS_EACH:
            self.all_planned.set()


@pytest.fixture
def mail(monkeypatch):
    made = Post()
    monkeypatch.setattr(courier, "deliver_next", made.deliver_next)
    monkeypatch.setattr(courier, "plan_next", made.plan_next)
    return made


def test_a_slow_receiver_holds_up_its_own_threads_only(mail):
    sender = Courier()
    for _ in range(THREADS_EACH + 5):
        sender.call(SLOW)
    sender.call(QUICK)
    assert mail.quick_done.wait(10)
    assert mail.left[QUICK] == 0
    mail.go.set()
    assert mail.all_planned.wait(10)
    assert (mail.left[SLOW], mail.most[SLOW]) == (0, THREADS_EACH)


def test_who_is_called_while_at_work_looks_again(mail, monkeypatch):
    waiting = []
    sender = Courier(waiting.append)
    mail.left = Counter({QUICK: 1})
    looked = []

    def deliver(webhook_id, *, is_first):
        looked.append(is_first)
        if len(looked) == 1:
            sender.call(QUICK)
            return True
        return False

    monkeypatch.setattr(courier, "deliver_next", deliver)
    sender.call(QUICK)
    waiting.pop(0)()
    assert looked == [True, True, True]
    waiting.pop(0)()
    assert looked == [True, True, True, False]


def test_a_failing_database_frees_the_place(mail, monkeypatch):
    def failing(webhook_id, *, is_first):
        raise DatabaseError("locked")

    sender = Courier(courier.at_once)
    monkeypatch.setattr(courier, "deliver_next", failing)
    sender.call(QUICK)
    monkeypatch.setattr(courier, "deliver_next", mail.deliver_next)
    sender.call(QUICK)
    assert mail.left[QUICK] == 0
