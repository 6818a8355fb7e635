"""A workshop with a tiny encoder, and three intents to teach."""

from __future__ import annotations

from pathlib import Path

import pytest

from rapport.accounts.api import create_staff
from rapport.accounts.models import User
from rapport.understanding.api import learning
from rapport.understanding.tests.stub_encoder import StubEncoder, examples


@pytest.fixture
def workshop(tmp_path: Path) -> learning.Workshop:
    return learning.Workshop(tmp_path / "models", StubEncoder(), tmp_path / "vectors")


@pytest.fixture
def taught(db: None) -> learning.Synced:
    """Sixty examples of three intents."""
    return learning.sync_examples(examples())


@pytest.fixture
def supervisor(db: None) -> User:
    return create_staff("sam@example.com", "Sam Novak", "supervisor")
