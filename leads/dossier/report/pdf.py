"""The report as PDF, with page numbers and fonts of its own, the same bytes each time.

Latin, Greek and Cyrillic are printed. Scripts that are written from right to left or that join their letters,
and those of which no font is shipped, are shown by the numbers of their characters; in the HTML they are as
they came.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from io import BytesIO
from textwrap import wrap
from typing import Any

from pymupdf_fonts import CascadiaMono_Regular, NotoSans_Bold, NotoSans_Regular
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, SimpleDocTemplate, Spacer, TableStyle
from reportlab.platypus import Paragraph as Flowing
from reportlab.platypus import Table as Grid

from leads.dossier.report.blocks import (
    Block,
    Document,
    Facts,
    Files,
    Heading,
    Notice,
    Paragraph,
    Points,
    Quote,
    Table,
)
from leads.dossier.report.text import name_characters, shortened, visible

# Streams as bytes and not as letters: smaller, and sooner done.
rl_config.useA85 = 0

PLAIN, BOLD, MONO = "Dossier", "DossierBold", "DossierMono"
FONT_FILES = {PLAIN: NotoSans_Regular, BOLD: NotoSans_Bold, MONO: CascadiaMono_Regular}
INK, GREY, LINE, RED, PALE_RED, PALE = map(
    HexColor, ("#1a1d21", "#555b63", "#d5d9de", "#a32020", "#fdf0ef", "#f5f6f8")
)
# Of the page, and of the frame that ReportLab lays text in.
MARGIN, FRAME = 18 * mm, 6
LEFT, WIDTH = MARGIN + FRAME, A4[0] - 2 * (MARGIN + FRAME)
# The last character before scripts that need more than one glyph after the other, and what lies beyond them.
LAST_PLAIN, BEYOND = 0x058F, (0x1D00, 0x2BFF)
# A cell or quotation on paper; a longer one is in the files.
LONGEST_CELL, LONGEST_QUOTE = 2_500, 4_000
CELL_SIZE, QUOTE_SIZE, GAP = 8.8, 7.6, 6
# For textwrap: all blanks stay.
AS_IT_STANDS: dict[str, Any] = {
    "drop_whitespace": False,
    "replace_whitespace": False,
    "break_on_hyphens": False,
}
# A heading does not stand alone at the end of a page.
KEPT_TOGETHER = 22 * mm

BODY = ParagraphStyle(
    "body", fontName=PLAIN, fontSize=9.5, leading=13.5, textColor=INK, spaceAfter=4, splitLongWords=1
)
STYLES = {
    "title": ParagraphStyle("title", BODY, fontName=BOLD, fontSize=19, leading=24),
    "part": ParagraphStyle(
        "part", BODY, fontName=BOLD, fontSize=13, leading=17, spaceBefore=14
    ),
    "heading": ParagraphStyle("heading", BODY, fontName=BOLD, spaceBefore=7),
    "muted": ParagraphStyle("muted", BODY, fontSize=8.5, leading=11.5, textColor=GREY),
    "label": ParagraphStyle("label", BODY, fontSize=CELL_SIZE, leading=12, textColor=GREY, spaceAfter=0),
    "cell": ParagraphStyle("cell", BODY, fontSize=CELL_SIZE, leading=12, spaceAfter=0),
    "point": ParagraphStyle("point", BODY, leftIndent=10, bulletIndent=0),
    "notice": ParagraphStyle(
        "notice", BODY, fontName=BOLD, borderColor=RED, borderWidth=1.2, borderPadding=6, backColor=PALE_RED,
        spaceBefore=8, spaceAfter=10, leftIndent=7, rightIndent=7,
    ),
}  # fmt: skip
RULED = [
    ("FONT", (0, 0), (-1, -1), PLAIN, CELL_SIZE, 12),
    ("TEXTCOLOR", (0, 0), (-1, -1), INK),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), GAP),
    ("TOPPADDING", (0, 0), (-1, -1), 2.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
]
LABELLED = TableStyle([*RULED, ("TEXTCOLOR", (0, 0), (0, -1), GREY)])
QUOTED = TableStyle(
    [
        ("FONT", (0, 0), (-1, -1), MONO, QUOTE_SIZE, 9.6),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("BACKGROUND", (0, 0), (-1, -1), PALE),
        ("LEFTPADDING", (0, 0), (-1, -1), GAP),
        ("TOPPADDING", (0, 0), (-1, -1), 0.4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0.4),
    ]
)
HEADED = TableStyle([*RULED, ("FONT", (0, 0), (-1, 0), BOLD, CELL_SIZE, 12)])


@cache
def fonts() -> dict[str, TTFont]:
    """Read once in a process."""
    made = {name: TTFont(name, BytesIO(module.fontbuffer)) for name, module in FONT_FILES.items()}
    for font in made.values():
        registerFont(font)
    return made


def write_pdf(document: Document) -> bytes:
    fonts()
    buffer = BytesIO()
    template = SimpleDocTemplate(
        buffer, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=16 * mm, bottomMargin=20 * mm,
        title=document.title, author="Leadping", invariant=1,
    )  # fmt: skip
    story = [flow("title", document.title), flow("muted", document.subtitle)]
    for part in document.parts:
        story += [CondPageBreak(KEPT_TOGETHER), flow("part", part.title)]
        for block in part.blocks:
            story.extend(draw(block))
    template.build(story, canvasmaker=lambda *given, **named: Numbered(document.running, *given, **named))
    return buffer.getvalue()


class Numbered(Canvas):
    """Pages are held back until their number is known, for each says which of how many it is."""

    def __init__(self, running: str, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.running = running
        self.held: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 (ReportLab's)
        self.held.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self.held, 1):
            self.__dict__.update(page)
            self.setFont(PLAIN, 7.5)
            self.setFillColor(GREY)
            self.drawString(LEFT, 11 * mm, printable(self.running, PLAIN))
            self.drawRightString(LEFT + WIDTH, 11 * mm, f"Page {number} of {len(self.held)}")
            super().showPage()
        super().save()


def draw(block: Block) -> Iterator[Any]:
    match block:
        case Paragraph(text):
            yield flow("body", text)
        case Heading(text):
            yield CondPageBreak(KEPT_TOGETHER)
            yield flow("heading", text)
        case Notice(text):
            yield flow("notice", text)
        case Points(texts):
            for text in texts:
                yield flow("point", text, bullet="•")
        case Facts():
            yield from grid(block.told, (0.27, 0.73), ("label", "cell"), LABELLED)
        case Table(header, rows, widths):
            yield from grid([header, *rows], widths, ["cell"] * len(header), HEADED, repeat=1)
        case Quote(text):
            yield from quote(text)
        case Files(names):
            yield flow("muted", f"In full: {', '.join(names)}")


def grid(
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    styles: Sequence[str],
    look: TableStyle,
    repeat: int = 0,
) -> Iterator[Any]:
    if rows:
        columns = [share * WIDTH for share in widths]
        cells = [[cell(*given) for given in zip(styles, row, columns, strict=True)] for row in rows]
        # Rows are split where even an empty page would not hold them.
        yield Grid(cells, columns, style=look, repeatRows=repeat, splitInRow=1, hAlign="LEFT")
        yield Spacer(1, 6)


def cell(style: str, text: str, width: float) -> Any:
    """What fits in a line is drawn as it is: to lay out a paragraph costs a hundred times as much."""
    said = printable(text, PLAIN)
    fits = "\n" not in said and stringWidth(said, BOLD, CELL_SIZE) < width - GAP
    return said if fits else flow(style, text)


def quote(text: str) -> Iterator[Any]:
    """A line a row, so that a page may end at any of them. The font's characters are all of one width."""
    fit = int((WIDTH - 2 * GAP) / stringWidth("0", MONO, QUOTE_SIZE))
    lines = printable(shortened(text, LONGEST_QUOTE), MONO).split("\n")
    rows = [[part] for line in lines for part in wrap(line, fit, **AS_IT_STANDS) or [""]]
    yield Grid(rows, [WIDTH], style=QUOTED, hAlign="LEFT")
    yield Spacer(1, 6)


def flow(style: str, text: str, *, bullet: str | None = None) -> Flowing:
    made = STYLES.get(style, BODY)
    said = escape(printable(shortened(text, LONGEST_CELL), made.fontName))
    return Flowing(said.replace("\n", "<br/>"), made, bulletText=bullet)


def printable(text: str, font: str) -> str:
    """What the font cannot show, or not rightly, by the numbers of the characters."""
    text = visible(text)
    if text.isascii():
        return text
    return unprintable(font).sub(lambda found: name_characters(found[0]), text)


@cache
def unprintable(font: str) -> re.Pattern[str]:
    known = fonts()[font].face.charToGlyph
    plain = [code for code in known if code <= LAST_PLAIN or BEYOND[0] <= code <= BEYOND[1]]
    return re.compile(f"[^\\n{re.escape(''.join(map(chr, plain)))}]+")
