"""Fixtures that the acceptance and the contract tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.acceptance.support.shop import RunningShop, make_shop, run_shop


@pytest.fixture(scope="session")
def made_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration shop's database as generated; nobody writes to it."""
    return make_shop(tmp_path_factory.mktemp("made-shop"))


@pytest.fixture(scope="module")
def shop(made_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    with run_shop(made_shop, tmp_path_factory.mktemp("shop")) as running:
        yield running
