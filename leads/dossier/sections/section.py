"""One section: its part of the report, and the files that have it in full. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from leads.dossier.report.blocks import Block


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    blocks: Sequence[Block]
    files: Mapping[str, bytes] = field(default_factory=dict)


def place(folder: str, number: int, name: str) -> str:
    """`submissions/01-sub_…`: files stand in the order of what happened."""
    return f"{folder}/{number:02}-{name}"


def sentence(text: str) -> str:
    """What people wrote, ended as sentences are."""
    text = text.strip()
    return text if not text or text[-1] in ".!?…”" else f"{text}."
