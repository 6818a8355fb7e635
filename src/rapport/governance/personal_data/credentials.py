"""Passwords, tokens, keys and one-time codes: what opens a door, told by the word before it or by its form."""

# ruff: noqa: E501 - forms and telling words of six languages read better in one line
from __future__ import annotations

import re
from collections.abc import Iterator

from rapport.governance.personal_data.spans import PersonalKind, PersonalSpan

_WORDS = (
    r"pass(?:word|wd|phrase|code)s?|pwd|pin(?: ?code)?|secret|api[_\- ]?key|access[_\- ]?(?:key|token)|auth(?:entication|orization)?[_\- ]?(?:code|token)|"
    r"token|one[\- ]time (?:code|password|pin)|otp|verification code|security code|confirmation code|cvv2?|cvc2?|csc|login code|"
    r"heslo|heslem|kód|ověřovací kód|passwort|kennwort|zugangscode|bestätigungscode|verifizierungscode|sicherheitscode|"
    r"contraseña|clave|código(?: de (?:verificación|seguridad|acceso))?|пароль|пин-?код|код(?: подтверждения| из смс| доступа)?|密码|验证码|口令|动态码"
)
_TOLD = re.compile(
    rf"(?i)(?<![^\W_])({_WORDS})(?![^\W\d_])(\s*(?:[:=：]|\bis\b|\bje\b|\bist\b|\blautet\b|\bes\b|\bwas\b|это|是|为|[-–—])\s*|\s+)[\"'“„«]?([^\s\"'”“»,;，。]{{3,200}})"
)
_CLEAR = re.compile(r"(?i)[:=：]|\bis\b|\bje\b|\bist\b|\blautet\b|\bes\b|\bwas\b|это|是|为|[-–—]")
_BEARER = re.compile(r"(?i)\b(?:bearer|basic)\s+([A-Za-z0-9._~+/\-]{8,4000}={0,2})")
_KEYS = re.compile(
    r"(?<![A-Za-z0-9_\-])(?:sk|pk|rk|ghp|gho|ghs|glpat|xox[abprs]|hf|whsec)[_\-][A-Za-z0-9_\-]{16,200}|(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9_\-.])eyJ[A-Za-z0-9_\-]{8,4000}\.[A-Za-z0-9_\-]{4,4000}\.[A-Za-z0-9_\-]{0,4000}"
)
_CREDENTIALS_IN_URL = re.compile(r"(?i)\b[a-z][a-z0-9+.\-]{1,15}://[^\s/:@]{1,64}:([^\s/@]{1,128})@")
_ONLY_CODE = re.compile(r"(?i)(?:pin|code|kód|código|код|otp|cvv2?|cvc2?|csc|验证码|动态码)")
_LEAD = re.compile(
    r"(?i)\b(?:secret|token|password|passwort|heslo|contraseña|clave|пароль|bearer|pin|key)", re.UNICODE
)


def find_credentials(text: str) -> Iterator[PersonalSpan]:
    """Spans of secret values, without the word that announces them."""
    for match in _TOLD.finditer(text):
        word, link, value = match[1], match[2], match[3].rstrip(".!?)]")
        is_clear = bool(_CLEAR.search(link))
        if not _is_secret(
            word, value, is_clear=is_clear, is_assigned=":" in link or "=" in link or "：" in link
        ):
            continue
        start = match.start(3)
        yield PersonalSpan(start, start + len(value), PersonalKind.SECRET, value, 0.9, "secret")
    for pattern, rule in ((_BEARER, "bearer"), (_CREDENTIALS_IN_URL, "url_password")):
        for match in pattern.finditer(text):
            if rule != "bearer" or _looks_random(match[1]):
                yield PersonalSpan(*match.span(1), PersonalKind.SECRET, match[1], 0.99, rule)
    for match in _KEYS.finditer(text):
        yield PersonalSpan(*match.span(), PersonalKind.SECRET, match[0], 0.99, "key")


def _is_secret(word: str, value: str, *, is_clear: bool, is_assigned: bool) -> bool:
    """Whether a value after a telling word is one: codes are digits; passwords mix characters or follow a colon."""
    digits = sum(c.isdigit() for c in value)
    if _ONLY_CODE.search(word) and not _ONLY_CODE.fullmatch("password"):
        return 3 <= digits <= 10 and digits >= len(value) - 3 and (is_clear or digits >= 4)
    if is_assigned and len(value) >= 4:
        return True
    return (
        len(value) >= 6 and _looks_random(value) if not is_clear else len(value) >= 5 and _looks_random(value)
    )


def _looks_random(value: str) -> bool:
    has_digit = any(c.isdigit() for c in value)
    has_letter = any(c.isalpha() for c in value)
    has_sign = any(not c.isalnum() for c in value[:-1])
    return (
        (has_digit and has_letter) or (has_sign and has_letter and value.lower() != value) or len(value) >= 24
    )
