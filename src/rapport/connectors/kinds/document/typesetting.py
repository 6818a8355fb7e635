"""Sets a filled template as PDF; the same values always give the same bytes.

The only module here that needs the extra `documents`: it is imported when a document is made.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    HRFlowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.doctemplate import LayoutError

from rapport.connectors.contracts import JsonDict
from rapport.connectors.declared import InvalidArguments
from rapport.connectors.kinds.document.fonts import find_font, printable
from rapport.connectors.kinds.document.templates import Part, Template
from rapport.connectors.placeholders import Values, address_lines, fill_text, value_at
from rapport.kernel.languages import pick

MARGIN_MM, WIDTH_MM, PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 20.0, 170.0, 210.0, 297.0
MM = 72 / 25.4
FRAME_PADDING = 6
"""What the library leaves free inside of its frame [pt]."""
MIN_ADDRESS_LINES = 4
LABEL_SHARE = 0.38
INK, FAINT, RULE = "#1b1f24", "#5b636e", "#c9ced6"
FONT = "RapportDocument"
MAX_ROWS = 200
MAX_CODE_CHARS = 60
MAX_PARAGRAPH_CHARS, MAX_BREAKS = 4_000, 40
MAX_CELL_CHARS, CELL_CHARS_PER_MM = 300, 6
"""A row is never taller than a page."""
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document being set: its values, language and styles."""

    values: Values
    language: str
    glyphs: Any
    """Characters the font has."""
    styles: Mapping[str, Any]

    def paragraph(self, text: str, style: str = "text", width_mm: float = WIDTH_MM) -> Any:
        """A paragraph; never markup from outside."""
        first, *more = text[:MAX_PARAGRAPH_CHARS].split("\n", MAX_BREAKS)
        rest = [*more[:-1], " ".join(more[-1].split())] if len(more) == MAX_BREAKS else more
        shown = "<br/>".join(escape(printable(line, self.glyphs)) for line in [first, *rest])
        made = Paragraph(shown, self.styles[style])
        made.wrap(width_mm * MM, PAGE_HEIGHT_MM * MM)
        return made

    def cell(self, text: str, style: str, width_mm: float) -> Any:
        """A paragraph of bounded height: in a table, a field, or beside others."""
        limit = int(min(MAX_CELL_CHARS, CELL_CHARS_PER_MM * width_mm))
        words = " ".join(text[: MAX_CELL_CHARS * 4].split())
        short = words if len(words) <= limit else f"{words[:limit]}…"
        return self.paragraph(short or "\u00a0", style, width_mm)

    def say(self, words: Mapping[str, str], values: Values | None = None) -> str:
        """Words in the document's language, filled."""
        return fill_text(pick(words, self.language), values or self.values, self.language)


def typeset(template: Template, values: JsonDict, language: str) -> bytes:
    """The document as PDF. Raises InvalidArguments."""
    font = load_font()
    sheet = Sheet(values, language, font.face.charToGlyph, _styles(language))
    title = sheet.say(template.title)
    story = [sheet.paragraph(title, "title")]
    for part in template.parts:
        story += _set(part, sheet, WIDTH_MM)
    out = io.BytesIO()
    margin = MARGIN_MM * MM
    inner = margin - FRAME_PADDING
    document = SimpleDocTemplate(
        out, pagesize=(PAGE_WIDTH_MM * MM, PAGE_HEIGHT_MM * MM), invariant=1, lang=language, title=title,
        leftMargin=inner, rightMargin=inner, topMargin=inner, bottomMargin=inner, author="", creator="Rapport",
    )  # fmt: skip
    foot = printable(f"{title} · {values.get('number') or ''}".rstrip(" ·"), sheet.glyphs)

    def footer(canvas: Any, page: Any) -> None:
        canvas.setFont(FONT, 8)
        canvas.setFillColor(FAINT)
        canvas.drawString(margin, 11 * MM, foot)
        canvas.drawRightString((PAGE_WIDTH_MM - MARGIN_MM) * MM, 11 * MM, str(page.page))

    try:
        document.build(story, onFirstPage=footer, onLaterPages=footer)
    except LayoutError as problem:
        raise InvalidArguments("what is to be shown does not fit on a page") from problem
    return out.getvalue()


def load_font() -> Any:
    """The font of all documents, known to the library from the first one on."""
    with _lock:
        if FONT not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(FONT, str(find_font()), subfontIndex=0))
            pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=FONT, italic=FONT, boldItalic=FONT)
        return pdfmetrics.getFont(FONT)


def _styles(language: str) -> dict[str, Any]:
    wrap = "CJK" if language == "zh" else None

    def style(name: str, size: float, **more: Any) -> Any:
        return ParagraphStyle(
            name, fontName=FONT, fontSize=size, leading=size * 1.4, textColor=more.pop("color", INK),
            wordWrap=wrap, **more,
        )  # fmt: skip

    return {
        "title": style("title", 20, spaceAfter=12),
        "heading": style("heading", 12.5, spaceBefore=9, spaceAfter=4),
        "text": style("text", 10, spaceAfter=5),
        "line": style("line", 10),
        "number": style("number", 10, alignment=2),
        "small": style("small", 8, color=FAINT, spaceAfter=4),
        "label": style("label", 8, color=FAINT),
        "column": style("column", 8.5, color=FAINT),
        "column_number": style("column_number", 8.5, color=FAINT, alignment=2),
        "address": style("address", 11.5),
    }


def _set(part: Part, sheet: Sheet, width_mm: float) -> list[Any]:
    return _SETTERS[part.kind](part, sheet, width_mm)


def _words(part: Part, sheet: Sheet, width_mm: float) -> list[Any]:
    text = sheet.say(part.words)
    set_as = sheet.paragraph if width_mm == WIDTH_MM else sheet.cell
    return [set_as(text, part.kind, width_mm)] if text.strip() else []


def _address(part: Part, sheet: Sheet, width_mm: float) -> list[Any]:
    lines = address_lines(value_at(sheet.values, part.of))
    lines += ["\u00a0"] * (MIN_ADDRESS_LINES - len(lines))
    label = sheet.say(part.words)
    rows = [[sheet.paragraph(label, "label", width_mm)]] if label else []
    rows.append([sheet.paragraph("\n".join(lines), "address", width_mm)])
    return [_grid(rows, [width_mm], box=True)]


def _table(part: Part, sheet: Sheet, width_mm: float) -> list[Any]:
    rows = value_at(sheet.values, part.of)
    found = rows if isinstance(rows, list) else [rows] if isinstance(rows, dict) else []
    whole = sum(column.width for column in part.columns)
    widths = [width_mm * column.width / whole for column in part.columns]
    columns = list(zip(part.columns, widths, strict=True))
    cells = [[sheet.cell(sheet.say(c.title), f"column{'_number' * c.is_number}", w) for c, w in columns]]
    for row in found[:MAX_ROWS]:
        own = {**sheet.values, **(row if isinstance(row, dict) else {"title": row})}
        cells.append(
            [
                sheet.cell(fill_text(c.value, own, sheet.language), "number" if c.is_number else "line", w)
                for c, w in columns
            ]
        )  # fmt: skip
    return [_grid(cells, widths, rules=True)]


def _fields(part: Part, sheet: Sheet, width_mm: float) -> list[Any]:
    rows = [
        [
            sheet.cell(sheet.say(label), "label", width_mm * LABEL_SHARE),
            sheet.cell(
                fill_text(value, sheet.values, sheet.language),
                "line",
                width_mm * (1 - LABEL_SHARE),
            ),
        ]
        for label, value in part.entries
    ]
    return [_grid(rows, [width_mm * LABEL_SHARE, width_mm * (1 - LABEL_SHARE)], fields=True)]


def _choices(part: Part, sheet: Sheet, width_mm: float) -> list[Any]:
    chosen = value_at(sheet.values, part.of)
    named = {str(c) for c in (chosen if isinstance(chosen, list) else [chosen])}
    label = sheet.say(part.words)
    lines = [sheet.paragraph(label, "label", width_mm)] if label else []
    for words, value in part.entries:
        mark = "■" if value in named else "□"
        lines.append(sheet.paragraph(f"{mark}\u00a0\u00a0{sheet.say(words)}", "line", width_mm))
    return lines


def _barcode(part: Part, sheet: Sheet, width_mm: float) -> list[Any]:
    text = _code_text(part, sheet)
    if not text:
        return []
    bar = min(1.2, (width_mm - 14) * MM / (11 * (len(text) + 3)))
    code = Code128(text, barHeight=16 * MM, barWidth=bar, quiet=False, barFillColor=INK)
    return [_space(2), code, sheet.paragraph(text, "line", width_mm), _space(2)]


def _qr(part: Part, sheet: Sheet, width_mm: float) -> list[Any]:  # noqa: ARG001  # as every setter
    text = _code_text(part, sheet)
    if not text:
        return []
    size = 26 * MM
    drawing = Drawing(size, size)
    drawing.add(QrCodeWidget(text, barLevel="M", barWidth=size, barHeight=size))
    return [drawing]


def _code_text(part: Part, sheet: Sheet) -> str:
    text = fill_text(part.of, sheet.values, sheet.language)
    return "".join(c for c in text if c.isascii() and c.isprintable())[:MAX_CODE_CHARS].strip()


def _signature(part: Part, sheet: Sheet, width_mm: float) -> list[Any]:
    rule = HRFlowable(width=min(80.0, width_mm) * MM, thickness=0.6, color=INK, hAlign="LEFT")
    return [KeepTogether([_space(16), rule, sheet.paragraph(sheet.say(part.words), "label", width_mm)])]


def _beside(part: Part, sheet: Sheet, width_mm: float) -> list[Any]:
    each = width_mm / len(part.parts)
    cells = [_set(inner, sheet, each - 4) or [_space(1)] for inner in part.parts]
    return [_grid([cells], [each] * len(cells))]


def _line(part: Part, sheet: Sheet, width_mm: float) -> list[Any]:  # noqa: ARG001  # as every setter
    dash = (2, 2) if part.kind == "cut" else None
    return [HRFlowable(width="100%", thickness=0.6, color=FAINT, dash=dash, spaceBefore=8, spaceAfter=8)]


def _blank(part: Part, sheet: Sheet, width_mm: float) -> list[Any]:  # noqa: ARG001  # as every setter
    return [_space(6)]


def _space(height_mm: float) -> Any:
    return Spacer(1, height_mm * MM)


def _grid(rows: list[list[Any]], widths_mm: list[float], **look: bool) -> Any:
    """Cells in rows: boxed, ruled below each row, or a form's lines; else bare."""
    made = Table(
        rows, colWidths=[w * MM for w in widths_mm], hAlign="LEFT", repeatRows=1 if look.get("rules") else 0
    )
    commands: list[tuple[Any, ...]] = [("VALIGN", (0, 0), (-1, -1), "TOP")]
    if look.get("box"):
        commands += [("BOX", (0, 0), (-1, -1), 0.6, RULE), ("LEFTPADDING", (0, 0), (-1, -1), 8)]
        commands += [("BOTTOMPADDING", (0, -1), (-1, -1), 8), ("TOPPADDING", (0, 0), (-1, 0), 6)]
    elif look.get("rules"):
        commands += [("LINEBELOW", (0, 0), (-1, -1), 0.5, RULE), ("LEFTPADDING", (0, 0), (0, -1), 0)]
    elif look.get("fields"):
        commands += [("LINEBELOW", (1, 0), (1, -1), 0.5, RULE), ("LEFTPADDING", (0, 0), (0, -1), 0)]
        commands += [("VALIGN", (0, 0), (-1, -1), "BOTTOM")]
    else:
        commands += [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 4 * MM)]
    made.setStyle(TableStyle(commands))
    made.spaceBefore, made.spaceAfter = 4, 6
    return made


_SETTERS: dict[str, Callable[[Part, Sheet, float], list[Any]]] = {
    "heading": _words,
    "text": _words,
    "small": _words,
    "address": _address,
    "table": _table,
    "fields": _fields,
    "choices": _choices,
    "barcode": _barcode,
    "qr": _qr,
    "signature": _signature,
    "beside": _beside,
    "line": _line,
    "cut": _line,
    "space": _blank,
}
