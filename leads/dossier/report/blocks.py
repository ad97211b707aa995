"""What a report is made of. Pure; how it looks is for HTML and PDF to say."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """Of a part of a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What nobody may overlook."""

    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences, one below the other."""

    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of label and value; those without a value are left out."""

    rows: Sequence[tuple[str, str]]

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(label, value) for label, value in self.rows if value]


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are shares of the page."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words of any length, or code, character by character."""

    text: str


@dataclass(frozen=True, slots=True)
class Files:
    """Where in the archive all of it is."""

    names: Sequence[str]


Block = Paragraph | Heading | Notice | Points | Facts | Table | Quote | Files


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Document:
    """`running` stands at the foot of each page."""

    title: str
    subtitle: str
    running: str
    parts: Sequence[Part]
