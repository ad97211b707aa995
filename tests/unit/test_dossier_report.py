"""How a report shows what others sent: nothing invisible, nothing that runs, nothing that breaks the page."""

import subprocess
from pathlib import Path

import pytest

from leads.dossier.report.blocks import Document, Facts, Files, Notice, Paragraph, Part, Points, Quote, Table
from leads.dossier.report.html import write_html
from leads.dossier.report.pdf import write_pdf
from leads.dossier.report.text import shortened, visible
from tests.dossiers import text_of_pdf

HOSTILE = {
    "markup": "<script>alert(1)</script><b>\"&'",
    "right to left": "\u202eevil\u202c \u05e2\u05d1\u05e8\u05d9\u05ea \u0627\u0644\u0639\u0631\u0628",
    "controls": "bell\x07 escape\x1b[31m delete\x7f c1\x9b end",
    "very long word": "x" * 20_000,
    "very long text": "word " * 20_000,
    "many lines": "line\n" * 5_000,
    "emoji and cjk": "\u738b\u5c0f\u660e \U0001f600 \ud55c\uad6d\uc5b4",
    "zero width": "a\u200bb\ufeffc\u00add",
    "only blanks": " \t \n ",
    "reportlab markup": '<para><img src="/etc/passwd"/><font size="900">',
}


def everywhere(text: str) -> Document:
    """A report with the text in every kind of block."""
    blocks = [
        Paragraph(text),
        Notice(text),
        Points([text, text]),
        Facts([(text[:200], text), ("empty", "")]),
        Table(("When", "What", "Why"), [(text, text, text)], (0.1, 0.2, 0.7)),
        Quote(text),
        Files(["submissions/01/request.txt"]),
    ]
    return Document(title=text[:300], subtitle=text[:300], running=text[:80], parts=[Part("Part", blocks)])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_report_is_written_whatever_the_text(text: str, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(write_pdf(everywhere(text)))
    subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True)
    assert b"</html>" in write_html(everywhere(text))


def test_markup_stays_text() -> None:
    page = write_html(everywhere(HOSTILE["markup"])).decode()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_page_may_run_nothing_and_call_nobody() -> None:
    page = write_html(everywhere("Zoë")).decode()
    assert "default-src 'none'" in page
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page


def test_what_is_invisible_or_turns_text_around_is_named() -> None:
    assert visible("a\u202eb\u200bc\x1bd") == "a[U+202E]b[U+200B]c[U+001B]d"
    assert visible("one\r\ntwo\u2028three\x85four") == "one\ntwo\nthree\nfour"
    assert visible("Zoë Жуков 王 עברית") == "Zoë Жуков 王 עברית"


def test_html_keeps_every_script_and_sets_its_direction_apart() -> None:
    page = write_html(everywhere("王小明 עברית")).decode()
    assert '<bdi dir="auto">王小明 עברית</bdi>' in page


def test_pdf_prints_latin_greek_and_cyrillic_and_names_the_characters_of_others(tmp_path: Path) -> None:
    read = text_of_pdf(write_pdf(everywhere("Zoë Łódź Ωmega Жуков 王 ע")), tmp_path)
    assert "Zoë Łódź Ωmega Жуков [U+738B] [U+05E2]" in read


def test_each_page_says_its_number(tmp_path: Path) -> None:
    read = text_of_pdf(write_pdf(everywhere("word " * 2_000)), tmp_path)
    assert "Page 1 of " in read
    assert "Page 2 of " in read


def test_what_is_cut_says_so() -> None:
    assert shortened("x" * 12, 10) == "x" * 10 + " … (2 more characters are in the files)"


def test_the_same_report_is_the_same_bytes() -> None:
    document = everywhere("Zoë")
    assert write_pdf(document) == write_pdf(document)
    assert write_html(document) == write_html(document)
