"""Every text of the staff screens is in every catalogue, with its placeholders, and what is compiled is what was written."""

from __future__ import annotations

import gettext
import io
import re

import pytest
from django.test import Client
from scripts.messages import (
    Text,
    catalogue_paths,
    compiled,
    missing_texts,
    of_module,
    of_template,
    read_catalogue,
    used_texts,
)

from rapport.accounts import api as accounts

PATHS = catalogue_paths()
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def texts():
    return used_texts()


def test_five_languages_beside_english():
    assert [path.parents[1].name for path in PATHS] == ["cs", "de", "es", "ru", "zh_Hans"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.parents[1].name)
def test_no_text_is_missing(path, texts):
    missing = missing_texts(read_catalogue(path), texts)
    assert [text.singular for text in missing] == [], "scripts/messages.py update, translate, compile"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.parents[1].name)
def test_placeholders_stay(path):
    for message in read_catalogue(path):
        sources = (message.id,) if isinstance(message.id, str) else message.id
        strings = (message.string,) if isinstance(message.string, str) else message.string
        allowed = [set(PLACEHOLDER.findall(source)) for source in sources]
        for string in strings if message.id else ():
            assert set(PLACEHOLDER.findall(string)) in allowed, message.id


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.parents[1].name)
def test_compiled_is_what_was_written(path):
    fresh = gettext.GNUTranslations(io.BytesIO(compiled(path)))
    shipped = gettext.GNUTranslations(io.BytesIO(path.with_suffix(".mo").read_bytes()))
    assert shipped._catalog == fresh._catalog


def test_texts_are_found_in_code_and_templates():
    code = '_("One")\nngettext("%(n)s a", "%(n)s b", 2)\ngettext_lazy("Two")\n_(name)\nother("no")'
    assert set(of_module(code)) == {Text("One"), Text("%(n)s a", "%(n)s b"), Text("Two")}
    template = (
        "{% load i18n %}it's {% translate \"Yes, it's\" %} {{ x|default:_('None') }} {% translate name %}"
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
    )
    assert set(of_template(template)) == {Text("Yes, it's"), Text("None"), Text("%(n)s day", "%(n)s days")}


@pytest.mark.django_db
def test_forms_of_systems_speak_the_readers_language():
    client = Client(headers={"accept-language": "de"})
    client.force_login(accounts.create_staff("admin@example.com", "Robin Keller", "administrator"))
    listed = client.get("/settings/systems/").content.decode()
    assert "Zeilen, die an eine CSV-Datei oder Google-Tabelle angefügt werden." in listed
    page = client.get("/settings/systems/new/mail").content.decode()
    assert "E-Mail-Server" in page
    assert "Shop &lt;service@shop.example&gt;; leer: die Adresse dieser Installation." in page
