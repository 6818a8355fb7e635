"""Answers as XML verbs: what a platform reads, and nothing a text could put into it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from rapport.channels.kinds.voice.contracts import Choice, Line, Spoken
from rapport.channels.kinds.voice.verbs import write_verbs

ADDRESS = "https://help.example/voice/abc/calls?turn=3&poll=1"


def read(spoken: Spoken, voices: dict[str, str] | None = None) -> ET.Element:
    return ET.fromstring(write_verbs(spoken, ADDRESS, voices or {}).encode())


def test_a_choice_is_gathered_by_speech_or_one_key() -> None:
    choices = (Choice("1", "Return, items"), Choice("2", "A & B"))
    root = read(Spoken((Line("Press 1.", "cs"),), "speech", "cs", choices, 1, ("Return, items", "A & B")))
    (gather,) = root
    assert gather.tag == "Gather"
    assert gather.attrib == {
        "input": "dtmf speech",
        "action": ADDRESS,
        "method": "POST",
        "timeout": "6",
        "finishOnKey": "",
        "actionOnEmptyResult": "true",
        "numDigits": "1",
        "language": "cs-CZ",
        "speechTimeout": "auto",
        "hints": "Return  items,A & B",
    }
    (say,) = gather
    assert (say.attrib, say.text) == ({"language": "cs-CZ"}, "Press 1.")


def test_a_number_ends_with_the_hash_key() -> None:
    (gather,) = read(Spoken((Line("Number?", "zh"),), "speech", "zh", (), None))
    assert (gather.get("finishOnKey"), gather.get("numDigits"), gather.get("timeout")) == ("#", None, "12")
    assert gather.get("language") == "cmn-Hans-CN"


def test_keys_alone_name_no_language() -> None:
    (gather,) = read(Spoken((Line("Keys", "en"),), "digits", "en", (Choice("1", "x"),)))
    assert (gather.get("input"), gather.get("language")) == ("dtmf", None)


def test_waiting_pauses_and_comes_again() -> None:
    root = read(Spoken((Line("One moment.", "en"),), "wait", "en", (), None, wait_s=2))
    assert [e.tag for e in root] == ["Say", "Pause", "Redirect"]
    assert (root[1].get("length"), root[2].text) == ("2", ADDRESS)


def test_a_person_is_dialled_and_the_result_comes_back() -> None:
    root = read(Spoken((), "transfer", "en", (), None, transfer_to="+44 20 7946 0001"))
    (dial,) = root
    assert (dial.tag, dial.text, dial.get("action")) == ("Dial", "+44 20 7946 0001", ADDRESS)


def test_the_end_hangs_up_in_the_chosen_voice() -> None:
    root = read(Spoken((Line("Bye.", "de"),), "hangup", "de", (), None), {"de": 'Some "Voice"'})
    assert [e.tag for e in root] == ["Say", "Hangup"]
    assert root[0].get("voice") == 'Some "Voice"'


def test_text_stays_text() -> None:
    text = 'a</Say><Dial>1</Dial> & "x" \x00\x07\ud800 ]]>'
    root = read(Spoken((Line(text, "en"),), "speech", "en", (), 1, ('"/><Dial>',), ""))
    assert [e.tag for e in root.iter()] == ["Response", "Gather", "Say"]
    assert root[0][0].text == 'a</Say><Dial>1</Dial> & "x"  ]]>'
