"""Fixtures of the whole suite: no network but loopback, and clean process caches between tests."""

from __future__ import annotations

import os
import socket

import pytest
from hypothesis import settings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Drawn examples are the same in every run, so that a red run can be had again; HYPOTHESIS_PROFILE=explore draws anew.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

_LOCAL = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """Tests reach this machine only."""
    connect = socket.socket.connect

    def guarded(self, address):
        if isinstance(address, tuple) and address[0] not in _LOCAL:
            raise RuntimeError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _forget_caches():
    """Caches of one test's database must not answer the next, nor the language of its last request."""
    yield
    from django.utils import translation

    from rapport.accounts import queries as accounts
    from rapport.procedures import queries as procedures

    translation.deactivate()
    accounts._token_cache.clear()
    procedures.forget_book()
