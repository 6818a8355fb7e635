"""Steps as texts: what is wrong is named by place, the schema agrees, and each is shown, ordered and compared."""

from typing import Any

import jsonschema_rs
import pytest
import yaml

from rapport.procedures.logic.differing import compare
from rapport.procedures.logic.flow import describe
from rapport.procedures.logic.formatting import format_definition
from rapport.procedures.logic.parsing import check_definition, parse_definition
from rapport.procedures.logic.phrases import find_wording, list_wordings
from rapport.procedures.logic.schema import make_schema
from rapport.procedures.tests.test_schema import _mutations, _with

ALL = """procedure: all_steps
version: 1
title: {en: All steps}
identify: verified_customer
slots:
  order: {type: shop.order, ask: {en: "Which order?"}}
  items: {type: shop.order_item, of: [order], many: true, ask: {en: "Which items?"}}
confirm:
  lines: [{en: "All of {items}"}]
do:
  - action: a.look
    with: {}
    as: seen
    undo: none
  - action: a.take
    each: items
    with:
      id: item.id
    amount: item.price
    when: item.price > 1
    as: taken
    undo:
      action: a.give_back
      with: {id: item.id, key: taken.key}
    failed:
      gone: {en: "{item.title} is gone."}
  - if: seen.is_odd
    then:
      - person:
          team: care
          say: {en: "A colleague comes."}
        when: size(taken) > 3
      - say: {en: "It is odd."}
    else:
      - wait:
          until: add_days(seen.day, 3)
      - run: order_status
        with: {order: order}
        as: status
        required: false
  - wait:
      for: 2 weeks
      event: payment.received
      of: order.id
    as: payment
    say: {en: "Please pay {order.id}."}
  - approve:
      team: care
      title: {en: "Release {order.id}", de: "{order.id} freigeben"}
      reason: {en: "{payment.event}"}
      expires: 3 days
    as: decision
    say: {en: "A colleague looks at it."}
    rejected: {en: "No: {decision.reason}"}
    when: status.outcome == 'done'
done: {en: "Done."}
undo:
  within: 30 minutes
  say: {en: "Taken back."}
"""


def test_it_is_without_problems() -> None:
    known = ["a.look", "a.take", "a.give_back"]
    assert check_definition(ALL, procedures=["order_status"], actions=known) == ()


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (
            '  - say: {en: "It is odd."}',
            '  - shout: {en: "It is odd."}',
            "line {line}, column 9: do.2.then.1: is no step: it needs one of the keys action, if, wait, approve, run, "
            "person, say",
        ),
        (
            "for: 2 weeks",
            "for: soon",
            "line {line}, column 7: do.3.wait.for: 'soon' is no duration; write a duration such as '30 minutes', "
            "'2 hours', '3 days' or '4 weeks'",
        ),
        (
            "      of: order.id\n",
            "      of: order.id\n      until: now\n",
            "line {line}, column 7: do.3.wait.until: cannot go together with 'for'",
        ),
        (
            "          until: add_days(seen.day, 3)",
            "          of: order.id",
            "line {line}, column 9: do.2.else.0.wait: needs 'for', 'until' or 'event'",
        ),
        (
            "event: payment.received",
            "event: timeout",
            "line {line}, column 7: do.3.wait.event: 'timeout' is no name of an event: small letters, digits, _ and dots",
        ),
        (
            'say: {en: "A colleague comes."}',
            'say: {en: "{status.outcome}"}',
            "line {line}, column 17: do.2.then.0.person.say.en: 'status' does not exist; known here: customer, items, "
            "now, order, seen, taken",
        ),
        (
            "id: item.id\n",
            "id: items.id + taken.key\n",
            "line {line}, column 7: do.1.with.id: 'taken' does not exist; known here: customer, item, items, now, order, "
            "seen",
        ),
        (
            "run: order_status",
            "run: all_steps",
            "line {line}, column 9: do.2.else.1.run: a procedure cannot run itself",
        ),
        (
            "  undo: none",
            "  undo: nothing",
            "line {line}, column 5: do.0.undo: must be 'none' (it leaves nothing to take back) or the keys action, with",
        ),
        (
            "    undo: none\n",
            "",
            "line {line}, column 5: do.0.action: 'a.look' has no 'undo', so the procedure could not be taken back",
        ),
        (
            "as: taken",
            "as: seen",
            "line {line}, column 5: do.1.as: 'seen' is already the result of an earlier step; name the list",
        ),
        (
            "as: payment",
            "as: order",
            "line {line}, column 5: do.3.as: 'order' is already the name of a slot or computed value",
        ),
        (
            "within: 30 minutes",
            "within: 30",
            "line {line}, column 3: undo.within: '30' is no duration; write a duration such as '30 minutes', '2 hours', "
            "'3 days' or '4 weeks'",
        ),
        (
            '      title: {en: "Release {order.id}", de: "{order.id} freigeben"}\n',
            "",
            "line {line}, column 5: do.4.approve.title: 'title' is missing: a text per language, English ('en') at least",
        ),
        (
            "    when: status.outcome == 'done'",
            "    when: status.outcome == 'done'\n    each: items",
            "line {line}, column 5: do.4.each: unknown key 'each'; allowed: approve, when, as, say, rejected",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(before: str, after: str, problem: str) -> None:
    assert ALL.count(before) == 1
    source = ALL.replace(before, after)
    found = check_definition(source)[0]
    assert str(found) == problem.replace("{line}", str(found.line))
    lines = source.split("\n")[found.line - 1 : found.line + 4]
    assert not after or after.strip().split("\n")[-1] in "\n".join(lines)


def test_branches_may_not_stand_too_deep() -> None:
    steps: Any = [{"say": {"en": "x"}}]
    for _ in range(7):
        steps = [{"if": "true", "then": steps}]
    document = {**yaml.safe_load(ALL), "do": steps, "done": None}
    found = [p.message for p in check_definition(document)]
    assert "branches stand in branches at most 6 deep" in found


def test_links_of_steps_lead_somewhere() -> None:
    found = check_definition(ALL, procedures=["x"], actions=["a.look", "a.take"])
    assert [(p.path, p.message.split(";")[0]) for p in found] == [
        ("do.1.undo.action", "there is no action 'a.give_back'"),
        ("do.2.else.1.run", "there is no procedure 'order_status'"),
    ]


@pytest.fixture(scope="module")
def schema() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(make_schema())


def test_the_schema_takes_what_the_parser_takes_and_refuses_nothing_that_it_takes(
    schema: jsonschema_rs.Validator,
) -> None:
    document = yaml.safe_load(ALL)
    assert [error.message for error in schema.iter_errors(document)] == []
    disagreements = []
    for path, value in _mutations(document):
        changed = _with(document, path, value)
        if not schema.is_valid(changed) and not check_definition(changed):
            disagreements.append((path, value))
        is_free = any(name in ("let", "with", "failed", "slots") for name in path[-2:-1])
        if value == "red" and not is_free and schema.is_valid(changed):
            disagreements.append((path, value))
    assert disagreements == []


def test_the_flow_shows_every_step_at_its_level() -> None:
    flow = describe(parse_definition(ALL))
    start = flow.index("DO a.look as seen")
    assert flow[start : start + 33] == (
        "DO a.look as seen",
        "DO a.take for each of items if item.price > 1 as taken",
        "  id = item.id",
        "  moves item.price",
        "  taken back by a.give_back (id = item.id, key = taken.key)",
        "  fails with gone: {item.title} is gone.",
        "IF seen.is_odd",
        "  PERSON takes over if size(taken) > 3 (team care)",
        "    A colleague comes.",
        "  SAY It is odd.",
        "ELSE",
        "  WAIT until add_days(seen.day, 3)",
        "  RUN order_status as status, go on however it ends",
        "    order = order",
        "WAIT event payment.received of order.id, for at most 2 weeks as payment",
        "  Please pay {order.id}.",
        "APPROVAL by care, for at most 3 days if status.outcome == 'done': Release {order.id} as decision",
        "  because {payment.event}",
        "  A colleague looks at it.",
        "  if not: No: {decision.reason}",
        "UNDO possible for 30 minutes",
        "  Taken back.",
        "SAY",
        "  Done.",
    )


def test_keys_of_steps_are_put_into_order_and_nothing_is_lost() -> None:
    mixed = ALL.replace(
        "  - if: seen.is_odd\n", "  - else: [{say: {en: Else}}]\n    if: seen.is_odd\n"
    ).replace(
        """    else:
      - wait:
          until: add_days(seen.day, 3)
      - run: order_status
        with: {order: order}
        as: status
        required: false
""",
        "",
    )
    mixed = mixed.replace(
        "      for: 2 weeks\n      event: payment.received\n      of: order.id\n",
        "      of: order.id\n      # at most\n      for: 2 weeks\n      event: payment.received\n",
    )
    mixed = mixed.replace("          team: care\n          say: {en", "          say: {en", 1).replace(
        'colleague comes."}\n', 'colleague comes."}\n          team: care\n', 1
    )
    formatted = format_definition(mixed)
    assert yaml.safe_load(formatted) == yaml.safe_load(mixed)
    assert sorted(formatted.split()) == sorted(mixed.split())
    assert format_definition(formatted) == formatted
    assert "  - if: seen.is_odd\n    then:\n" in formatted
    assert (
        "      # at most\n      for: 2 weeks\n      event: payment.received\n      of: order.id\n"
        in formatted
    )
    assert "      - person:\n          team: care\n          say:" in formatted
    assert "    else: [{say: {en: Else}}]\n  - wait:" in formatted
    assert format_definition(ALL) != ALL  # `title` and `identify` change places
    assert compare(ALL, format_definition(ALL)) == ()


@pytest.mark.parametrize(
    ("before", "after", "what", "kind"),
    [
        ("until: add_days(seen.day, 3)", "until: add_days(seen.day, 4)", "do.2.else.0 wait", "changed"),
        ("for: 2 weeks", "for: 3 weeks", "do.3 wait", "changed"),
        ("expires: 3 days", "expires: 4 days", "do.4 approve", "changed"),
        ("amount: item.price\n", "amount: item.price * 2\n", "do.1 a.take", "changed"),
        ("key: taken.key", "key: taken.id", "do.1 a.take", "changed"),
        ("if: seen.is_odd", "if: seen.is_even", "do.2 if", "changed"),
        ("    required: false\n", "    required: true\n", "do.2.else.1 run order_status", "changed"),
        ("within: 30 minutes", "within: 2 hours", "undo", "changed"),
        ("It is odd.", "It is very odd.", "do.2.then.1.say [en]", "changed"),
        ("{order.id} freigeben", "Gib {order.id} frei", "do.4.approve.title [de]", "changed"),
        ("No: {decision", "Sorry: {decision", "do.4.rejected [en]", "changed"),
        ("colleague comes", "person comes", "do.2.then.0.person.say [en]", "changed"),
        ("Taken back.", "It is off.", "undo.say [en]", "changed"),
    ],
)
def test_a_changed_step_is_named_with_both_lines(before: str, after: str, what: str, kind: str) -> None:
    [found] = compare(ALL, ALL.replace(before, after))
    assert (found.what, found.kind) == (what, kind)
    assert found.line_before == found.line_after
    assert found.line_after <= 1 + ALL[: ALL.index(before)].count("\n")


def test_every_wording_of_a_step_has_a_key() -> None:
    definition = parse_definition(ALL)
    keys = [key for key in list_wordings(definition) if key.startswith(("do.", "undo"))]
    assert keys == [
        "do.1.failed.gone", "do.2.then.0.person.say", "do.2.then.1.say", "do.3.say", "do.4.approve.title",
        "do.4.approve.reason", "do.4.say", "do.4.rejected", "undo.say",
    ]  # fmt: skip
    assert find_wording(definition, "do.4.rejected") == {"en": "No: {decision.reason}"}
