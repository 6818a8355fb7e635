"""Required words in what was said, kept results, and the figures of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from rapport.testing.retail.tests.shop import snapshot
from rapport.testing.tau.report import Prices, report_of, summary
from rapport.testing.tau.tasks import missing_outputs
from rapport.testing.tau.tool_shop import NoSuchTool, ToolProblem, ToolShop
from rapport.testing.tau.trials import BadResults, Trial, add_trial, digest, forget_cut_off, read_trials


@pytest.mark.parametrize(
    ("wanted", "said", "missing"),
    [
        ("8276.23", "You get $8,276.23 back.", []),
        ("8276.23", "Zpět dostanete 8 276,23 $.", []),
        ("8276.23", "8.276,23 $ zurück", []),
        ("481.50", "It costs $481.50", []),
        ("481.50", "It costs 481,5", []),
        ("10", "There are 10 shirts", []),
        ("10", "There are 110 or 1.0 shirts", []),
        ("17.99", "18.99", ["17.99"]),
        ("camera", "the Camera, yes", []),
        ("746342064230", "tracking number 746342064230", []),
    ],
)
def test_required_words_and_numbers(wanted: str, said: str, missing: list[str]) -> None:
    assert missing_outputs((wanted,), said) == missing


def trial(task: str, number: int, **more: object) -> Trial:
    found = Trial("enforced", task, number, "d", ended="satisfied", transcript=["agent: hello"])
    for name, value in more.items():
        setattr(found, name, value)
    return found


def test_results_are_kept_and_a_line_cut_short_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    add_trial(path, trial("a", 0, cause="user_server"))
    add_trial(path, trial("a", 0, is_success=True))
    with path.open("a", encoding="utf-8") as out:
        out.write('{"mode": "enf')
    assert [(t.key, t.is_success) for t in read_trials(path)] == [(("enforced", "a", 0), True)]
    forget_cut_off(path)
    add_trial(path, trial("a", 1))
    assert [t.trial for t in read_trials(path)] == [0, 1]
    path.write_text("no line\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(BadResults, match="line 1"):
        read_trials(path)
    assert digest({"seed": 1}) != digest({"seed": 2})


def test_the_figures_of_a_run() -> None:
    trials = [
        trial("a", 0, is_success=True, agent_tokens_in=1000, agent_tokens_out=100, turns=4),
        trial("a", 1, is_success=True, agent_tokens_in=1000, agent_tokens_out=100, turns=6),
        trial("b", 0, is_success=True, turns=2),
        trial("b", 1, cause="wrong_change", refused=["order_is_pending"], violations=["x/y"], turns=4),
        trial("c", 0, cause="user_server"),
    ]
    report = report_of(trials, {"language": "en"}, 2, Prices(agent=(1.0, 10.0)))
    found = report["enforced"]
    assert (report["language"], report["k"], "off" in report) == ("en", 2, False)
    assert (found["tasks"], found["conversations"], found["not_counted"]) == (2, 4, 1)
    assert (found["pass^1"], found["pass^2"]) == (0.75, 0.5)
    assert (found["agent_tokens"], found["agent_cost"]) == ({"in": 2000, "out": 200}, 0.004)
    assert found["user_cost"] is None
    assert (found["refused"], found["violations"]) == ({"order_is_pending": 1}, {"x/y": 1})
    assert found["failures_by_cause"] == {"wrong_change": 1}
    assert found["first_failures"][0]["task"] == "b"
    assert "pass^1 0.750  pass^2 0.500" in summary(report)


def test_tools_check_what_the_benchmarks_tools_check() -> None:
    shop = ToolShop(snapshot())
    assert shop.call(
        "find_user_id_by_name_zip", {"first_name": "ada", "last_name": "NOVAK", "zip": "40210"}
    ) == ("ada_novak_1")
    assert shop.call("calculate", {"expression": "(40.0 + 2) * 3 - 1"}) == "125.0"
    assert '"Desk Lamp": "100"' in shop.call("list_all_product_types", {})
    assert '"copper"' in shop.call("get_product_details", {"product_id": "200"})
    for name, given in (
        ("get_order_details", {"order_id": "#W9"}),
        ("find_user_id_by_email", {"email": "nobody@example.com"}),
        ("calculate", {"expression": "__import__('os')"}),
        ("cancel_pending_order", {"order_id": "#W2000001", "reason": "no longer needed"}),
        ("cancel_pending_order", {"order_id": "#W1000003", "reason": "no reason"}),
        ("return_delivered_order_items", {"order_id": "#W2000002"}),
    ):
        with pytest.raises(ToolProblem):
            shop.call(name, given)
    with pytest.raises(NoSuchTool):
        shop.call("get_order_details", {})
    assert (shop.writes, shop.state["orders"]) == ([], snapshot()["orders"])
