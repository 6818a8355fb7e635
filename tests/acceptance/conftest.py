"""Fixtures of the acceptance tests."""

from __future__ import annotations

import pytest
from tests.acceptance.support.shop import RunningShop
from tests.acceptance.support.system import System, make_system

from rapport.channels.embedding import forget_inboxes
from rapport.channels.limits import WINDOWS


@pytest.fixture
def system(db: None, shop: RunningShop) -> System:
    forget_inboxes()
    WINDOWS.clear()
    return make_system(shop)
