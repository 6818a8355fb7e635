"""What search and chat need of an article's Markdown: its paragraphs, and plain text."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^(```|~~~).*$", re.MULTILINE)
LINK = re.compile(r"!?\[([^\]\[]{0,500})\]\(([^)\s]{0,1000})(?:\s[^)]{0,300})?\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![\w*])[*_](?=\S)(.+?)(?<=\S)[*_](?![\w*])")
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
_BULLET = re.compile(r"^\s*[-*+]\s+", re.MULTILINE)
_QUOTE = re.compile(r"^\s*>\s?", re.MULTILINE)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])")
_ITEM = re.compile(r"\s*([-*+]|\d+[.)])\s+")
_SHORT_LEAD = 60
"""A paragraph this short that ends with a colon introduces the next one and belongs to it."""


def paragraphs(body: str) -> list[str]:
    """The body's paragraphs as plain text; a list, and a heading, stay with the text that introduces them."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n", body.replace("\r\n", "\n").strip()):
        if not block.strip():
            continue
        if found and (_ITEM.match(block) or _is_lead(found[-1])):
            found[-1] += "\n" + block.strip("\n")
        else:
            found.append(block.strip("\n"))
    return [text for text in map(plain, found) if text]


def _is_lead(block: str) -> bool:
    last = block.strip().splitlines()[-1]
    return last.startswith("#") or (len(block) <= _SHORT_LEAD and block.rstrip("* ").endswith((":", "：")))


def plain(markdown: str) -> str:
    """Text without marks; lists keep their lines, links their words and addresses."""
    text = _FENCE.sub("", markdown)
    text = LINK.sub(lambda m: m[1] if not m[2] or m[1] == m[2] else f"{m[1]} ({m[2]})", text)
    text = _HEADING.sub(r"\1", _QUOTE.sub("", text))
    text = _BULLET.sub("• ", text)
    text = _EMPHASIS.sub(r"\1", _STRONG.sub(r"\2", text)).replace("`", "")
    return _ESCAPE.sub(r"\1", text).strip()
