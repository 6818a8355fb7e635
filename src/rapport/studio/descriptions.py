"""The forms of everything a definition consists of, in the words of people who never saw its text.

A key that is not described here is still shown, by what the schema says of it (`fields`); a row whose key the schema
does not know is left out. So the language and its forms may grow apart for a while without either breaking.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rapport.studio.logic.rows import Row

WORDS, TEXT, NAME, NUMBER, FLAG = "words", "text", "name", "number", "flag"
CHOICE, NAMES, CONDITION, VALUE, PARTS = "choice", "names", "condition", "value", "parts"

SECTIONS: dict[str, tuple[Row, ...]] = {
    "head": (
        Row("title", WORDS, _("Title"), _("As customers see it in the menu."), is_required=True),
        Row("description", WORDS, _("Description"), _("One line below the title.")),
        Row("identify", CHOICE, _("Who may use it"), source="identify", is_required=True),
        Row("audience", CHOICE, _("Made for"), _("A guide for staff is in no customer's menu."), source="audience"),
        Row("menu", NUMBER, _("Place in the menu"), _("Smaller numbers come first; empty: not in the menu.")),
        Row("group", WORDS, _("Heading in the menu"), _("Procedures with the same heading stand together.")),
        Row("icon", CHOICE, _("Icon"), source="icons"),
    ),
    "slot": (
        Row("ask", WORDS, _("Question"), _("What the customer is asked."), is_required=True),
        Row("type", CHOICE, _("Kind of answer"), source="types", is_required=True),
        Row("options", PARTS, _("Answers to choose from"), section="option", types=("choice",)),
        Row("where", CONDITION, _("Only those where"), types=("*", "rapport.customer")),
        Row("none", WORDS, _("Said when there is none to choose"), types=("*",)),
        Row("refused", PARTS, _("Said when one is named that may not be chosen"), section="refusal", types=("*",)),
        Row("accept", NAMES, _("Files that are taken"), source="file_kinds", types=("file",)),
        Row("many", FLAG, _("Several may be chosen"), types=("*", "choice", "file")),
        Row("optional", FLAG, _("May be skipped")),
        Row("when", CONDITION, _("Asked"), is_folded=True),
        Row("label", WORDS, _("Short name"), _("In “what would you like to change?”."), is_folded=True),
        Row(
            "of", NAMES, _("Looked up for"), _("Earlier answers the look-up needs."), source="earlier", types=("*",),
            is_folded=True,
        ),
        Row(
            "each", CHOICE, _("Once for each of"), _("Asked again for every value chosen before."), source="several",
            is_folded=True,
        ),
        Row("default", VALUE, _("Filled in beforehand with"), is_folded=True),
    ),
    "option": (
        Row("title", WORDS, _("Text on the button"), is_required=True),
        Row("value", TEXT, _("Name in conditions"), is_required=True),
        Row(
            "aliases", "lines", _("Other words customers use for it"), _("With commas between; any language."),
            is_folded=True,
        ),
    ),
    "refusal": (
        Row("when", CONDITION, _("If"), is_required=True),
        Row("say", WORDS, _("Say"), is_required=True),
        Row("offer", CHOICE, _("Offer instead"), source="procedures"),
        Row("rule", NAME, _("Recorded as the rule"), is_folded=True),
    ),
    "lookup": (
        Row("action", CHOICE, _("Look-up"), source="readers", is_required=True),
        Row("with", "arguments", _("With")),
        Row("when", CONDITION, _("Done"), is_folded=True),
        Row("none", WORDS, _("Said when nothing is found"), _("Without it the procedure goes on."), is_folded=True),
    ),
    "limit": (
        Row("count", NUMBER, _("At most so many times"), is_required=True),
        Row("within", "duration", _("Within"), is_required=True),
        Row("say", WORDS, _("Said beyond it"), is_required=True),
        Row("then", CHOICE, _("And then"), source="then"),
        Row("of", VALUE, _("Counted for"), _("Empty: the customer."), is_folded=True),
        Row("name", NAME, _("Name"), is_required=True, is_folded=True),
    ),
    "value": (Row("", VALUE, _("Worked out as"), is_required=True),),
    "rule": (
        Row("check", CONDITION, _("Must hold"), is_required=True),
        Row("say", WORDS, _("Said when it does not hold"), is_required=True),
        Row("slot", CHOICE, _("Then ask again for"), _("Empty: it ends there."), source="slots"),
        Row("name", NAME, _("Name of the rule"), is_required=True, is_folded=True),
    ),
    "human_rule": (
        Row("when", CONDITION, _("A person decides if"), is_required=True),
        Row("say", WORDS, _("What the customer is told"), is_required=True),
        Row("team", CHOICE, _("Team"), source="teams"),
        Row("after", FLAG, _("Do the steps first, then hand over")),
        Row("name", NAME, _("Name"), is_required=True, is_folded=True),
    ),
    "confirmation": (
        Row("lines", PARTS, _("What will happen"), section="line"),
        Row("question", WORDS, _("Question"), _("Answered yes or no.")),
    ),
    "line": (
        Row("say", WORDS, _("Text"), is_required=True),
        Row("when", CONDITION, _("Said")),
    ),
    "action": (
        Row("action", CHOICE, _("Action"), source="actions", is_required=True),
        Row("with", "arguments", _("With")),
        Row("when", CONDITION, _("Done")),
        Row("each", VALUE, _("Once for each of"), _("A list; the present one is called item."), is_folded=True),
        Row("failed", "wordings", _("Said when the system refuses")),
        Row("amount", VALUE, _("Money it moves"), _("For limits and approvals."), is_folded=True),
        Row("as", NAME, _("Call the result"), is_folded=True),
        Row("undo", "group", _("Taken back by"), section="reversal", is_folded=True),
        Row("again", "group", _("Kept while the system is away"), section="keeping", is_folded=True),
    ),
    "keeping": (
        Row("within", "duration", _("Given up after"), _("Then something else is done, or a person takes over.")),
        Row("say", WORDS, _("What the customer is told"), _("Empty: the usual words.")),
    ),
    "reversal": (
        Row("action", CHOICE, _("Action"), source="actions"),
        Row("with", "arguments", _("With")),
    ),
    "if": (
        Row("if", CONDITION, _("If"), is_required=True),
        Row("when", CONDITION, _("Only looked at"), is_folded=True),
    ),
    "wait": (
        Row("wait", "group", _("Wait"), section="waiting", is_required=True),
        Row("say", WORDS, _("What the customer is told")),
        Row("when", CONDITION, _("Done"), is_folded=True),
        Row("as", NAME, _("Call what came"), is_folded=True),
    ),
    "waiting": (
        Row("for", "duration", _("For")),
        Row("until", VALUE, _("Until the moment")),
        Row("event", TEXT, _("Until the event"), _("As a connected system reports it, for example payment_received.")),
        Row("of", VALUE, _("About"), _("The number of the order, for example.")),
    ),
    "approve": (
        Row("approve", "group", _("Ask for approval"), section="approval", is_required=True),
        Row("say", WORDS, _("What the customer is told meanwhile")),
        Row("rejected", WORDS, _("What the customer is told when it is refused")),
        Row("when", CONDITION, _("Needed"), is_folded=True),
        Row("as", NAME, _("Call the answer"), is_folded=True),
    ),
    "approval": (
        Row("title", WORDS, _("What is to be approved"), is_required=True),
        Row("team", CHOICE, _("Team"), source="teams"),
        Row("reason", WORDS, _("Why")),
        Row("expires", "duration", _("Given up after")),
        Row("when", CONDITION, _("Needed")),
    ),
    "run": (
        Row("run", CHOICE, _("Procedure"), source="procedures", is_required=True),
        Row("with", "arguments", _("Already known")),
        Row("when", CONDITION, _("Done"), is_folded=True),
        Row("required", FLAG, _("Must be done for this to go on"), "default:true"),
        Row("as", NAME, _("Call the result"), is_folded=True),
    ),
    "person": (
        Row("person", "group", _("A person takes over"), section="person_of", is_required=True),
        Row("when", CONDITION, _("Done"), is_folded=True),
    ),
    "person_of": (
        Row("team", CHOICE, _("Team"), source="teams"),
        Row("say", WORDS, _("What the customer is told"), is_required=True),
    ),
    "say": (
        Row("say", WORDS, _("Text"), is_required=True),
        Row("when", CONDITION, _("Said"), is_folded=True),
    ),
    "undo": (
        Row("within", "duration", _("Can be taken back within"), is_required=True),
        Row("say", WORDS, _("Said when it has been taken back")),
    ),
    "offer": (Row("", NAMES, _("Offered afterwards"), _("As buttons, once it is done."), source="procedures"),),
}  # fmt: skip
"""Name of a part → its rows, in the order of the form."""
