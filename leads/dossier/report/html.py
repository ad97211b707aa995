"""The report as one HTML file that needs nothing else, on a screen and on paper. Pure."""

from collections.abc import Sequence
from html import escape

from leads.dossier.report.blocks import (
    Block,
    Document,
    Facts,
    Files,
    Heading,
    Notice,
    Paragraph,
    Part,
    Points,
    Quote,
    Table,
)
from leads.dossier.report.text import shortened, visible

STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, "Noto Sans", "Segoe UI", sans-serif; color: #1a1d21; background: #fff;
  max-width: 50rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
header { border-bottom: 2px solid #1a1d21; padding-bottom: 1rem; margin-bottom: 1.5rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .4rem; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid #c8ccd2; padding-bottom: .2rem; }
h3 { font-size: 1.02rem; margin: 1.4rem 0 .3rem; }
p { margin: .4rem 0; white-space: pre-line; }
.muted, .files { color: #555b63; font-size: .9rem; }
.notice { border: 2px solid #a32020; background: #fdf0ef; padding: .7rem 1rem; font-weight: 600; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; font-size: .93rem; table-layout: fixed; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0;
  border-bottom: 1px solid #e1e4e8; white-space: pre-line; }
.facts th { width: 30%; font-weight: 500; color: #555b63; }
bdi { unicode-bidi: isolate; }
pre { font: .84rem/1.45 ui-monospace, "Cascadia Mono", Consolas, monospace; background: #f5f6f8;
  border: 1px solid #e1e4e8; padding: .7rem .9rem; margin: .6rem 0;
  white-space: pre-wrap; overflow-wrap: anywhere; }
ul { margin: .4rem 0; padding-left: 1.2rem; }
a { color: #1747a6; }
@media (max-width: 500px) { body { margin: 1rem auto; font-size: 15px; } .facts th { width: 38%; } }
@media print { body { font-size: 10pt; margin: 0; max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; } tr, .notice { break-inside: avoid; } thead { display: table-header-group; } }
@page { size: A4; margin: 20mm 18mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
"""
# The file may be opened by anybody anywhere; nothing in it ever runs or calls out.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_html(document: Document) -> bytes:
    parts = "".join(write_part(part) for part in document.parts)
    text = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{say(document.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<header><h1>{value(document.title)}</h1><p class="muted">{value(document.subtitle)}</p></header>\n'
        f'<main>\n{parts}</main>\n<footer><p class="muted">{say(document.running)}</p></footer>\n'
        "</body>\n</html>\n"
    )
    return text.encode()


def write_part(part: Part) -> str:
    return f"<section>\n<h2>{say(part.title)}</h2>\n{''.join(map(write_block, part.blocks))}</section>\n"


def write_block(block: Block) -> str:  # noqa: PLR0911 (one for each kind)
    match block:
        case Paragraph(text):
            return f"<p>{value(text)}</p>\n"
        case Heading(text):
            return f"<h3>{value(text)}</h3>\n"
        case Notice(text):
            return f'<p class="notice" role="note">{value(text)}</p>\n'
        case Points(texts):
            return f"<ul>{''.join(f'<li>{value(text)}</li>' for text in texts)}</ul>\n"
        case Facts():
            rows = (
                f'<tr><th scope="row">{say(label)}</th><td>{value(it)}</td></tr>' for label, it in block.told
            )
            return f'<table class="facts">{"".join(rows)}</table>\n'
        case Table(header, rows, widths):
            return write_table(header, rows, widths)
        case Quote(text):
            return f"<pre>{value(shortened(text))}</pre>\n"
        case Files(names):
            links = ", ".join(f'<a href="{say(name)}">{say(name)}</a>' for name in names)
            return f'<p class="files">In full: {links}</p>\n'


def write_table(header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> str:
    columns = "".join(f'<col style="width:{share * 100:g}%">' for share in widths)
    head = "".join(f"<th>{say(name)}</th>" for name in header)
    body = "".join("<tr>" + "".join(f"<td>{value(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f"<table><colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>\n"
    )


def say(text: str) -> str:
    return escape(visible(text))


def value(text: str) -> str:
    """What may be written from right to left turns nothing of what follows."""
    return f'<bdi dir="auto">{say(text)}</bdi>' if not text.isascii() else say(text)
