"""What a customer newly wrote in a mail: without quoted mails, headers of forwarded ones and signatures.

Line by line and bounded. Where nothing would be left (a mail that only forwards), the text stays as it is.
"""

from __future__ import annotations

import re
from itertools import islice

_CLIP = 60_000
_HEAD = 300
"""Characters of a line that tell what it is."""
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_QUOTED = re.compile(r"^\s{0,3}(?:>|&gt;|\|\s)")
_WROTE = (
    r"wrote|writes|schrieb|geschrieben|napsal(?:\(a\)|a)?|escribió|escribio|написал(?:\(а\)|а)?|пишет|写道|a écrit|ha scritto|escreveu|schreef|skrev"
    r"|napisał(?:\(a\)|a)?|kirjoitti|написа|yazdı|пише"
)
_TOLD = re.compile(rf"(?:{_WROTE})(?=[^\n:：]{{0,80}}[:：]\s*$)", re.IGNORECASE)
"""The word at which a line ends that introduces a quotation."""
_BEFORE_TOLD = re.compile(
    r"\s{0,8}+>?\s{0,8}+(?:(?:On|Am|Dne|El|Le|Il|Em|Op|Den|W dniu|Në|Вт|Пн|Ср|Чт|Пт|Сб|Вс)\b.{0,300}+|.{0,120}?\d{1,4}.{0,160}+|.{0,80}?<[^<>\s]{1,80}@[^<>\s]{1,80}>.{0,40}+)\s?"
    r"|\s{0,8}>?\s{0,8}[^\n:]{2,60}\s?",
    re.IGNORECASE,
)
"""What stands before it: a date, a mailbox, a short name. Nothing is tried twice, however long a line is."""
_DATED = re.compile(
    r"^(?=.*(?:\d{4}|\d{1,2}[:.]\d{2})).{4,200}<\s?[^<>\s]{1,80}@[^<>\s]{1,80}\s?>[^\n]{0,12}[:：]?\s*$"
    r"|^\s*\d{4}-\d\d-\d\d \d{1,2}:\d\d (?:GMT|UTC)\S{0,7} \S.{0,80}$"
)
"""A date or time and a mailbox by themselves: the line some programs put before a quotation."""
_LEAD_START = re.compile(
    r"^\s*(?:On|Am|Dne|El|Le|Il|Em|Op)\s.{0,40}\d{1,4}.{0,200}$|^\s*(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}).{0,160}<[^<>]{3,80}>.{0,40}$|^\s*\w{2,9}[.,]?\s\d{1,2}\.?\s\w{3,10}\.?\s\d{4}.{0,160}$|^.{0,60}(?:在|于)\s?\d{4}.{0,80}$"
)
_FROM = re.compile(
    r"^\s*[*_]{0,2}(?:From|Von|Od|De|Da|Van|От|От кого|发件人|寄件者|Fra|Från|Lähettäjä)[*_]{0,2}\s?[:：]\s?[*_]{0,2}\s?\S",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^\s*[*_]{0,2}(?:Sent|Date|To|Cc|Subject|Reply-To|Gesendet|Datum|An|Betreff|Odesláno|Komu|Kopie|Předmět|Enviado(?: el)?|Para|Asunto|Fecha|CC|Отправлено|Дата|Кому|Тема|Копия"
    r"|发送时间|日期|收件人|主题|抄送|Envoyé(?: le)?|À|Objet|Inviato|A|Oggetto|Data|Verzonden|Aan|Onderwerp|Assunto|Date)[*_]{0,2}\s?[:：]",
    re.IGNORECASE,
)
_DIVIDER = re.compile(
    r"^\s*(?:-{2,}\s?(?:Original|Forwarded|Reply|Původní|Předaná|Přeposlaná|Ursprüngliche|Weitergeleitete|Mensaje|Исходное|Пересылаемое|Оригинал|原始|转发|Message|Messaggio)[^\n]{0,60}|-{4,}\s?\w[\w ]{3,40}\s?-{4,}\s*$|={4,}\s*$"
    r"|Begin forwarded message:|Anfang der weitergeleiteten|_{10,}\s*$|-{20,}\s*$|(?:#{2,}|={3,}|-{3,})\s?(?:reply above|please reply above|type your reply|napište odpověď nad|antworten sie oberhalb)[^\n]{0,60}"
    r"|[^\n]{0,20}(?:reply above this line|Please type your reply above)[^\n]{0,40})",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^\s{0,2}(?:--|—|__|-- |- -)\s*$|^\s*--\s?(?:=20)?$")
_SENT_FROM = re.compile(
    r"^\s*[*_]{0,2}(?:Sent (?:from|with|via)|Get Outlook|Gesendet von|Von meinem \w+ gesendet|Diese Nachricht wurde von|Odesláno z|Enviado desde|Enviado de mi|Отправлено (?:с|из)|发自|来自我的|从我的\S+发送|Envoyé (?:de|à partir)|Inviato da|Verstuurd vanaf|Sendt fra|Skickat från|Wysłane z)",
    re.IGNORECASE,
)
_LONE_NAME = re.compile(r"^-[A-ZÀ-ž][\w.]{1,20}(?:\s[A-ZÀ-ž][\w.]{1,20}){0,2}\s*$")
_DISCLAIMER = re.compile(
    r"^\s*(?:disclaimer\b|confidentiality notice|this (?:e-?mail|message)(?: and any)? .{0,80}(?:confidential|intended)|diese e-mail .{0,60}vertraulich|tento e-?mail .{0,60}důvěrn|este (?:correo|mensaje) .{0,60}confidencial)",
    re.IGNORECASE,
)


def strip_quotes(text: str) -> str:
    """The newly written part of a mail; the text itself where no quotation or signature is found."""
    lines = text[:_CLIP].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    heads = [line[:_HEAD] for line in lines]
    end = _end_of_reply(heads)
    kept = _without_quoted(lines[:end], heads[:end])
    stripped = "\n".join(kept).strip()
    return stripped or text.strip()


def _end_of_reply(lines: list[str]) -> int:
    """Index of the first line of what is not the reply: a header of the quoted mail, a divider, a signature."""
    is_code, has_words = False, False
    answered = _answered(lines)
    for i, line in enumerate(lines):
        if _FENCE.match(line):
            is_code = not is_code
        if is_code or not line.strip():
            continue
        if has_words and (
            _is_lead(lines, i, answered)
            or _is_header(lines, i)
            or (_DIVIDER.match(line) and _divides(lines, i))
            or _SIGNATURE.match(line)
            or _SENT_FROM.match(line)
            or _DISCLAIMER.match(line)
            or (_LONE_NAME.match(line) and not any(rest.strip() for rest in lines[i + 1 : i + 2]))
        ):
            return i
        is_frame = _QUOTED.match(line) or _DIVIDER.match(line) or _FROM.match(line) or _HEADER.match(line)
        has_words = has_words or not is_frame
    return len(lines)


def _is_lead(lines: list[str], i: int, answered: list[bool]) -> bool:
    """A line as "On … wrote:", also broken over two or three lines, where nothing newly written follows the quotation."""
    for length in (1, 2, 3):
        joined = " ".join(line.strip() for line in lines[i : i + length])
        if len(joined) > 500 or (length > 1 and not _LEAD_START.match(lines[i])):
            return False
        if _is_introduction(joined) or _DATED.match(joined):
            return not _answers_below(lines, min(i + length, len(lines)), answered)
    return False


def _is_introduction(line: str) -> bool:
    """Whether a line introduces a quotation, as "On … wrote:"."""
    told = islice(_TOLD.finditer(line), 4)
    return any(_BEFORE_TOLD.fullmatch(line, 0, found.start()) for found in told)


def _answers_below(lines: list[str], start: int, answered: list[bool]) -> bool:
    """Whether the quotation that begins here is marked and new lines follow it (answers in between or below)."""
    first = next((line for line in islice(lines, start, None) if line.strip()), "")
    return bool(_QUOTED.match(first)) and answered[start]


def _answered(lines: list[str]) -> list[bool]:
    """For every line whether, from there on, a gap is followed by newly written lines; from the end, each once."""
    found = [False] * (len(lines) + 1)
    after_gap = False
    for i in range(len(lines) - 1, -1, -1):
        line = lines[i]
        if not line.strip():
            found[i] = after_gap
        elif _SIGNATURE.match(line) or _SENT_FROM.match(line) or _DIVIDER.match(line):
            after_gap = False
        else:
            found[i] = found[i + 1]
            after_gap = found[i] or not (_QUOTED.match(line) or _is_introduction(line))
    return found


def _is_header(lines: list[str], i: int) -> bool:
    """A block of mail headers: a sender's line with another header within the next lines."""
    if not _FROM.match(lines[i]):
        return False
    return any(_HEADER.match(line) for line in lines[i + 1 : i + 5])


def _divides(lines: list[str], i: int) -> bool:
    """Whether a line of signs stands before headers; wordy dividers always do."""
    if re.search(r"[^\W_]", lines[i]):
        return True
    return any(_FROM.match(line) for line in lines[i + 1 : i + 5])


def _without_quoted(lines: list[str], heads: list[str]) -> list[str]:
    """Lines that are not quoted, without the introductions of the quotations that are dropped."""
    kept: list[str] = []
    is_code = False
    for i, line in enumerate(heads):
        if _FENCE.match(line):
            is_code = not is_code
        if not is_code and _QUOTED.match(line):
            continue
        next_line = next((rest for rest in heads[i + 1 : i + 3] if rest.strip()), "")
        if not is_code and _is_introduction(line) and _QUOTED.match(next_line):
            continue
        kept.append(lines[i])
    return kept
