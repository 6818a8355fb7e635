"""What words and keys do: the rules of a call without a call."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rapport.channels.kinds.voice.contracts import Heard, VoiceSettings
from rapport.channels.kinds.voice.logic.hearing import (
    Again,
    CallPerson,
    Ear,
    Farewell,
    MailFiles,
    OpenMenu,
    Submit,
    Words,
)
from rapport.channels.kinds.voice.logic.position import Position, position_from_json
from rapport.channels.kinds.voice.logic.question import Question, read_question
from rapport.channels.kinds.voice.speaking import make_voice

HERE = Position(message_id=7)
NINE = [{"title": f"Thing {n}", "value": f"start:thing_{n}"} for n in range(1, 10)]


def ear(*methods: str, language: str = "en") -> Ear:
    return make_voice(language, VoiceSettings(languages=(language,), identity_methods=methods)).ear


def menu(count: int = 3) -> Question:
    person = {"title": "Person", "value": "talk_to_person"}
    return read_question("input_select", {"items": [*NINE[:count], person]})


def confirmation() -> Question:
    items = [{"title": t, "value": f"confirm:{t}"} for t in ("yes", "no", "cancel")]
    return read_question("input_select", {"items": items, "expects": "confirm", "confirm": ["x"]})


def identity(*names: str, required: bool = False, **defaults: str) -> Question:
    kinds = {"email": "email"}
    items = [
        {
            "name": n,
            "label": n,
            "type": kinds.get(n, "text"),
            "required": required,
            "default": defaults.get(n, ""),
        }
        for n in names
    ]
    quick = [{"title": "Code by e-mail", "value": "identify:email_code"}]
    attributes = {"items": items, "slot": "identify:order_email", "quick_replies": quick}
    return read_question("form", attributes)


def several() -> Question:
    options = [{"label": f"Item {n}", "value": str(n)} for n in (1, 2, 3)]
    items = [
        {"name": "items", "label": "Items", "type": "multi_select", "required": True, "options": options}
    ]
    return read_question("form", {"items": items, "slot": "items", "expects": "many"})


def test_a_key_chooses_and_a_person_is_no_numbered_choice() -> None:
    assert ear().hear(menu(), HERE, Heard("2")) == Submit(({"value": "start:thing_2"},))
    assert ear().hear(menu(), HERE, Heard("4")) == Again(replace(HERE, misses=1), "not_a_key")
    assert ear().hear(menu(), HERE, Heard("0")) == CallPerson()


def test_a_number_said_is_the_key() -> None:
    assert ear().hear(menu(), HERE, Heard(speech="the second one")) == Submit(({"value": "start:thing_2"},))
    assert ear().hear(menu(), HERE, Heard(speech="two lamps")) == Words("two lamps")


def test_more_than_five_choices_are_read_four_at_a_time() -> None:
    ear_, question = ear(), menu(9)
    move = ear_.hear(question, HERE, Heard("9"))
    assert move == Again(replace(HERE, page=1))
    assert ear_.hear(question, replace(HERE, page=1), Heard("1")) == Submit(({"value": "start:thing_5"},))
    assert ear_.hear(question, replace(HERE, page=2), Heard("9")) == Again(replace(HERE, page=0))
    assert ear_.hear(question, HERE, Heard("5")) == Again(replace(HERE, misses=1), "not_a_key")


def test_silence_is_met_twice_and_then_a_person_is_called() -> None:
    first = ear().hear(menu(), HERE, Heard())
    assert first == Again(replace(HERE, misses=1), "silence")
    assert ear().hear(menu(), replace(HERE, misses=1), Heard()) == Again(replace(HERE, misses=2), "silence")
    assert ear().hear(menu(), replace(HERE, misses=2), Heard()) == CallPerson()


@pytest.mark.parametrize("language", ["en", "cs", "de", "es", "ru", "zh"])
def test_badly_heard_words_are_read_back_before_they_count(language: str) -> None:
    words = {"en": "yes", "cs": "ano", "de": "ja", "es": "sí", "ru": "да", "zh": "是的"}[language]
    ear_ = ear(language=language)
    move = ear_.hear(confirmation(), HERE, Heard(speech=words, confidence=0.3))
    assert isinstance(move, Again)
    assert (move.remark, move.shown) == ("did_you_say", words)
    for sure in (Heard("1"), Heard(speech=words, confidence=0.2)):
        assert ear_.hear(confirmation(), move.position, sure) == Words(words)
    no = ear_.hear(confirmation(), move.position, Heard("2"))
    assert no == Again(replace(HERE, misses=1), "say_again")


@pytest.mark.parametrize(
    ("question", "confidence"),
    [(menu(), 0.3), (confirmation(), 0.5), (confirmation(), None), (confirmation(), 0.0)],
)
def test_requests_and_well_heard_answers_count_at_once(question: Question, confidence: float | None) -> None:
    assert ear().hear(question, HERE, Heard(speech="hello there", confidence=confidence)) == Words(
        "hello there"
    )


def test_several_choices_are_taken_one_after_the_other() -> None:
    ear_, question = ear(), several()
    first = ear_.hear(question, HERE, Heard("2"))
    assert first == Again(replace(HERE, given={"items": ("2",)}), "added", "Item 2")
    again = ear_.hear(question, first.position, Heard("2"))
    assert isinstance(again, Again)
    assert again.position.given == {"items": ("2", "3")}
    chosen = Submit(({"name": "items", "value": "2"}, {"name": "items", "value": "3"}))
    for end in (Heard("#"), Heard(speech="that's all")):
        assert ear_.hear(question, again.position, end) == chosen
    assert ear_.hear(question, HERE, Heard("#")) == Again(replace(HERE, misses=1), "not_a_key")
    everything = ear_.hear(question, again.position, Heard("1"))
    assert isinstance(everything, Submit)
    assert [v["value"] for v in everything.values] == ["2", "3", "1"]


def test_a_form_is_filled_field_by_field() -> None:
    ear_, question = ear("order_zip"), identity("order_number", "zip", required=True)
    first = ear_.hear(question, HERE, Heard("1234567"))
    assert first == Again(replace(HERE, given={"order_number": ("1234567",)}))
    assert ear_.hear(question, first.position, Heard("60200")) == Submit(
        ({"name": "order_number", "value": "1234567"}, {"name": "zip", "value": "60200"})
    )


def test_what_was_stated_before_is_not_asked_for_again() -> None:
    question = identity("order_number", "email", "zip", order_number="#W1234567")
    part = ear("order_email", "order_zip").open_part(question, HERE)
    assert part is not None
    assert part.name == "zip"


def test_an_address_said_instead_of_the_postal_code_is_taken_and_read_back() -> None:
    ear_ = ear("order_email", "order_zip")
    question = identity("order_number", "email", "zip", order_number="#W1234567")
    move = ear_.hear(question, HERE, Heard(speech="vera at example dot com", confidence=0.2))
    assert isinstance(move, Again)
    assert (move.remark, move.shown) == ("did_you_say_email", "vera@example.com")
    sent = ear_.hear(question, move.position, Heard(speech="yes"))
    assert isinstance(sent, Submit)
    assert {v["name"]: v["value"] for v in sent.values} == {
        "order_number": "#W1234567",
        "email": "vera@example.com",
    }


def test_a_field_left_out_closes_its_way_and_the_last_one_leads_to_other_ways() -> None:
    ear_, question = ear("order_zip", "email_only"), identity("order_number", "email", "zip")
    left = ear_.hear(question, HERE, Heard("#"))
    assert left == Again(replace(HERE, skipped=("order_number",)))
    part = ear_.open_part(question, left.position)
    assert part is not None
    assert part.name == "email"
    other = ear_.hear(question, left.position, Heard(speech="I don't know"))
    assert isinstance(other, Again)
    assert (other.remark, other.position.others) == ("other_ways", True)
    assert ear_.hear(question, other.position, Heard("1")) == Submit(({"value": "identify:email_code"},))


def test_words_that_are_no_value_are_for_the_assistant() -> None:
    question = identity("order_number", "zip", required=True)
    move = ear("order_zip").hear(question, HERE, Heard(speech="can you send me a code instead"))
    assert move == Words("can you send me a code instead")
    assert ear("order_zip").hear(question, HERE, Heard(speech="hmm")) == Again(
        replace(HERE, misses=1), "not_a_value"
    )


def test_standing_keys_work_only_where_they_were_offered() -> None:
    assert ear().hear(menu(), HERE, Heard("8")) == OpenMenu()
    assert ear().hear(confirmation(), HERE, Heard("8")) == Again(replace(HERE, misses=1), "not_a_key")
    assert ear().hear(menu(), HERE, Heard("7")) == Again(replace(HERE, misses=1), "not_a_key")
    assert ear().hear(menu(), replace(HERE, has_files=True), Heard("7")) == MailFiles()
    assert ear().hear(menu(), replace(HERE, misses=2), Heard("*")) == Again(HERE)


def test_a_position_survives_its_storing() -> None:
    there = replace(HERE, given={"items": ("1", "2")}, skipped=("zip",), ranks={"start:a": 1}, doubt="x")
    assert position_from_json(there.as_json()) == there
    assert position_from_json({}) == Position()


def test_the_menu_is_read_in_the_order_of_the_ranks() -> None:
    question = read_question("input_select", {"items": NINE[:3]}, {"start:thing_3": 0, "start:thing_1": 1})
    assert [e.title for e in question.entries] == ["Thing 3", "Thing 1", "Thing 2"]


@pytest.mark.parametrize("language", ["en", "cs", "de", "es", "ru", "zh"])
def test_goodbye_ends_the_call(language: str) -> None:
    words = {
        "en": "Thank you, goodbye.",
        "cs": "Děkuji, na shledanou.",
        "de": "Danke, tschüss!",
        "es": "Gracias, adiós.",
        "ru": "Спасибо, до свидания.",
        "zh": "再见",
    }[language]
    assert ear(language=language).hear(menu(), HERE, Heard(speech=words)) == Farewell(words)
    assert ear(language=language).hear(confirmation(), HERE, Heard(speech=words)) == Farewell(words)


def test_nothing_more_ends_the_call_only_where_nothing_is_asked() -> None:
    knows = replace(HERE, knows_keys=True)
    assert ear().hear(menu(), knows, Heard(speech="no, that's all")) == Farewell("no, that's all")
    assert ear().hear(confirmation(), knows, Heard(speech="no")) == Words("no")
    assert ear().hear(menu(), HERE, Heard(speech="nothing else")) == Words("nothing else")


def test_an_offered_person_is_a_choice_and_one_at_the_end_is_the_key() -> None:
    person = {"title": "A person", "value": "talk_to_person"}
    offered = read_question("input_select", {"items": [person, {"title": "Other", "value": "menu"}]})
    assert ear().hear(offered, HERE, Heard("1")) == Submit(({"value": "talk_to_person"},))
    last = read_question("input_select", {"items": [{"title": "Other", "value": "menu"}, person]})
    assert [e.title for e in last.entries] == ["Other"]


@pytest.mark.parametrize(
    ("heard", "value"),
    [(Heard(speech="49,90"), "49.90"), (Heard(speech="fifty euros"), "50"), (Heard("12#"), "12")],
)
def test_a_number_field_takes_an_amount(heard: Heard, value: str) -> None:
    item = {"name": "sum", "label": "How much?", "type": "number"}
    question = read_question("form", {"items": [item], "slot": "sum"})
    assert ear().hear(question, HERE, heard) == Submit(({"name": "sum", "value": value},))


def test_a_postal_code_is_taken_without_the_words_around_it() -> None:
    question = identity("zip", required=True)
    move = ear("order_zip").hear(question, HERE, Heard(speech="my zip is 11000"))
    assert move == Submit(({"name": "zip", "value": "11000"},))


def test_a_badly_heard_number_is_read_back_where_it_counts() -> None:
    mumbled = Heard(speech="one", confidence=0.1)
    move = ear().hear(confirmation(), HERE, mumbled)
    assert move == Again(replace(HERE, doubt="one"), "did_you_say", "one")
    assert ear().hear(confirmation(), move.position, Heard("1")) == Submit(({"value": "confirm:yes"},))
    assert ear().hear(menu(), HERE, mumbled) == Submit(({"value": "start:thing_1"},))


@pytest.mark.parametrize("words", ["that's all", "goodbye"])
def test_badly_heard_words_end_nothing_that_is_under_way(words: str) -> None:
    chosen = replace(HERE, given={"items": ("2",)})
    move = ear().hear(several(), chosen, Heard(speech=words, confidence=0.1))
    assert move == Again(replace(chosen, doubt=words), "did_you_say", words)


@pytest.mark.parametrize(
    "answer", [Heard(speech="no"), Heard("2"), Heard(speech="mumble mumble", confidence=0.1)]
)
def test_words_that_stay_doubtful_lead_to_a_person(answer: Heard) -> None:
    mumbled = Heard(speech="mumble", confidence=0.1)
    move, asked = ear().hear(confirmation(), HERE, mumbled), 1
    while isinstance(move, Again) and asked < 8:
        heard = answer if move.position.doubt else mumbled
        move, asked = ear().hear(confirmation(), move.position, heard), asked + 1
    assert move == CallPerson()


def test_a_clear_answer_counts_however_often_words_were_doubtful() -> None:
    doubtful = replace(HERE, misses=2, doubt="mumble")
    move = ear().hear(confirmation(), doubtful, Heard(speech="yes it is", confidence=0.9))
    assert move == Words("mumble")
    clear = ear().hear(confirmation(), doubtful, Heard(speech="the second", confidence=0.9))
    assert clear == Submit(({"value": "confirm:no"},))


def test_pages_are_counted_without_what_was_chosen() -> None:
    options = [{"label": f"Item {n}", "value": str(n)} for n in range(1, 10)]
    item = {"name": "items", "label": "Items", "type": "multi_select", "required": True, "options": options}
    question = read_question("form", {"items": [item], "slot": "items", "expects": "many"})
    there = replace(HERE, given={"items": ("1",)}, page=1)
    assert ear().hear(question, there, Heard("9")) == Again(replace(there, page=0))


def test_a_position_stored_by_another_release_is_read() -> None:
    assert position_from_json({**HERE.as_json(), "gone": 1}) == HERE


def test_a_telephone_number_can_be_typed_where_something_can_be_chosen_besides() -> None:
    voice = make_voice("en", VoiceSettings(languages=("en",)))
    quick = [{"title": "Rather not", "value": "skip"}]
    question = read_question("text", {"slot": "phone", "quick_replies": quick})
    there = replace(HERE, has_files=True)
    assert voice.ask("Which number?", question, there).max_digits is None
    assert voice.ear.hear(question, there, Heard("602111222")) == Words("602111222")
    assert voice.ear.hear(question, there, Heard("1")) == Submit(({"value": "skip"},))
    assert voice.ask("Which?", menu(), HERE).max_digits == 1
