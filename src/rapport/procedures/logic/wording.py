"""What the interpreter itself says, in every supported language."""

from __future__ import annotations

from collections.abc import Mapping

from rapport.kernel.languages import LANGUAGES, pick
from rapport.procedures.logic.informal_wording import INFORMAL_TEXTS
from rapport.procedures.logic.step_wording import STEP_TEXTS
from rapport.procedures.logic.tone import INFORMAL

_TEXTS: Mapping[str, tuple[str, str, str, str, str, str]] = {
    "yes": ("Yes", "Ano", "Ja", "Sí", "Да", "是"),
    "no": ("No", "Ne", "Nein", "No", "Нет", "否"),
    "skip": ("Skip", "Přeskočit", "Überspringen", "Omitir", "Пропустить", "跳过"),
    "stop": (
        "Nothing, stop here",
        "Nic, skončit",
        "Nichts, hier aufhören",
        "Nada, dejarlo aquí",
        "Ничего, остановиться",
        "不改了，到此为止",
    ),
    "not_found": (
        "I couldn't find that among the choices.",
        "To mezi možnostmi nevidím.",
        "Das finde ich nicht in der Auswahl.",
        "No lo encuentro entre las opciones.",
        "Такого варианта я не нахожу.",
        "在选项里没有找到这一项。",
    ),
    "ambiguous": (
        "More than one fits. Which one do you mean?",
        "Hodí se jich víc. Kterou možnost myslíte?",
        "Mehrere passen dazu. Welche Möglichkeit meinen Sie?",
        "Hay varias que encajan. ¿A cuál te refieres?",
        "Подходит несколько вариантов. Какой вы имеете в виду?",
        "有好几项符合，您指的是哪一项？",
    ),
    "not_possible": (
        "That one isn't possible here.",
        "Tahle možnost tady není dostupná.",
        "Das geht hier leider nicht.",
        "Esa opción no es posible aquí.",
        "Этот вариант здесь недоступен.",
        "这一项在这里无法选择。",
    ),
    "nothing_to_choose": (
        "There is nothing to choose from here, so I can't go on with this.",
        "Není tu z čeho vybírat, takže v tom nemohu pokračovat.",
        "Hier gibt es nichts auszuwählen, deshalb kann ich damit nicht weitermachen.",
        "Aquí no hay nada que elegir, así que no puedo continuar con esto.",
        "Здесь не из чего выбирать, поэтому продолжить не получится.",
        "这里没有可选的内容，无法继续。",
    ),
    "cancelled": (
        "All right, I've stopped. Nothing was changed.",
        "Dobře, končím. Nic se nezměnilo.",
        "In Ordnung, ich habe abgebrochen. Es wurde nichts geändert.",
        "De acuerdo, lo dejo aquí. No se ha cambiado nada.",
        "Хорошо, останавливаюсь. Ничего не изменено.",
        "好的，已停止，没有做任何更改。",
    ),
    "change_what": (
        "What should I change?",
        "Co mám změnit?",
        "Was soll ich ändern?",
        "¿Qué quieres que cambie?",
        "Что изменить?",
        "需要修改哪一项？",
    ),
    "please_confirm": (
        "I'm not sure I understood. Please answer yes or no, or tell me what to change.",
        "Tomu úplně nerozumím. Odpovězte prosím ano nebo ne, případně napište, co změnit.",
        "Das war mir nicht ganz klar. Bitte antworten Sie mit Ja oder Nein oder nennen Sie die Änderung.",
        "No lo he entendido del todo. Responde sí o no, o dime qué cambiar.",
        "Мне не совсем понятно. Ответьте, пожалуйста, да или нет или напишите, что изменить.",
        "我不太确定您的意思。请回答“是”或“否”，或告诉我要改什么。",
    ),
    "shall_i": (
        "Shall I do this?",
        "Mám to udělat?",
        "Soll ich das so machen?",
        "¿Lo hago así?",
        "Выполнить?",
        "需要我这样办理吗？",
    ),
    "done": ("Done.", "Hotovo.", "Erledigt.", "Hecho.", "Готово.", "已完成。"),
    "queued": (
        "I'll come to “{title}” right after this.",
        "K „{title}“ se dostaneme hned potom.",
        "Zu „{title}“ kommen wir gleich danach.",
        "Después de esto seguimos con «{title}».",
        "Сразу после этого займёмся: «{title}».",
        "办完这件事后，马上处理“{title}”。",
    ),
    "resumed": (
        "Back to “{title}”.",
        "Zpět k „{title}“.",
        "Zurück zu „{title}“.",
        "Volvamos a «{title}».",
        "Вернёмся к «{title}».",
        "我们回到“{title}”。",
    ),
    "next": (
        "Now to “{title}”.",
        "Teď k „{title}“.",
        "Nun zu „{title}“.",
        "Ahora, «{title}».",
        "Теперь «{title}».",
        "接下来处理“{title}”。",
    ),
    "too_many_attempts": (
        "I'm not getting this right. A colleague will help you.",
        "Tady si nerozumíme. Pomůže vám kolega.",
        "Das verstehe ich leider nicht richtig. Eine Kollegin oder ein Kollege hilft Ihnen weiter.",
        "No consigo entenderlo bien. Te ayudará un compañero.",
        "Мне не удаётся вас понять. Вам поможет коллега.",
        "抱歉，我没能弄明白，接下来由同事帮您处理。",
    ),
    "system_unavailable": (
        "I'm sorry, our system isn't answering right now. A colleague will take care of this for you.",
        "Omlouvám se, náš systém právě neodpovídá. Postará se o to kolega.",
        "Leider antwortet unser System gerade nicht. Eine Kollegin oder ein Kollege kümmert sich darum.",
        "Lo siento, nuestro sistema no responde en este momento. Un compañero se encargará.",
        "Извините, наша система сейчас не отвечает. Этим займётся коллега.",
        "很抱歉，我们的系统暂时没有响应，将由同事为您处理。",
    ),
    "rule_error": (
        "I can't check this reliably myself, so a colleague will take a look.",
        "Tohle neumím spolehlivě ověřit, podívá se na to kolega.",
        "Das kann ich nicht sicher prüfen, deshalb sieht es sich eine Kollegin oder ein Kollege an.",
        "No puedo comprobarlo con seguridad, así que lo revisará un compañero.",
        "Я не могу надёжно это проверить, поэтому посмотрит коллега.",
        "这一点我无法可靠核实，将由同事来查看。",
    ),
    "action_failed": (
        "Unfortunately that wasn't possible.",
        "To se bohužel nepodařilo.",
        "Das war leider nicht möglich.",
        "Lamentablemente no ha sido posible.",
        "К сожалению, это не удалось.",
        "很抱歉，未能完成。",
    ),
    "refused_by_system": (
        "A colleague will look at it and get back to you here.",
        "Podívá se na to kolega a ozve se vám tady.",
        "Eine Kollegin oder ein Kollege sieht es sich an und meldet sich hier.",
        "Un compañero lo revisará y te responderá aquí.",
        "Коллега разберётся и напишет вам здесь.",
        "同事会查看并在这里回复您。",
    ),
    "partly_done": (
        "Only a part of this could be done. A colleague will finish it with you.",
        "Povedla se jen část. Zbytek s vámi dokončí kolega.",
        "Nur ein Teil davon hat geklappt. Eine Kollegin oder ein Kollege bringt es mit Ihnen zu Ende.",
        "Solo se ha podido hacer una parte. Un compañero lo terminará contigo.",
        "Удалось сделать только часть. Остальное завершит с вами коллега.",
        "只完成了一部分，其余将由同事与您一起处理。",
    ),
    "not_here": (
        "I can't do that myself, but a colleague can help.",
        "To vyřídit neumím, ale pomůže vám kolega.",
        "Das kann ich nicht selbst, aber eine Kollegin oder ein Kollege hilft gern.",
        "Yo no puedo hacerlo, pero un compañero te ayudará.",
        "Этого я сделать не могу, но поможет коллега.",
        "这个我无法办理，但同事可以帮您。",
    ),
    "number_wanted": (
        "I need a number here.",
        "Tady potřebuji číslo.",
        "Hier brauche ich eine Zahl.",
        "Aquí necesito un número.",
        "Здесь нужно число.",
        "这里需要填写数字。",
    ),
    "date_wanted": (
        "I need a date here, for example 2026-05-31.",
        "Tady potřebuji datum, například 31. 5. 2026.",
        "Hier brauche ich ein Datum, zum Beispiel 31.5.2026.",
        "Aquí necesito una fecha, por ejemplo 31/5/2026.",
        "Здесь нужна дата, например 31.05.2026.",
        "这里需要填写日期，例如 2026-05-31。",
    ),
    "email_wanted": (
        "That doesn't look like an e-mail address.",
        "To nevypadá jako e-mailová adresa.",
        "Das sieht nicht wie eine E-Mail-Adresse aus.",
        "Eso no parece una dirección de correo.",
        "Это не похоже на адрес электронной почты.",
        "这看起来不像电子邮件地址。",
    ),
    "money_wanted": (
        "I need an amount here, for example 49.90.",
        "Tady potřebuji částku, například 49,90.",
        "Hier brauche ich einen Betrag, zum Beispiel 49,90.",
        "Aquí necesito un importe, por ejemplo 49,90.",
        "Здесь нужна сумма, например 49,90.",
        "这里需要填写金额，例如 49.90。",
    ),
    "file_wanted": (
        "I need a photo or a document here. Please attach it.",
        "Tady potřebuji fotku nebo dokument. Přiložte ji prosím.",
        "Hier brauche ich ein Foto oder ein Dokument. Bitte hängen Sie es an.",
        "Aquí necesito una foto o un documento. Adjúntalo, por favor.",
        "Здесь нужна фотография или документ. Пожалуйста, прикрепите файл.",
        "这里需要照片或文件，请添加附件。",
    ),
    "image_only": (
        "That is not a picture. I need a photo here.",
        "To není obrázek. Tady potřebuji fotku.",
        "Das ist kein Bild. Hier brauche ich ein Foto.",
        "Eso no es una imagen. Aquí necesito una foto.",
        "Это не изображение. Здесь нужна фотография.",
        "这不是图片，这里需要照片。",
    ),
    "pdf_only": (
        "That is not a PDF. I need the document as a PDF here.",
        "To není PDF. Tady potřebuji dokument jako PDF.",
        "Das ist kein PDF. Hier brauche ich das Dokument als PDF.",
        "Eso no es un PDF. Aquí necesito el documento en PDF.",
        "Это не PDF. Здесь нужен документ в формате PDF.",
        "这不是 PDF，这里需要 PDF 格式的文件。",
    ),
    "file_kind": (
        "I can't use that kind of file. A photo or a PDF will do.",
        "Tento druh souboru nemohu použít. Pošlete fotku nebo PDF.",
        "Mit dieser Art Datei kann ich nichts anfangen. Ein Foto oder ein PDF geht.",
        "No puedo usar ese tipo de archivo. Sirve una foto o un PDF.",
        "Такой файл не подойдёт. Подойдёт фотография или PDF.",
        "无法使用这种文件，照片或 PDF 均可。",
    ),
    "customer_wanted": (
        "I don't find this customer. Try a name, an e-mail address or a number.",
        "Takového zákazníka nenacházím. Hledat lze podle jména, e-mailu nebo čísla.",
        "Ich finde diese Kundin oder diesen Kunden nicht. Möglich sind Name, E-Mail-Adresse oder Nummer.",
        "No encuentro a ese cliente. Prueba con un nombre, un correo o un número.",
        "Такого клиента не нахожу. Искать можно по имени, адресу почты или номеру.",
        "找不到这位客户，可以按姓名、邮箱或编号查找。",
    ),
    "which_attribute": (
        "Please choose first: {attribute}.",
        "Nejdřív prosím vyberte: {attribute}.",
        "Bitte wählen Sie zuerst: {attribute}.",
        "Elige primero: {attribute}.",
        "Сначала выберите: {attribute}.",
        "请先选择：{attribute}。",
    ),
    "text_wanted": (
        "Please write a few words.",
        "Napište prosím pár slov.",
        "Bitte schreiben Sie ein paar Worte.",
        "Escribe unas palabras, por favor.",
        "Напишите, пожалуйста, пару слов.",
        "请写几句话。",
    ),
    "fields_missing": (
        "Please fill in: {fields}.",
        "Doplňte prosím: {fields}.",
        "Bitte ergänzen Sie: {fields}.",
        "Completa, por favor: {fields}.",
        "Заполните, пожалуйста: {fields}.",
        "请填写：{fields}。",
    ),
    "address1": (
        "Street and number",
        "Ulice a číslo",
        "Straße und Hausnummer",
        "Calle y número",
        "Улица и дом",
        "街道地址",
    ),
    "address2": (
        "Flat, floor (optional)",
        "Byt, patro (nepovinné)",
        "Adresszusatz (optional)",
        "Piso, puerta (opcional)",
        "Квартира (необязательно)",
        "楼层、房号（选填）",
    ),
    "city": ("City", "Město", "Ort", "Ciudad", "Город", "城市"),
    "state": (
        "State or region (optional)",
        "Kraj (nepovinné)",
        "Bundesland (optional)",
        "Provincia (opcional)",
        "Регион (необязательно)",
        "省/州（选填）",
    ),
    "country": ("Country", "Země", "Land", "País", "Страна", "国家"),
    "zip": ("Postal code", "PSČ", "Postleitzahl", "Código postal", "Индекс", "邮政编码"),
    **STEP_TEXTS,
}

_YES_NO_ALIASES = {
    "yes": ("yes", "yeah", "ano", "jo", "ja", "sí", "si", "да", "是", "是的", "对"),
    "no": ("no", "nope", "ne", "nein", "нет", "не", "否", "不", "不是"),
}


def say(key: str, language: str, *, tone: str = "formal", **values: str) -> str:
    """A text of the house in a language and tone; `values` fill its places literally."""
    informal = INFORMAL_TEXTS.get(language, {}).get(key) if tone == INFORMAL else None
    text = informal or pick(dict(zip(LANGUAGES, _TEXTS[key], strict=True)), language)
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def aliases(key: str) -> tuple[str, ...]:
    """Other words for yes and no, in every language."""
    return _YES_NO_ALIASES[key]


def keys() -> tuple[str, ...]:
    """Names of all texts."""
    return tuple(_TEXTS)
