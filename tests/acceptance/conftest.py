"""Fixtures of the acceptance tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.acceptance.support.shop import RunningShop, run_shop
from tests.acceptance.support.system import System, make_system

from rapport.channels.embedding import forget_inboxes
from rapport.channels.limits import WINDOWS


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    with run_shop(tmp_path_factory.mktemp("shop")) as running:
        yield running


@pytest.fixture
def system(db: None, shop: RunningShop) -> System:
    forget_inboxes()
    WINDOWS.clear()
    return make_system(shop)
