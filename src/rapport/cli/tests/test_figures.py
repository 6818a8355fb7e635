"""`rapport report self-service`."""

from __future__ import annotations

import json

import pytest

from rapport.cli import main
from rapport.reports.tests.conftest import shop  # noqa: F401 - a fixture
from rapport.reports.tests.test_figures import fill

DAYS = ["--from", "2026-03-02", "--to", "2026-03-15"]


def test_the_figures_in_words(shop, capsys):  # noqa: F811
    fill(shop)
    assert main(["report", "self-service", *DAYS]) == 0
    text = capsys.readouterr().out
    assert "12 contacts: 8 solved" in text
    assert "Solved without a person      63.6% (7 of 11; 35%-85%)   before too few (0 of 0)" in text
    assert "send_back                        9" in text


def test_the_figures_for_programs(shop, capsys):  # noqa: F811
    fill(shop)
    assert main(["report", "self-service", *DAYS, "--json", "--timezone", "Europe/Prague"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["contacts"], data["timezone"], data["period"]) == (
        12,
        "Europe/Prague",
        {"from": DAYS[1], "to": DAYS[3]},
    )


def test_what_is_new_is_read_first(shop, capsys):  # noqa: F811
    shop.talk().say("hours?", "answer:hours").wait(hours=25)
    assert main(["report", "self-service", "--csv"]) == 0
    assert "figure,,,,involvement,1,1,,,,," in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", [["--timezone", "Nowhere/Town"], ["--from", "2026-03-03", "--to", "2026-03-02"]]
)
def test_what_makes_no_sense_is_refused(db, capsys, wrong):
    assert main(["report", "self-service", *wrong]) == 2
    assert capsys.readouterr().err.startswith("rapport: ")
