"""The templates, and so the demonstration's procedures, load, speak every language and lead nowhere unknown."""

from pathlib import Path

import pytest

from rapport.kernel.languages import LANGUAGES
from rapport.procedures.logic.definition import Definition, Words
from rapport.procedures.logic.parsing import check_definition, parse_definition
from rapport.procedures.template_files import FOLDER, definition_files

FILES = definition_files(FOLDER)
ACTIONS = (
    "shop.get_order", "shop.cancel_order", "shop.change_address", "shop.change_items", "shop.change_payment",
    "shop.return_items", "shop.exchange_items", "shop.change_customer_address", "shop.report_problem",
    "shop.list_orders", "shop.list_gift_cards", "shop.find_product",
)  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_template_is_without_problems(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert check_definition(source, [file.stem for file in FILES], ACTIONS) == ()
    definition = parse_definition(source)
    assert definition.name == path.stem
    for words in all_words(definition):
        assert set(words) == set(LANGUAGES)


def all_words(definition: Definition) -> list[Words]:
    found: list[Words] = [definition.title, definition.description]
    for slot in definition.slots:
        found += [slot.ask, slot.none, slot.label, *(refusal.say for refusal in slot.refused)]
        found += [option.title for option in slot.options]
    found += [rule.say for rule in (*definition.rules, *definition.human_when)]
    found += [line.say for line in definition.done]
    found += [words for action in definition.actions for words in action.failed.values()]
    if definition.confirm is not None:
        found += [definition.confirm.question, *(line.say for line in definition.confirm.lines)]
    return [words for words in found if words]
