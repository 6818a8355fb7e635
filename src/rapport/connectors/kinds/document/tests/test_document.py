"""Documents: filled in every language, the same bytes for the same call, templates read with their place named."""

from __future__ import annotations

import datetime as dt
import importlib
import re
import zlib

import pytest

from rapport.connectors.call_files import files_in, keep_file, place_of, read_file
from rapport.connectors.contracts import ActionEffect, Principal
from rapport.connectors.declared import declared_actions
from rapport.connectors.kinds.document import fonts
from rapport.connectors.kinds.document.system import DocumentSystem, compose
from rapport.connectors.kinds.document.templates import read_shipped, read_templates, shipped_names
from rapport.connectors.placeholders import address_lines, fill_text
from rapport.kernel.clock import use_clock
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.kernel.languages import LANGUAGES

pytest.importorskip("reportlab", reason="the extra `documents` is not installed")
typesetting = importlib.import_module("rapport.connectors.kinds.document.typesetting")

GIVEN = {"shop": "Lamp Shop\nLong Street 12\nPraha"}
ARGUMENTS = {
    "order": {"id": "#W1", "placed_at": "2026-05-01T10:00:00+00:00", "delivered_at": ""},
    "items": [{"title": "Lampa <b>žlutá</b> & 台灯 лампа", "price": 10.5, "currency": "CZK"}],
    "address": {"name": "Řehoř Ždán", "address1": "Na Hůrce 1", "zip": "11000", "city": "Praha"},
    "problem": "It blinks.",
    "remedy": "refund",
}


def _system(**given):
    return DocumentSystem("", "", compose("documents", {**GIVEN, **given}))


def _ana(language="en"):
    return Principal("ana_1", "hmac", language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", shipped_names())
def test_every_document_in_every_language_is_a_pdf_with_its_glyphs(name, language):
    outcome = _system().call(f"documents.{name}", ARGUMENTS, _ana(language), f"k-{name}-{language}")
    content = read_file(outcome.data["file"]["ref"])
    assert content.startswith(b"%PDF-")
    assert (outcome.data["file"]["media_type"], outcome.data["file"]["size"]) == (
        "application/pdf",
        len(content),
    )
    assert b"/FontFile2" in content, "the font is embedded"
    title = read_shipped(name).title[language]
    known = typesetting.load_font().face.charToGlyph
    assert fonts.printable(title, known) == title


def test_the_same_call_gives_the_same_bytes_and_another_key_another_number():
    clock = lambda: dt.datetime(2026, 5, 9, tzinfo=dt.UTC)  # noqa: E731  # shorter than a function
    with use_clock(clock):
        first = _system().call("documents.return_label", ARGUMENTS, _ana(), "k1").data
        again = _system().call("documents.return_label", ARGUMENTS, _ana(), "k1").data
        other = _system().call("documents.return_label", ARGUMENTS, _ana(), "k2").data
    assert first == again
    assert re.fullmatch(r"R[A-Z2-7]{8}", first["number"])
    assert (other["number"] == first["number"], other["file"]["name"]) == (False, "return-label-W1.pdf")


def test_a_repeated_call_finds_the_document_as_it_was_made():
    system = _system()
    assert system.find_outcome("documents.return_label", ARGUMENTS, _ana(), "kf") is None
    made = system.call("documents.return_label", ARGUMENTS, _ana(), "kf")
    assert system.find_outcome("documents.return_label", ARGUMENTS, _ana(), "kf") == made
    assert read_file(made.data["file"]["ref"]).startswith(b"%PDF-")
    place_of(made.data["file"]["ref"]).unlink()
    assert system.find_outcome("documents.return_label", ARGUMENTS, _ana(), "kf") is None


def test_actions_are_the_templates_with_their_arguments():
    actions = declared_actions(compose("documents", GIVEN))
    label = actions["documents.return_label"]
    assert (label.effect, label.is_personal, label.arguments) == (
        ActionEffect.WRITE, True, ("order", "address", "items"),
    )  # fmt: skip
    assert actions["documents.complaint_form"].arguments == ("order", "address", "items", "problem", "remedy")


def test_missing_values_are_left_to_be_filled_in_by_hand():
    outcome = _system().call("documents.withdrawal_form", {}, _ana(), "empty")
    assert (outcome.ok, outcome.data["file"]["name"]) == (True, "withdrawal.pdf")


OWN = """
thanks:
  title: {en: "Thank you, {name}"}
  personal: false
  parts:
    - text: "Order {order.id}: {order.total|money}, {order.at|date}"
    - choices: {a: First, b: Second}
      chosen: choice
    - qr: "{order.id}"
"""


def test_an_administrator_s_own_document_is_an_action_too():
    system = _system(templates=OWN, shipped="return_label")
    action = declared_actions(compose("documents", {**GIVEN, "templates": OWN}))["documents.thanks"]
    assert (action.is_personal, action.arguments) == (False, ("name", "order", "choice"))
    assert system.check() == "2 documents"
    assert system.call("documents.thanks", {"name": "Ana"}, None, "own").data["file"]["name"] == "thanks.pdf"


def test_a_try_is_kept_apart_from_real_calls():
    trial = _system().trial("documents.return_label", ARGUMENTS, _ana(), "k9")
    assert trial.outcome.ok
    assert trial.request == "template: return_label"
    assert _system().find_outcome("documents.return_label", ARGUMENTS, _ana(), "k9") is None


def test_long_tables_go_on_on_the_next_page():
    items = [{"title": f"Thing {n}", "price": n} for n in range(150)]
    data = _system().call("documents.return_label", {**ARGUMENTS, "items": items}, _ana(), "long").data
    content = read_file(data["file"]["ref"])
    assert len(re.findall(rb"/Type /Page\b", content)) == 5
    assert zlib.crc32(content) == zlib.crc32(read_file(data["file"]["ref"]))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "Between 1 and"),
        ("a: [", "Not YAML"),
        ("A b: {title: x, parts: [{text: y}]}", "A b"),
        ("a: {title: x}", "a.parts"),
        ("a: {title: x, parts: [{text: y}, {image: z}]}", "a.parts[1]"),
        ("a: {title: {fr: x}, parts: [{text: y}]}", "a.title"),
        ("a: {title: x, parts: [{table: items, columns: []}]}", "a.parts[0].table"),
        ("a: {title: x, parts: [{table: items, columns: [{title: t}]}]}", "a.parts[0].table.columns[0]"),
        ("a: {title: x, parts: [{beside: [{beside: [{text: y}]}]}]}", "a.parts[0].beside"),
        ("a: {title: x, parts: [{address: 'two words'}]}", "a.parts[0].address"),
        ("a: {title: x, personal: maybe, parts: [{text: y}]}", "a.personal"),
    ],
)
def test_a_mistake_in_a_template_is_named_with_its_place(text, place):
    with pytest.raises(InvalidInput, match=re.escape(place)):
        read_templates(text)


@pytest.mark.parametrize(
    "given", [{"shop": ""}, {"shipped": "invoice"}, {"number_prefix": "a b"}, {"templates": "x"}]
)
def test_what_cannot_work_is_refused_when_entered(given):
    with pytest.raises(InvalidInput):
        compose("documents", {**GIVEN, **given})


@pytest.mark.parametrize(
    ("text", "language", "filled"),
    [
        ("{a.b}", "en", "{c}"),
        ("{price|money}", "de", "1.049,50\xa0CZK"),
        ("{price|money}", "cs", "1\xa0049,50\xa0Kč"),
        ("{at|date}", "en", "May 4, 2026"),
        ("{nothing.here|date}{at.x}", "en", ""),
        ("{count} {done} {many}", "en", "3 ✓ x, y"),
        ("{A} {a b} { a }", "en", "{A} {a b} { a }"),
        ("{soon|date}", "en", "soon"),
    ],
)
def test_placeholders_are_filled_once_and_in_the_language(text, language, filled):
    values = {
        "a": {"b": "{c}"}, "c": "never", "price": 1049.5, "currency": "CZK", "at": "2026-05-04T10:00:00Z",
        "count": 3.0, "done": True, "many": ["x", "y"], "soon": "soon",
    }  # fmt: skip
    assert fill_text(text, values, language) == filled


def test_addresses_of_every_shape():
    record = {
        "name": {"first_name": "Ana", "last_name": "Ruiz"},
        "address1": "1 Way",
        "zip": "1",
        "city": "Vigo",
    }
    assert address_lines(record) == ["Ana Ruiz", "1 Way", "1 Vigo"]
    assert address_lines("a\n\n b  c ") == ["a", "b c"]
    assert address_lines(["a", None, 5]) == ["a", "5"]
    assert address_lines(["Ana Ruiz", {"address1": "1 Way", "city": "Vigo", "zip": "1"}]) == [
        "Ana Ruiz",
        "1 Way",
        "1 Vigo",
    ]
    assert address_lines(None) == []


@pytest.mark.parametrize(
    "ref", ["", "x", "../secret_key", f"{'a' * 40}/../x", f"{'a' * 40}/.x", f"{'a' * 40}/none"]
)
def test_only_kept_files_are_read(ref):
    with pytest.raises(NotFound):
        read_file(ref)


def test_files_of_a_result():
    file = keep_file("k", "../../etc/pass wd", "text/plain", b"x")
    assert file["name"] == "etc-pass-wd"
    assert files_in({"file": file, "screens": [file, "x"], "other": file}) == [file, file]
    assert files_in({"file": {"ref": "../x"}}) == []


def test_without_the_extra_a_clear_word(monkeypatch):
    monkeypatch.setattr(fonts.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Exception, match="the extra `documents`"):
        _system().call("documents.return_label", ARGUMENTS, _ana(), "missing")


@pytest.mark.parametrize(
    "odd",
    [
        "x" * 9000,
        "台灯" * 3000,
        "\n".join("l" * 500),
        "<para>&amp;]]>\x00\u202e",
        float("nan"),
        1e308,
        [{"a": 1}] * 200,
    ],
    ids=["long word", "chinese", "many lines", "markup", "nan", "huge", "records"],
)
def test_odd_values_still_make_a_page(odd):
    given = dict.fromkeys(ARGUMENTS, odd) | {"items": [{"title": odd, "price": odd}]}
    for name in shipped_names():
        for language in ("en", "zh"):
            outcome = _system().call(f"documents.{name}", given, _ana(language), "odd")
            assert (outcome.ok, outcome.message) == (True, "")
