"""Nothing is asked outside unless a server is named; a wrong setting stops the start."""

from __future__ import annotations

import pytest

from rapport.understanding.language_model.settings import LanguageModelSettings
from rapport.web.config import BadSetting, load_config

NAMED = {"LANGUAGE_MODEL_URL": "https://models.example:8443/v1", "LANGUAGE_MODEL_NAME": "m-1"}


def configured(tmp_path: object, **more: str) -> LanguageModelSettings | None:
    return load_config({"DATA_DIR": str(tmp_path), "SECRET_KEY": "x" * 50, **more}).language_model


def test_without_an_address_there_is_no_language_model(tmp_path: object) -> None:
    assert configured(tmp_path) is None
    assert configured(tmp_path, LANGUAGE_MODEL_NAME="m-1", LANGUAGE_MODEL_KEY="k") is None
    assert configured(tmp_path, **NAMED, LANGUAGE_MODEL_USE="off") is None


def test_everything_can_be_set(tmp_path: object) -> None:
    found = configured(
        tmp_path,
        **NAMED,
        LANGUAGE_MODEL_KEY="k",
        LANGUAGE_MODEL_USE="always",
        LANGUAGE_MODEL_OUTPUT="tool",
        LANGUAGE_MODEL_CONFIDENCE="0.9",
        LANGUAGE_MODEL_TIMEOUT_S="3.5",
        LANGUAGE_MODEL_PRICES="0.15/0.60",
        LANGUAGE_MODEL_CURRENCY="CZK",
        LANGUAGE_MODEL_DAILY_CALLS="10",
        LANGUAGE_MODEL_DAILY_COST="1.5",
        LANGUAGE_MODEL_CONVERSATION_CALLS="3",
        LANGUAGE_MODEL_CONVERSATION_COST="0.01",
    )
    assert found is not None
    assert (found.server.name, found.server.model, found.server.key) == ("models.example:8443", "m-1", "k")
    assert (found.use, found.server.output, found.min_confidence, found.server.deadline_s) == (
        "always",
        "tool",
        0.9,
        3.5,
    )
    assert (found.prices.per_million_in, found.prices.per_million_out, found.prices.currency) == (
        0.15,
        0.6,
        "CZK",
    )
    assert (found.limits.daily_calls, found.limits.daily_cost) == (10, 1.5)
    assert (found.limits.conversation_calls, found.limits.conversation_cost) == (3, 0.01)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LANGUAGE_MODEL_URL", "models.example"),
        ("LANGUAGE_MODEL_URL", "ftp://models.example"),
        ("LANGUAGE_MODEL_NAME", " "),
        ("LANGUAGE_MODEL_USE", "sometimes"),
        ("LANGUAGE_MODEL_OUTPUT", "xml"),
        ("LANGUAGE_MODEL_CONFIDENCE", "1.5"),
        ("LANGUAGE_MODEL_TIMEOUT_S", "60"),
        ("LANGUAGE_MODEL_TIMEOUT_S", "nan"),
        ("LANGUAGE_MODEL_PRICES", "cheap"),
        ("LANGUAGE_MODEL_DAILY_CALLS", "-1"),
    ],
)
def test_a_wrong_setting_stops_the_start_by_name(tmp_path: object, variable: str, value: str) -> None:
    with pytest.raises(BadSetting, match=variable):
        configured(tmp_path, **{**NAMED, variable: value})


def test_the_key_is_not_shown_by_accident(tmp_path: object) -> None:
    assert "k3y" not in repr(configured(tmp_path, **NAMED, LANGUAGE_MODEL_KEY="k3y"))
