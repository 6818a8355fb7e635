"""What the interpreter itself says in the informal tone, where that differs: languages with two ways to say "you".

English has one; the Spanish wording is informal already.
"""

from __future__ import annotations

from collections.abc import Mapping

_CZECH: Mapping[str, str] = {
    "ambiguous": "Hodí se jich víc. Kterou možnost myslíš?",
    "please_confirm": "Tomu úplně nerozumím. Odpověz prosím ano nebo ne, případně napiš, co změnit.",
    "too_many_attempts": "Tady si nerozumíme. Pomůže ti kolega.",
    "system_unavailable": "Promiň, náš systém právě neodpovídá. Postará se o to kolega.",
    "refused_by_system": "Podívá se na to kolega a ozve se ti tady.",
    "partly_done": "Povedla se jen část. Zbytek s tebou dokončí kolega.",
    "waits": "Jakmile bude něco nového, ozvu se ti tady.",
    "kept_for_later": "Náš systém teď neodpovídá. Požadavek mám, vyřídím ho, jakmile se systém ozve, a napíšu ti sem.",
    "kept_question": "Náš systém teď neodpovídá. Jakmile se ozve, budu tu pokračovat; nebo si řekni o člověka.",
    "kept_too_long": "Je mi líto, náš systém stále neodpovídá. Tvůj požadavek teď převezme kolega.",
    "maybe_done": "Nevím jistě, jestli už to neproběhlo. Kolega to ověří a dá ti vědět.",
    "waits_for_approval": "Nejdřív to musí schválit kolega. Dám ti tady vědět.",
    "not_here": "To vyřídit neumím, ale pomůže ti kolega.",
    "cannot_undo": "To už tu nejde vrátit zpět. Kolega ti poví, co se ještě dá dělat.",
    "text_wanted": "Napiš prosím pár slov.",
    "fields_missing": "Doplň prosím: {fields}.",
    "file_wanted": "Tady potřebuji fotku nebo dokument. Přilož ji prosím.",
    "file_kind": "Tento druh souboru nemohu použít. Pošli fotku nebo PDF.",
    "which_attribute": "Nejdřív prosím vyber: {attribute}.",
}
_GERMAN: Mapping[str, str] = {
    "ambiguous": "Mehrere passen dazu. Welche Möglichkeit meinst du?",
    "please_confirm": "Das war mir nicht ganz klar. Bitte antworte mit Ja oder Nein oder nenne die Änderung.",
    "too_many_attempts": "Das verstehe ich leider nicht richtig. Eine Kollegin oder ein Kollege hilft dir weiter.",
    "partly_done": "Nur ein Teil davon hat geklappt. Eine Kollegin oder ein Kollege bringt es mit dir zu Ende.",
    "cannot_undo": (
        "Das lässt sich hier nicht mehr rückgängig machen. Jemand von uns sagt dir gern, was noch möglich ist."
    ),
    "kept_for_later": "Unser System antwortet gerade nicht. Dein Anliegen ist vorgemerkt, ich melde mich hier.",
    "kept_question": (
        "Unser System antwortet nicht. Sobald es läuft, mache ich hier weiter; oder frag nach einem Menschen."
    ),
    "kept_too_long": "Leider antwortet unser System immer noch nicht. Jemand von uns kümmert sich jetzt darum.",
    "text_wanted": "Bitte schreib ein paar Worte.",
    "fields_missing": "Bitte ergänze: {fields}.",
    "file_wanted": "Hier brauche ich ein Foto oder ein Dokument. Bitte häng es an.",
    "which_attribute": "Bitte wähle zuerst: {attribute}.",
}
_RUSSIAN: Mapping[str, str] = {
    "ambiguous": "Подходит несколько вариантов. Какой ты имеешь в виду?",
    "please_confirm": "Мне не совсем понятно. Ответь, пожалуйста, да или нет или напиши, что изменить.",
    "too_many_attempts": "Мне не удаётся тебя понять. Тебе поможет коллега.",
    "system_unavailable": "Извини, наша система сейчас не отвечает. Этим займётся коллега.",
    "refused_by_system": "Коллега разберётся и напишет тебе здесь.",
    "partly_done": "Удалось сделать только часть. Остальное завершит с тобой коллега.",
    "kept_for_later": "Наша система не отвечает. Твой запрос сохранён: выполню его, как только она ответит, и напишу.",
    "kept_question": "Наша система не отвечает. Продолжу здесь, как только она ответит; или попроси позвать человека.",
    "kept_too_long": "К сожалению, наша система всё ещё не отвечает. Теперь твоим запросом займётся коллега.",
    "maybe_done": "Я не знаю точно, было ли это уже сделано. Коллега проверит и сообщит тебе.",
    "text_wanted": "Напиши, пожалуйста, пару слов.",
    "fields_missing": "Заполни, пожалуйста: {fields}.",
    "file_wanted": "Здесь нужна фотография или документ. Пожалуйста, прикрепи файл.",
    "which_attribute": "Сначала выбери: {attribute}.",
}
_CHINESE: Mapping[str, str] = {
    "ambiguous": "有好几项符合，你指的是哪一项？",
    "please_confirm": "我不太确定你的意思。请回答“是”或“否”，或告诉我要改什么。",
    "too_many_attempts": "抱歉，我没能弄明白，接下来由同事帮你处理。",
    "system_unavailable": "很抱歉，我们的系统暂时没有响应，将由同事为你处理。",
    "refused_by_system": "同事会查看并在这里回复你。",
    "partly_done": "只完成了一部分，其余将由同事与你一起处理。",
    "waits": "一有新消息，我会在这里通知你。",
    "waits_for_approval": "这需要先由同事批准，有结果我会在这里通知你。",
    "kept_for_later": "我们的系统暂时没有响应。你的请求已保存，系统恢复后会立即办理，并在这里通知你。",
    "kept_question": "我们的系统暂时没有响应，恢复后我会在这里继续；你也可以要求转人工。",
    "kept_too_long": "很抱歉，我们的系统仍未响应，现在由同事来处理你的请求。",
    "maybe_done": "我无法确定是否已经办理，同事会核实后通知你。",
    "cannot_undo": "这里已无法撤销，同事可以告诉你还能怎么做。",
    "not_here": "这个我无法办理，但同事可以帮你。",
}
INFORMAL_TEXTS: Mapping[str, Mapping[str, str]] = {
    "cs": _CZECH, "de": _GERMAN, "ru": _RUSSIAN, "zh": _CHINESE,
}  # fmt: skip
"""Language → name of a text → the text."""
