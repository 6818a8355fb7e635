"""The register of decisions."""

from __future__ import annotations

import pytest

from rapport.governance import api as governance
from rapport.governance.contracts import DecisionDraft

pytestmark = pytest.mark.django_db


def test_what_was_chosen_in_a_long_turn_is_cut_to_what_the_register_holds():
    chosen = " + ".join(["shop.cancel_order"] * 12)

    number = governance.record_decision(DecisionDraft(kind="staff_procedure", chosen=chosen))

    found = governance.find_decision(number)
    assert found is not None
    assert found.draft.chosen == chosen[:120]
