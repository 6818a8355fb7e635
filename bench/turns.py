"""A turn from POST to reply: its CPU beside the encoder's own forward pass, and how long the customer waits."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bench import machine
from bench.clients import Customer
from bench.encoder import EncoderAlone
from bench.figures import Figure, percentile
from bench.system import System
from bench.texts import Script, write_scripts

SENTENCES = ("status", "question", "short")
THINK_S = (3.0, 6.0)
PAUSE_S = 0.15
"""Between a reply and the next text of the quiet run: the system comes to rest, as on a quiet day."""
CLICK_STARTS = ("order_status", "return_items", "cancel_order", "change_address", "gift_card_balance")


@dataclass(slots=True)
class Spent:
    """CPU of one stretch of turns."""

    turns: int = 0
    wall_s: float = 0.0
    cpu_s: dict[str, float] = field(default_factory=dict)
    latencies_s: list[float] = field(default_factory=list)
    encoder_ms: list[float] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    """Of each turn, where they differ."""

    def cpu_ms_per_turn(self, idle_share: float = 0.0) -> float:
        """CPU of all processes a turn [ms], less what they spend at rest (`idle_share` of a core)."""
        return 1000 * (sum(self.cpu_s.values()) - idle_share * self.wall_s) / self.turns

    def waits_ms(self, kinds: Collection[str] = ()) -> list[float]:
        """How long customers waited, for turns of some kinds only where named [ms]."""
        pairs = zip(self.kinds or [""] * self.turns, self.latencies_s, strict=True)
        return [1000 * wait for kind, wait in pairs if not kinds or kind in kinds]

    def as_json(self) -> dict[str, Any]:
        waits = {
            name: round(percentile(self.waits_ms(), share), 1)
            for name, share in (("p50_ms", 0.5), ("p95_ms", 0.95), ("p99_ms", 0.99), ("max_ms", 1.0))
        }
        by_kind = {
            kind: {
                "p50_ms": round(percentile(self.waits_ms([kind]), 0.5), 1),
                "p95_ms": round(percentile(self.waits_ms([kind]), 0.95), 1),
            }
            for kind in sorted(set(self.kinds))
        }
        return {
            "turns": self.turns,
            "wall_s": round(self.wall_s, 2),
            "cpu_ms_per_turn": round(self.cpu_ms_per_turn(), 2),
            "cpu_ms_per_turn_by_process": {k: round(1000 * v / self.turns, 2) for k, v in self.cpu_s.items()},
            "encoder_ms_per_text": round(sum(self.encoder_ms) / max(1, len(self.encoder_ms)), 2),
            **waits,
            "by_kind": by_kind,
            "load": machine.load(),
        }


def measure(
    system: System, *, conversations: int, crowd: int, crowd_s: float
) -> tuple[list[Figure], dict[str, Any]]:
    """Figures of turns: quiet, clicks, crowd."""
    scripts = write_scripts(find_orders(system))
    with EncoderAlone() as encoder:
        take_texts(system, list(itertools.islice(scripts, 6)), encoder)  # caches fill, connections open
        idle = measure_idle(system)
        texts = take_texts(system, list(itertools.islice(scripts, conversations)), encoder)
    clicks = take_clicks(system, find_orders(system)[-conversations:])
    crowded = take_crowd(system, list(itertools.islice(scripts, crowd)), crowd_s)
    encoder_ms = sum(texts.encoder_ms) / len(texts.encoder_ms)
    ratio = texts.cpu_ms_per_turn(idle) / encoder_ms
    figures = [
        Figure("turn: CPU, times the encoder's own", round(ratio, 2), "×", at_most=2.5),
        Figure("turn: CPU", round(texts.cpu_ms_per_turn(idle), 1), "ms", note=f"encoder {encoder_ms:.1f} ms"),
        Figure("turn by click: CPU", round(clicks.cpu_ms_per_turn(idle), 1), "ms"),
        Figure("turn, idle: p50", percentile(texts.waits_ms(), 0.5), "ms"),
        Figure("turn, idle: p95", percentile(texts.waits_ms(), 0.95), "ms", at_most=150),
        Figure("turn, idle: p95 of one sentence", percentile(texts.waits_ms(SENTENCES), 0.95), "ms"),
        Figure("turn, idle: p95 of clicks", percentile(clicks.waits_ms(), 0.95), "ms"),
        Figure(f"turn, {crowd} at once: p50", percentile(crowded.waits_ms(), 0.5), "ms"),
        Figure(f"turn, {crowd} at once: p95", percentile(crowded.waits_ms(), 0.95), "ms", at_most=400),
    ]
    raw = {
        "idle_cpu_share": round(idle, 4),
        "ratio_with_idle_cpu": round(texts.cpu_ms_per_turn() / encoder_ms, 2),
        "texts": texts.as_json(),
        "clicks": clicks.as_json(),
        "crowd": crowded.as_json(),
        "inside": inside(system),
    }
    return figures, raw


def find_orders(system: System) -> list[tuple[str, str]]:
    """Customers with one of their delivered orders."""
    return system.shop_rows(
        "SELECT customer_id, min(order_id) FROM orders WHERE status = 'delivered' GROUP BY customer_id"
        " HAVING count(*) > 1 ORDER BY customer_id"
    )


def measure_idle(system: System, seconds: float = 4.0) -> float:
    """CPU the system spends on nothing, as a share of one core."""
    before = sum(system.cpu_s().values())
    time.sleep(seconds)
    return (sum(system.cpu_s().values()) - before) / seconds


def take_texts(system: System, scripts: list[Script], encoder: EncoderAlone) -> Spent:
    """One text after another on a quiet system; the encoder is timed on the same text right after its turn."""
    spent = Spent(cpu_s=dict.fromkeys(system.children, 0.0))
    for script in scripts:
        customer = Customer(system, script.customer_ref, script.language)
        time.sleep(PAUSE_S)
        for kind, text in script.texts:
            spent.kinds.append(kind)
            _timed(system, spent, partial(customer.say, text))
            spent.encoder_ms.append(encoder.measure_ms(text))
        customer.close()
    return spent


def take_clicks(system: System, orders: list[tuple[str, str]]) -> Spent:
    """Procedures by clicking alone: begin one, choose the first of what is offered, twice."""
    spent = Spent(cpu_s=dict.fromkeys(system.children, 0.0))
    languages = itertools.cycle(("en", "cs", "de", "es", "ru", "zh"))
    starts = itertools.cycle(CLICK_STARTS)
    for (customer_ref, _), language, start in zip(orders, languages, starts, strict=False):
        customer = Customer(system, customer_ref, language)
        time.sleep(PAUSE_S)
        values = [f"start:{start}"]
        for _ in range(3):
            _timed(system, spent, partial(customer.click, values[0]))
            values = customer.choices()
            if not values or values[0] == "talk_to_person":
                break
        customer.close()
    return spent


def _timed(system: System, spent: Spent, turn: Callable[[], float]) -> None:
    """One turn, and the pause after it in which its last work is done."""
    before, begun = system.cpu_s(), time.perf_counter()
    spent.latencies_s.append(turn())
    time.sleep(PAUSE_S)
    after = system.cpu_s()
    spent.wall_s += time.perf_counter() - begun
    spent.turns += 1
    for name, value in after.items():
        spent.cpu_s[name] += value - before[name]


def take_crowd(system: System, scripts: list[Script], seconds: float) -> Spent:
    """Many conversations at once, each pausing as people do between reply and next text.

    Nobody types a letter in five seconds twice: after the first four texts only sentences follow.
    """
    spent = Spent()
    sentences = [[pair for pair in script.texts if pair[0] in SENTENCES] for script in scripts]
    customers = [Customer(system, s.customer_ref, s.language) for s in scripts]
    time.sleep(1.0)
    before, begun = system.cpu_s(), time.perf_counter()
    until = begun + seconds
    lock = threading.Lock()

    def converse(number: int) -> None:
        rng = random.Random(number)
        time.sleep(rng.uniform(0, sum(THINK_S) / 2))
        for count in itertools.count():
            if time.perf_counter() > until:
                return
            first, again = scripts[number].texts, sentences[number]
            kind, text = first[count] if count < len(first) else again[count % len(again)]
            took = customers[number].say(text if count < len(first) else f"{text} {count}")
            with lock:
                spent.latencies_s.append(took)
                spent.kinds.append(kind)
            time.sleep(rng.uniform(*THINK_S))

    threads = [threading.Thread(target=converse, args=(n,)) for n in range(len(customers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent.wall_s = time.perf_counter() - begun
    spent.turns = len(spent.latencies_s)
    spent.cpu_s = {name: value - before[name] for name, value in system.cpu_s().items()}
    for customer in customers:
        customer.close()
    return spent


def inside(system: System) -> dict[str, float]:
    """Means over the decisions on record: what the worker itself measured of its turns [ms]."""
    rows = system.rows(
        "SELECT avg(json_extract(latency_ms, '$.cpu_total')), avg(json_extract(latency_ms, '$.cpu_encode')),"
        " avg(json_extract(latency_ms, '$.cpu_understand')), avg(json_extract(latency_ms, '$.cpu_systems'))"
        " FROM governance_decision WHERE kind = 'turn' AND json_extract(latency_ms, '$.cpu_encode') > 0"
    )
    names = ("cpu_total", "cpu_encode", "cpu_understand", "cpu_systems")
    return {name: round(value or 0.0, 2) for name, value in zip(names, rows[0], strict=True)}
