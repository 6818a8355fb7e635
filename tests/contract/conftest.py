"""Fixtures of the contract suites."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.acceptance.support.shop import RunningShop, run_shop


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    with run_shop(tmp_path_factory.mktemp("shop")) as running:
        yield running
