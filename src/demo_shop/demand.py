"""Who ordered what and when: plans for all orders, before their courses are worked out."""

import random
from datetime import datetime, timedelta

from demo_shop.catalogue import StockedProduct
from demo_shop.journeys import CLAIM_TEXTS, Line, OrderPlan
from demo_shop.people import Person, Wallet

CONSUMABLES_EVERY = (28, 35, 45, 60, 90)
_HISTORY_DAYS = 400
_RECENT_SHARE = 0.14
_RECENT_DAYS = 9
_REGULAR_SHARE = 0.25
_FATES = ("kept", "cancelled", "modified", "returned", "exchanged")
_FATE_WEIGHTS = (76, 8, 4, 8, 4)
_DELAYED_SHARE = 0.08
_CLAIM_SHARE = 0.035


def plan_orders(
    rng: random.Random, people: list[Person], products: list[StockedProduct], count: int, now: datetime
) -> list[OrderPlan]:
    """Plan exactly ``count`` orders, oldest first."""
    plans: list[OrderPlan] = []
    for person in people:
        if person.is_showcase:
            plans += _plan_showcase(rng, person, products, now)
    regulars = [p for p in people if not p.is_showcase and rng.random() < _REGULAR_SHARE]
    for person in regulars:
        plans += _plan_regular(rng, person, products, now)
    plans = plans[:count]
    buyers = [p for p in people if not p.is_showcase]
    weights = [rng.lognormvariate(0, 0.9) for _ in buyers]
    for person in rng.choices(buyers, weights, k=count - len(plans)):
        lines = _fill_basket(rng, products)
        plans.append(_plan_one(rng, person, _moment(rng, now), lines))
    return sorted(plans, key=lambda plan: plan.placed_at)


def _moment(rng: random.Random, now: datetime) -> datetime:
    """Some day of the history; the last days weigh more, so that every stage of an order is well filled."""
    is_recent = rng.random() < _RECENT_SHARE
    days = _RECENT_DAYS * rng.random() ** 2 if is_recent else rng.uniform(0, _HISTORY_DAYS)
    return now - timedelta(days=days, minutes=20)


def _fill_basket(rng: random.Random, products: list[StockedProduct]) -> list[Line]:
    pieces = rng.choices((1, 2, 3, 4, 5), (44, 28, 16, 8, 4))[0]
    chosen = rng.choices(products, [product.popularity for product in products], k=pieces)
    return [Line(product, rng.choice(product.variants)) for product in chosen]


def _plan_one(rng: random.Random, person: Person, placed_at: datetime, lines: list[Line]) -> OrderPlan:
    return OrderPlan(
        person=person,
        placed_at=placed_at,
        lines=lines,
        wallet=_choose_wallet(rng, person, sum(line.variant.price_cents for line in lines)),
        fate=rng.choices(_FATES, _FATE_WEIGHTS)[0],
        is_delayed=rng.random() < _DELAYED_SHARE,
        claim_kind=rng.choice(list(CLAIM_TEXTS)) if rng.random() < _CLAIM_SHARE else None,
        hours_to_pack=rng.uniform(12, 56),
    )


def _choose_wallet(rng: random.Random, person: Person, cents: int) -> Wallet:
    """Choose a method that can pay; what is planned on a gift card never exceeds its balance."""
    able = [
        w for w in person.wallets if w.balance_cents is None or w.balance_cents - w.planned_cents >= cents
    ]
    wallet = rng.choice(able)
    wallet.planned_cents += cents
    return wallet


def _plan_regular(
    rng: random.Random, person: Person, products: list[StockedProduct], now: datetime
) -> list[OrderPlan]:
    """Someone who buys the same supply again and again, at a steady interval."""
    product = rng.choice([p for p in products if p.is_consumable])
    line = Line(product, rng.choice(product.variants))
    interval = rng.choice(CONSUMABLES_EVERY)
    moment = now - timedelta(days=rng.uniform(200, _HISTORY_DAYS))
    plans: list[OrderPlan] = []
    while moment < now and len(plans) < 6:
        plans.append(_plan_one(rng, person, moment, [line]))
        moment += timedelta(days=interval * rng.uniform(0.85, 1.15))
    return plans


def _plan_showcase(
    rng: random.Random, person: Person, products: list[StockedProduct], now: datetime
) -> list[OrderPlan]:
    """Orders of a person one signs in as: one of each situation a customer writes about."""
    by_picture = {product.picture: product for product in products}

    def order(age_days: float, *pictures: str, fate: str = "kept", hours_to_pack: float = 20) -> OrderPlan:
        lines = []
        for picture in pictures:
            product = by_picture[picture]
            lines.append(Line(product, next(v for v in product.variants if v.stock > 2)))
        placed_at = now - timedelta(days=age_days, minutes=rng.uniform(0, 50), seconds=rng.uniform(0, 60))
        return OrderPlan(
            person, placed_at, lines, person.wallets[0], fate, hours_to_pack=hours_to_pack, days_to_ask=2
        )

    delayed = order(6, "speaker", "blanket")
    delayed.is_delayed = True
    return [
        *(order(days, "beans") for days in (128, 97, 66, 34)),
        order(55, "espresso", "grinder", fate="returned"),
        order(12, "headphones", "desklamp", "beans"),
        order(10, "bedding", fate="exchanged"),
        order(9.5, "phonecase", "charger", fate="returned"),
        delayed,
        order(4.5, "kettle", fate="cancelled"),
        order(2.5, "shelf", "planter", hours_to_pack=12),
        order(0.85, "clock", hours_to_pack=19),
        order(0.4, "phone", fate="modified", hours_to_pack=40),
        order(0.12, "keyboard", "mouse", hours_to_pack=30),
    ]
