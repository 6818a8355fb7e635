"""Which readings a language model is asked about."""

from __future__ import annotations

import pytest

from rapport.understanding.contracts import ModelRef, Segment, Sentiment, Signals, Understanding
from rapport.understanding.language_model.engine import worth_asking


def _read(signals: Signals) -> Understanding:
    return Understanding(
        text="what about it",
        language="en",
        language_confidence=1.0,
        act=None,
        segments=(Segment("what about it", 0, 13, (), accepted=False, abstention="uncertain"),),
        entities=(),
        sentiment=Sentiment("neutral", 0.0),
        signals=signals,
        model=ModelRef("none", "untrained", "lexical"),
        encode_ms=0.0,
        total_ms=0.0,
    )


def test_what_was_not_understood_is_asked() -> None:
    assert worth_asking(_read(Signals()))


@pytest.mark.parametrize("sign", ["safety", "legal_threat", "vulnerability", "contract_cancellation"])
def test_what_a_person_reads_anyway_is_not(sign: str) -> None:
    assert not worth_asking(_read(Signals(**{sign: True})))
