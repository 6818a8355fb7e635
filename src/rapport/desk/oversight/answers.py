"""How an answer to an objection begins, in the customer's language."""

from __future__ import annotations

import datetime as dt

from babel.dates import format_date

from rapport.kernel.languages import base_language, pick

UPHELD = {
    "en": "You objected to a decision on {date}. A person has looked at it again, and you are right.",
    "cs": "Dne {date} jste vznesli námitku proti rozhodnutí. Znovu se na ně podíval člověk a máte pravdu.",
    "de": "Sie haben am {date} einer Entscheidung widersprochen. Ein Mensch hat sie noch einmal geprüft: "
    "Sie haben recht.",
    "es": "El {date} usted se opuso a una decisión. Una persona la ha revisado y tiene usted razón.",
    "ru": "{date} вы возразили против решения. Его ещё раз проверил человек, и вы правы.",
    "zh": "您于 {date} 对一项决定提出了异议。我们的工作人员已重新审核，您是对的。",
}
REJECTED = {
    "en": "You objected to a decision on {date}. A person has looked at it again, and the decision stands.",
    "cs": "Dne {date} jste vznesli námitku proti rozhodnutí. Znovu se na ně podíval člověk a rozhodnutí platí.",
    "de": "Sie haben am {date} einer Entscheidung widersprochen. Ein Mensch hat sie noch einmal geprüft: "
    "Sie bleibt bestehen.",
    "es": "El {date} usted se opuso a una decisión. Una persona la ha revisado y la decisión se mantiene.",
    "ru": "{date} вы возразили против решения. Его ещё раз проверил человек, и решение остаётся в силе.",
    "zh": "您于 {date} 对一项决定提出了异议。我们的工作人员已重新审核，该决定维持不变。",
}


def answer_text(language: str, answer: str, *, objected_at: dt.datetime, is_upheld: bool) -> str:
    """What the customer reads: whose decision this is now, and the answer as it was written."""
    code = base_language(language)
    date = format_date(objected_at.date(), format="long", locale=code)
    opening = pick(UPHELD if is_upheld else REJECTED, code).format(date=date)
    return f"{opening}\n\n{answer}"
