"""Changes come out in the text as an author would have made them, and nothing else moves."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from rapport.studio.logic.merging import rewrite
from rapport.studio.logic.tree import Edit, NoSuchPlace, apply, find, pointer, resolve
from rapport.studio.logic.writing import write

DEMO = Path(__file__).resolve().parents[2] / "procedures" / "templates"
SOURCE = """# Gift notes
procedure: gift_note
version: 1
title: {en: "Add a gift note"}  # short
identify: none
slots:
  # which one
  order:
    type: shop.order
    ask:
      en: "Which order?"
      cs: 'Která objednávka?'
  note:
    type: text
    ask: {en: "What shall it say?"}

rules:
  - name: short
    check: "size(note) <= 200"   # the card is small
    say:
      en: "Too long."
  # never without an order
  - name: there
    check: "true"
    say: {en: "None."}
done: {en: "Done."}
"""


def _after(edit: Edit, source: str = SOURCE) -> str:
    changed = apply(yaml.safe_load(source), edit)
    text = rewrite(source, changed)
    assert yaml.safe_load(text) == changed
    return text


def test_a_changed_text_changes_its_line_alone():
    text = _after(Edit("set", ("slots", "order", "ask", "cs"), "Jaká objednávka?"))
    assert text == SOURCE.replace("cs: 'Která objednávka?'", 'cs: "Jaká objednávka?"')


def test_a_change_inside_braces_writes_that_entry_anew():
    text = _after(Edit("set", ("slots", "note", "ask", "cs"), "Co tam má stát?"))
    assert text == SOURCE.replace(
        '    ask: {en: "What shall it say?"}\n',
        '    ask:\n      en: "What shall it say?"\n      cs: "Co tam má stát?"\n',
    )


def test_a_new_key_comes_last_and_an_item_where_it_belongs():
    text = _after(Edit("set", ("slots", "order", "where"), "order.status == 'pending'"))
    assert "      cs: 'Která objednávka?'\n    where: \"order.status == 'pending'\"\n  note:" in text
    rule = {"name": "new", "check": "true", "say": {"en": "No."}}
    text = _after(Edit("insert", ("rules", 1), rule))
    assert (
        '      en: "Too long."\n  - name: new\n    check: "true"\n    say:\n      en: "No."\n  # never'
        in text
    )


def test_moving_takes_comments_along():
    text = _after(Edit("move", ("rules", 1), index=0))
    assert "rules:\n  # never without an order\n  - name: there" in text
    assert '  - name: short\n    check: "size(note) <= 200"   # the card is small\n' in text
    text = _after(Edit("move", ("slots", "note"), index=0))
    assert list(yaml.safe_load(text)["slots"]) == ["note", "order"]
    assert "  # which one\n  order:" in text


def test_deleting_and_renaming():
    text = _after(Edit("delete", ("rules", 0)))
    assert "name: short" not in text
    assert "# never without an order" in text
    text = _after(Edit("rename", ("slots", "order"), "purchase"))
    assert "# Gift notes" in text
    assert "  purchase:\n    type: shop.order" in text


def test_deleting_the_last_item_leaves_an_empty_list():
    text = _after(Edit("delete", ("rules", 0)), SOURCE)
    text = _after(Edit("delete", ("rules", 0)), text)
    assert "rules: []\n" in text


@pytest.mark.parametrize("source", ["a: &x {b: 1}\nc: *x\n", "{a: 1}\n", "a: 1\na: 2\n", "a:\n\t- 1\n"])
def test_what_cannot_be_kept_is_written_whole(source):
    try:
        data = yaml.safe_load(source)
    except yaml.YAMLError:
        data = {"a": [1]}
    changed = apply(data, Edit("set", ("new",), "value"))
    assert yaml.safe_load(rewrite(source, changed)) == changed


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "12",
        "1.5",
        "null",
        "a: b",
        "# no",
        "",
        " x ",
        "two\nlines",
        "\u2028",
        '"q"',
        "2026-01-01",
        "č",
        "{x}",
        "😀",
    ],
)
def test_any_text_survives(text):
    document = {"a": text, "b": [text, {"c": text}], text: 1}
    assert yaml.safe_load(write(document)) == document


@pytest.mark.parametrize("name", sorted(p.name for p in DEMO.glob("*.yaml") if ".tests." not in p.name))
def test_every_place_of_the_demonstration_can_be_changed(name):
    """Each leaf set, each entry deleted, in each document: the text says exactly that, and comments stay."""
    source = DEMO.joinpath(name).read_text(encoding="utf-8")
    data = yaml.safe_load(source)
    for path in list(_paths(data))[:: max(1, len(list(_paths(data))) // 12)]:
        value = find(data, path)
        edit = Edit("delete", path) if isinstance(value, (dict, list)) else Edit("set", path, "new text: yes")
        changed = apply(data, edit)
        text = rewrite(source, changed)
        assert yaml.safe_load(text) == changed
        assert text.split("\n")[0] == source.split("\n")[0]


def _paths(node, path=()):
    if path:
        yield path
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in entries:
        yield from _paths(value, (*path, key))


def test_a_repeated_part_is_written_out_where_it_stands():
    source = "# head\na: &x {b: 1}\nlist:\n  - *x\n  - d: *x\n"
    data = yaml.safe_load(source)
    text = rewrite(source, apply(data, Edit("set", ("list", 1, "d", "b"), 2)))
    assert text == "# head\na: {b: 1}\nlist:\n  - {b: 1}\n  - d:\n      b: 2\n"


def test_pointers_name_places():
    data = {"a/b": [{"c~d": 1}]}
    assert pointer(("a/b", 0, "c~d")) == "a~1b/0/c~0d"
    assert resolve(data, "a~1b/0/c~0d") == ("a/b", 0, "c~d")
    assert resolve(data, "") == ()


@pytest.mark.parametrize(
    "edit",
    [
        Edit("delete", ("x",)),
        Edit("move", ("rules", 9), index=0),
        Edit("set", ("rules", 9), 1),
        Edit("delete", ()),
        Edit("insert", ("slots", "order"), {}),
        Edit("rename", ("slots", "order"), "note"),
        Edit("set", ("version", "x"), 1),
    ],
)
def test_what_is_not_there_cannot_be_changed(edit):
    data = yaml.safe_load(SOURCE)
    if edit == Edit("set", ("version", "x"), 1):
        assert apply(data, edit)["version"] == {"x": 1}
        return
    with pytest.raises(NoSuchPlace):
        apply(data, edit)
    assert data == yaml.safe_load(SOURCE)
