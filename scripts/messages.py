"""Catalogues of the staff screens: what the code and templates say, against what each language has.

.venv/bin/python scripts/messages.py missing   what a language lacks
.venv/bin/python scripts/messages.py update    new texts into each django.po (untranslated), unused ones out
.venv/bin/python scripts/messages.py compile   django.po to django.mo
"""

from __future__ import annotations

import ast
import datetime as dt
import io
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src" / "rapport"
LOCALES = SOURCES / "web" / "locale"
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext", "pgettext_lazy"}
PLURAL = {"ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy"}
_CALL = re.compile(r"\b(n?p?gettext|_)\(")
_LITERAL = re.compile(r"""\s*u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")\s*(,|\))""", re.DOTALL)
HEADER = """# Wording of the staff screens.
msgid ""
msgstr ""
"Project-Id-Version: Rapport\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


@dataclass(frozen=True, slots=True)
class Text:
    """One text to translate."""

    singular: str
    plural: str = ""
    context: str = ""

    @property
    def msgid(self) -> str | tuple[str, str]:
        """As Babel keys it."""
        return (self.singular, self.plural) if self.plural else self.singular


def main(arguments: list[str]) -> int:
    """Do what the one word says."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.web.settings_test")
    import django  # noqa: PLC0415

    django.setup()
    commands = {"missing": show_missing, "update": update, "compile": compile_all}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(__doc__)
        return 2
    return commands[arguments[0]]()


def used_texts() -> set[Text]:
    """All that the screens may ask a catalogue for."""
    texts: set[Text] = set()
    for path in sorted(SOURCES.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            texts.update(of_module(path.read_text()))
    for path in sorted(SOURCES.rglob("templates/**/*.html")):
        texts.update(of_template(path.read_text()))
    texts.update(of_forms())
    return {text for text in texts if text.singular}


def of_module(source: str) -> Iterator[Text]:
    """Texts given to gettext in a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if name in SINGULAR | PLURAL and texts:
                yield text_of(name, texts)


def of_template(source: str) -> Iterator[Text]:
    """Texts of a template's translating tags; Django itself turns them into calls."""
    from django.utils.translation.template import templatize  # noqa: PLC0415

    code = templatize(source)
    for call in _CALL.finditer(code):
        texts, at = [], call.end()
        while literal := _LITERAL.match(code, at):
            texts.append(ast.literal_eval(literal[1]))
            at = literal.end()
        if texts:
            yield text_of(call[1], texts)


def of_forms() -> Iterator[Text]:
    """What forms of systems and a shop's actions say: data of the connectors, translated where it is shown."""
    from rapport.connectors import api as connectors  # noqa: PLC0415
    from rapport.connectors.shops import ACTIONS  # noqa: PLC0415

    yield from (Text(action.title) for action in ACTIONS.values())
    for form in connectors.FORMS.values():
        yield from (Text(form.title), Text(form.description))
        for field in form.fields:
            yield from (Text(field.label), Text(field.help), *(Text(label) for _, label in field.choices))


def text_of(name: str, texts: list[str]) -> Text:
    """The text of a call."""
    context, texts = (texts[0], texts[1:]) if "pgettext" in name else ("", texts)
    return Text(texts[0], texts[1] if name in PLURAL else "", context)


def catalogue_paths() -> list[Path]:
    """One file a language."""
    return sorted(LOCALES.glob("*/LC_MESSAGES/django.po"))


def read_catalogue(path: Path) -> Catalog:
    """A language's texts."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def missing_texts(catalogue: Catalog, texts: set[Text]) -> list[Text]:
    """Texts without a translation in all their plural forms, or with one nobody has looked at."""
    missing = []
    for text in texts:
        message = catalogue.get(text.msgid, text.context or None)
        if message is None or message.fuzzy or bool(text.plural) != message.pluralizable:
            missing.append(text)
            continue
        given = message.string if text.plural else (message.string,)
        if len(given) != (catalogue.num_plurals if text.plural else 1) or not all(given):
            missing.append(text)
    return sorted(missing, key=lambda text: text.singular)


def show_missing() -> int:
    """Print what is missing; 1 where something is."""
    texts, found = used_texts(), 0
    for path in catalogue_paths():
        for text in missing_texts(read_catalogue(path), texts):
            print(f"{path.parents[1].name}: {text.singular}")
            found += 1
    print(f"{len(texts)} texts, {found} translations missing")
    return 1 if found else 0


def update() -> int:
    """Bring each catalogue's list of texts up to date."""
    texts = used_texts()
    for path in catalogue_paths():
        old = read_catalogue(path)
        new = Catalog(locale=old.locale)
        for text in texts:
            message = old.get(text.msgid, text.context or None)
            is_known = message is not None and message.pluralizable == bool(text.plural)
            string = message.string if message is not None and is_known else ""
            flags = message.flags & {"fuzzy"} if message is not None and is_known else ()
            new.add(text.msgid, string, flags=flags, context=text.context or None)
        body = io.BytesIO()
        write_po(body, new, width=0, sort_output=True, omit_header=True)
        header = HEADER.format(
            language=path.parents[1].name, plurals=f"{old.plural_forms};".replace(";;", ";")
        )
        path.write_text(header + body.getvalue().decode())
    return show_missing()


def compile_all() -> int:
    """Write what the server reads."""
    for path in catalogue_paths():
        path.with_suffix(".mo").write_bytes(compiled(path))
    return 0


def compiled(path: Path) -> bytes:
    """A catalogue as the server reads it."""
    catalogue = read_catalogue(path)
    catalogue.creation_date = dt.datetime.fromtimestamp(0, dt.UTC)  # not the moment of compiling
    body = io.BytesIO()
    write_mo(body, catalogue)
    return body.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
