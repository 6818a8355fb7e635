"""Files dropped into a folder: whole, once, named by their key; shown before, answered after."""

from __future__ import annotations

import json
import threading

import pytest

from rapport.connectors.contracts import ActionEffect, ConnectorDown, Principal, UnknownOutcome
from rapport.connectors.declared import declared_actions
from rapport.connectors.kinds.file_drop.folder import mark_of
from rapport.connectors.kinds.file_drop.layouts import read_layouts
from rapport.connectors.kinds.file_drop.system import FileDropSystem, compose
from rapport.kernel.errors import InvalidInput

FILES = """
returns:
  title: Return for the warehouse
  name: "return-{order.id}"
  format: csv
  each: items
  fields: {order: "{order.id}", item: "{item.title}", price: "{item.price}", key: "{key}"}
  answer: "{file}.ok"
booking:
  format: json
  fields: {order: "{order_id}", items: "{items}", note: "Call {name}", urgent: "{urgent}"}
claim:
  format: xml
  root: claim
  fields: {order: "{order_id}", items: {item: "{items}"}}
letter:
  format: text
  ending: prn
  template: "ORDER {order_id}\\n{text}\\n"
  personal: true
"""
RETURN = {
    "order": {"id": "#W1"},
    "items": [{"title": 'Lamp; "big"', "price": 10.0}, {"title": "Kůň", "price": 2.5}],
}


def _system(folder, **changes):
    return FileDropSystem("", "", compose("drop", {"folder": str(folder), "files": FILES, **changes}))


def _dropped(folder):
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_a_file_is_dropped_once_per_key(tmp_path):
    system = _system(tmp_path)
    first = system.call("drop.returns", RETURN, None, "k1")
    again = system.call("drop.returns", {**RETURN, "order": {"id": "#W2"}}, None, "k1")
    name = f"return-W1-{mark_of('k1')}.csv"
    assert (first.data["file_name"], first.data["was_there"], again.data["was_there"]) == (name, False, True)
    assert _dropped(tmp_path) == [name]
    assert (tmp_path / name).read_bytes().decode() == (
        'order;item;price;key\r\n#W1;"Lamp; ""big""";10;k1\r\n#W1;Kůň;2.5;k1\r\n'
    )
    (tmp_path / name).unlink()
    assert system.find_outcome("drop.returns", {}, None, "k1").data["was_there"]
    assert system.call("drop.returns", RETURN, None, "k1").data["was_there"], "fetched, and not dropped again"
    assert _dropped(tmp_path) == []
    assert system.find_outcome("drop.returns", {}, None, "k2") is None


def test_a_crash_before_the_rename_is_finished_and_never_guessed(tmp_path, monkeypatch):
    system = _system(tmp_path)

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("rapport.connectors.kinds.file_drop.folder.DropFolder._commit", crash)
        with pytest.raises(KeyboardInterrupt):
            system.call("drop.returns", RETURN, None, "k1")
    assert _dropped(tmp_path) == []
    assert system.find_outcome("drop.returns", RETURN, None, "k1").data["was_there"] is False
    assert len(_dropped(tmp_path)) == 1
    assert system.call("drop.returns", RETURN, None, "k1").data["was_there"] is True


def test_a_damaged_marker_is_for_a_person(tmp_path):
    system = _system(tmp_path)
    system.call("drop.returns", RETURN, None, "k1")
    next((tmp_path / ".rapport").glob("*.json")).write_text("{")
    with pytest.raises(UnknownOutcome):
        system.find_outcome("drop.returns", RETURN, None, "k1")


def test_json_keeps_values_and_xml_repeats_lists(tmp_path):
    system = _system(tmp_path)
    given = {
        "order_id": "W1",
        "items": [{"id": 1.0, "a<b": "x"}, {"id": 2.0}],
        "name": "Ana & {key}",
        "urgent": True,
    }
    made = system.call("drop.booking", given, None, "k1").data["file_name"]
    assert json.loads((tmp_path / made).read_text()) == {
        "order": "W1", "items": given["items"], "note": "Call Ana & {key}", "urgent": True,
    }  # fmt: skip
    made = system.call("drop.claim", given, None, "k2").data["file_name"]
    assert (tmp_path / made).read_text() == (
        '<?xml version="1.0" encoding="utf-8"?>\n<claim>\n  <order>W1</order>\n  <items>\n    <item>\n'
        "      <id>1</id>\n      <value>x</value>\n    </item>\n    <item>\n      <id>2</id>\n    </item>\n"
        "  </items>\n</claim>\n"
    )


def test_what_the_encoding_lacks_is_refused_and_nothing_is_dropped(tmp_path):
    system = _system(tmp_path, encoding="windows-1250")
    assert system.call("drop.letter", {"order_id": "W1", "text": "Kůň"}, None, "k1").ok
    refused = system.call("drop.letter", {"order_id": "W1", "text": "台灯"}, None, "k2")
    assert (refused.code, refused.message) == ("invalid_arguments", "'台' is not in windows-1250")
    assert system.call("drop.letter", {"order_id": "W1"}, None, "k3").message == "no value for text"
    assert system.call("drop.returns", {**RETURN, "items": []}, None, "k4").code == "invalid_arguments"
    assert [(tmp_path / name).read_bytes() for name in _dropped(tmp_path)] == [
        "ORDER W1\nKůň\n".encode("cp1250")
    ]


@pytest.mark.parametrize("odd", [float("nan"), "\ud83d", [float("inf")]])
def test_what_no_file_can_hold_is_refused(tmp_path, odd):
    given = {"order_id": "W1", "items": [], "name": odd, "urgent": odd}
    assert _system(tmp_path).call("drop.booking", given, None, "k").code == "invalid_arguments"
    assert _dropped(tmp_path) == []


@pytest.mark.parametrize("order", ["../../etc/passwd", "..", "/", "a/b", "\x00", "…", "x" * 300])
def test_a_name_never_leaves_the_folder(tmp_path, order):
    drop = tmp_path / "drop"
    drop.mkdir()
    made = _system(drop).call("drop.returns", {**RETURN, "order": {"id": order}}, None, "k").data["file_name"]
    assert _dropped(drop) == [made]
    assert [path.name for path in tmp_path.iterdir()] == ["drop"]


def test_the_file_is_shown_before_it_is_dropped(tmp_path):
    trial = _system(tmp_path).trial("drop.returns", RETURN, None, "")
    assert trial.request.splitlines()[2:] == [
        "order;item;price;key",
        '#W1;"Lamp; ""big""";10;trial',
        "#W1;Kůň;2.5;trial",
    ]
    assert (trial.outcome.ok, trial.answer, _dropped(tmp_path)) == (True, "73 bytes; nothing was dropped", [])
    assert _system(tmp_path).trial("drop.returns", {}, None, "").outcome.code == "invalid_arguments"


def test_the_answer_file_is_read(tmp_path):
    answers = tmp_path / "answers"
    answers.mkdir()
    system = _system(
        tmp_path, answers=str(answers), files=FILES.replace('"{file}.ok"', '"{file}.ok"\n  wait_s: 5')
    )
    name = f"return-W1-{mark_of('k1')}"
    timer = threading.Timer(0.3, lambda: (answers / f"{name}.ok").write_text("STATUS = accepted\nNo: 17\n"))
    timer.start()
    outcome = system.call("drop.returns", RETURN, None, "k1")
    timer.join()
    read = system.call("drop.returns_answer", {"file_name": f"{name}.csv"}, None, "")
    assert outcome.data["answer"] == read.data
    assert read.data == {
        "is_there": True, "text": "STATUS = accepted\nNo: 17\n", "data": {"status": "accepted", "no": "17"},
    }  # fmt: skip
    missing = system.call("drop.returns_answer", {"file_name": "return-W2-0.csv"}, None, "")
    assert (missing.ok, missing.data["is_there"]) == (True, False)
    for bad in ("../x.csv", "", "a/b.csv", ".rapport"):
        assert system.call("drop.returns_answer", {"file_name": bad}, None, "").code == "invalid_arguments"


def test_actions_follow_from_the_layouts(tmp_path):
    actions = declared_actions(compose("drop", {"folder": str(tmp_path), "files": FILES}))
    assert list(actions) == [
        "drop.returns",
        "drop.returns_answer",
        "drop.booking",
        "drop.claim",
        "drop.letter",
    ]
    assert actions["drop.returns"].arguments == ("order", "items")
    assert (actions["drop.returns_answer"].effect, actions["drop.letter"].is_personal) == (
        ActionEffect.READ,
        True,
    )


def test_a_folder_that_is_gone_is_down(tmp_path):
    folder = tmp_path / "drop"
    folder.mkdir()
    system = _system(folder)
    assert system.check() == "0 files in the folder"
    folder.rmdir()
    with pytest.raises(ConnectorDown):
        system.call("drop.returns", RETURN, Principal("a", "hmac"), "k")
    with pytest.raises(ConnectorDown):
        system.check()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[", "Not YAML"),
        ("a: {format: pdf}", "a.format"),
        ("a: {format: csv}", "a.fields"),
        ("a: {format: text, fields: {x: y}}", "a.fields"),
        ("a: {format: text}", "a.template"),
        ("a: {format: json, fields: {x: y}, each: items}", "a.each"),
        ("a: {format: xml, fields: {'1x': y}}", "a.fields"),
        ("a: {format: csv, fields: {x: y}, wait_s: 60}", "a.wait_s"),
        ("a: {format: csv, fields: {x: y}, ending: ../x}", "a.ending"),
        ("a_answer: {format: csv, fields: {x: y}}", "a_answer"),
        ("a: {format: csv, colour: red}", "a: of"),
    ],
)
def test_a_mistake_is_named_with_its_place(text, place):
    with pytest.raises(InvalidInput, match=place):
        read_layouts(text)


def test_a_folder_must_exist(tmp_path):
    for folder in ("relative", str(tmp_path / "none"), ""):
        with pytest.raises(InvalidInput):
            compose("drop", {"folder": folder, "files": FILES})


def test_the_customer_of_a_personal_file_is_the_verified_one(tmp_path):
    files = """
mine:
  format: text
  template: "{customer} {order_id}"
  personal: true
"""
    system = _system(tmp_path, files=files)
    declared = declared_actions(compose("drop", {"folder": str(tmp_path), "files": files}))["drop.mine"]
    assert declared.arguments == ("order_id",)
    given = {"order_id": "#W1", "customer": "bob_1"}
    name = system.call("drop.mine", given, Principal("ana_1", "hmac"), "k").data["file_name"]
    assert (tmp_path / name).read_text() == "ana_1 #W1"
