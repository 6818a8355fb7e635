"""What holds for files, customers, look-ups, limits and long choices whatever is clicked, said or answered."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from rapport.procedures.contracts import (
    SKIP,
    Affirm,
    Cancel,
    Deny,
    Fill,
    Input,
    Option,
    Resume,
    Say,
    StartProcedure,
    Undo,
)
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.logic.policy import judge
from rapport.procedures.logic.proposals import Proposal
from rapport.procedures.tests.shop import CUSTOMER, Driver
from rapport.procedures.tests.test_held_values import (
    BIG_BILL,
    BILL,
    COMPLAINT,
    GUIDE,
    PEOPLE,
    PHOTO,
    PHOTO_2,
)
from rapport.procedures.tests.test_looking_up import ANSWERS, METER, VOUCHER
from rapport.procedures.tests.test_narrowing import NOTICE, SHIRTS, shirt

NAMES = ("complaint", "change_email", "report_meter", "voucher", "stock_notice")
BOOK = ProcedureBook([parse_definition(source) for source in (COMPLAINT, GUIDE, METER, VOUCHER, NOTICE)])
HIDDEN = shirt("small", "pink", "slim", hidden=True)
FILES = (PHOTO, BILL, PHOTO_2, BIG_BILL)
SLOTS = ("photos", "receipt", "what", "worth", "who", "email", "meter", "tariff", "reading", "order", "shirt")
VALUES = (
    "1", "2", "3", "4", "7", "8", "9", "day", "150", "90", "#W1", "a@example.com", "-5", "49,90", "junk", "", SKIP,
    "large-red-slim", "small-pink-slim", "__attribute__:colour=red", "__attribute__:colour=pink", "__attribute__:",
)  # fmt: skip
WORDS = (
    "Ada",
    "Young",
    "8",
    "150",
    "W1",
    "red",
    "large",
    "slim",
    "pink",
    "photos",
    "the second",
    "here",
    "nobody",
)

texts = st.one_of(st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join), st.text(max_size=8))
values = st.lists(st.sampled_from(VALUES), max_size=3).map(tuple)
inputs: st.SearchStrategy[Input] = st.one_of(
    st.builds(StartProcedure, st.sampled_from(NAMES), texts),
    st.builds(Fill, st.dictionaries(st.sampled_from(SLOTS), values, min_size=1, max_size=2)),
    st.builds(Say, texts, st.booleans()),
    st.builds(Deny, texts),
    st.sampled_from([Affirm(), Cancel(), Resume(), Undo()]),
)
answers = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from([ANSWERS[name], {}, {"last": "x"}]) for name in ANSWERS}
)
moves = st.lists(st.tuples(inputs, st.integers(0, len(FILES)), answers), min_size=3, max_size=14)
QUICK = settings(max_examples=40, suppress_health_check=list(HealthCheck))


class Checked(Driver):
    """A driver that has each change judged just before it is made."""

    def perform(self, call: Any) -> Any:
        frame = self.state.stack[-1]
        if not frame.completed:
            facts = {
                n: tuple(o.data.get("value", o.value) for o in v.options) for n, v in frame.slots.items()
            }
            proposal = Proposal(
                call.action, call.arguments, True, frame.procedure, frame.version, facts, frame.results
            )
            verdict = judge(self.book, proposal, self.world, self.look_up)
            assert verdict.is_permitted, (call, verdict)
        return super().perform(call)


def possible(slot: str, option: Option) -> bool:
    """Whether a value is one that the slot may take."""
    match slot:
        case "photos":
            return option.value in ("1", "2")
        case "receipt":
            return option.value == "3"
        case "who":
            return option.value in ("7", "8")
        case "shirt":
            return option.value in {o.value for o in SHIRTS}
        case "worth":
            return bool(option.data["value"] > 0)
        case _:
            return True


@QUICK
@given(st.sampled_from(NAMES), moves, st.integers(0, 2), st.booleans())
def test_only_what_is_possible_is_held_and_done(
    first: str, given_moves: list[tuple[Input, int, dict[str, Any]]], used: int, known: bool
) -> None:
    driver = Checked(
        BOOK,
        customer=dict(CUSTOMER) if known else None,
        customers=PEOPLE,
        records={"store.shirt": (*SHIRTS, HIDDEN)},
        runs={"per_order": used, "yearly": int(used > 1)},
    )
    driver.send(StartProcedure(first))
    for given_input, files, found in given_moves:
        driver.files = FILES[: max(files, len(driver.files))]
        driver.answers = found
        driver.send(given_input)
        assert len(driver.resting()) <= 1
        for frame in (*driver.state.stack, *driver.state.finished):
            for slot, value in frame.slots.items():
                assert all(possible(slot, option) for option in value.options), (slot, value)
    done = [
        frame for frame in driver.state.finished if frame.status == "done" and frame.procedure == "voucher"
    ]
    assert used < 2 or not done
