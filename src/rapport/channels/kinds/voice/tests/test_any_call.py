"""Whatever is asked and whatever is heard: a call always goes on, and each key stands for one thing."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rapport.channels.kinds.voice.contracts import Heard, VoiceSettings
from rapport.channels.kinds.voice.logic.hearing import MAX_MISSES, Again, CallPerson
from rapport.channels.kinds.voice.logic.position import Position, position_from_json
from rapport.channels.kinds.voice.logic.question import METHOD_FACTS, Question, read_question
from rapport.channels.kinds.voice.speaking import make_voice
from rapport.channels.kinds.voice.verbs import write_verbs
from rapport.kernel.languages import LANGUAGES

TITLES = st.text(max_size=12)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A message's question as the assistant may ask it."""
    values = [str(n) for n in range(draw(st.integers(0, 12)))]
    items = [{"title": draw(TITLES), "label": draw(TITLES), "value": v} for v in values]
    quick = [{"title": draw(TITLES), "value": "menu"}] if draw(st.booleans()) else []
    shape = draw(st.sampled_from(["input_select", "form", "many", "identity", "input_file", "text"]))
    if shape == "many":
        field = {
            "name": "x",
            "label": draw(TITLES),
            "type": "multi_select",
            "required": True,
            "options": items or [{"label": "a", "value": "a"}],
        }
        return read_question("form", {"items": [field], "slot": "x", "expects": "many"})
    if shape in {"form", "identity"}:
        names = sorted({f for facts in METHOD_FACTS.values() for f in facts})
        kinds = ["text", "email", "number", "date", "textarea", "select"]
        fields = [
            {
                "name": name,
                "label": draw(TITLES),
                "type": draw(st.sampled_from(kinds)),
                "required": draw(st.booleans()),
                "options": items if items and draw(st.booleans()) else [],
            }
            for name in draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
        ]
        slot = "identify:order_email" if shape == "identity" else "address"
        return read_question("form", {"items": fields, "slot": slot, "quick_replies": quick})
    expects = draw(st.sampled_from(["", "confirm"]))
    return read_question(
        shape,
        {
            "items": items,
            "quick_replies": quick,
            "slot": draw(st.sampled_from(["", "s"])),
            "expects": expects,
        },
    )


HEARD = st.builds(
    Heard,
    digits=st.sampled_from(["", "", "1", "2", "5", "7", "8", "9", "#", "*", "1234567", "60200"]),
    speech=st.sampled_from(["", "yes", "no", "two", "that's all", "vera at example dot com", "I want a lamp"])
    | st.text(max_size=30),
    confidence=st.none() | st.floats(0, 1),
)


@given(
    questions(),
    st.lists(HEARD, max_size=12),
    st.sampled_from(LANGUAGES),
    st.lists(st.sampled_from(sorted(METHOD_FACTS))),
)
def test_a_call_always_goes_on(
    question: Question, heard: list[Heard], language: str, methods: list[str]
) -> None:
    voice = make_voice(language, VoiceSettings(languages=(language,), identity_methods=tuple(methods)))
    position = Position(has_files=len(heard) % 2 == 0)
    for one in heard:
        move = voice.ear.hear(question, position, one)
        if not isinstance(move, Again):
            return
        position = position_from_json(move.position.as_json())
        spoken = voice.again("Some words.\n\nA question?", question, move)
        keys = [choice.digit for choice in spoken.choices]
        assert len(keys) == len(set(keys))
        assert spoken.lines
        assert position.misses < MAX_MISSES
        assert write_verbs(spoken, "https://help.example/voice/x/calls?turn=1", {}).startswith("<?xml")


@given(questions(), st.sampled_from(LANGUAGES))
def test_silence_alone_ends_with_a_person(question: Question, language: str) -> None:
    voice = make_voice(language, VoiceSettings(languages=(language,)))
    position = Position()
    for _ in range(MAX_MISSES - 1):
        move = voice.ear.hear(question, position, Heard())
        assert isinstance(move, Again)
        position = move.position
    assert voice.ear.hear(question, replace(position), Heard()) == CallPerson()
