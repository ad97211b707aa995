"""Going through a file, a portion of rows at a time: what in it is new, known, twice, or cannot be read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Q

from compliance.suppression.contacts import ContactPoint
from compliance.suppression.importing.mapping import Place, plan, read_row
from compliance.suppression.models import Suppression, SuppressionImport
from compliance.suppression.verbs import LONGEST_NOTE
from leadping.csv_files import FileRow, find_delimiter, read_rows

TOGETHER = 5_000
# As many findings are kept; the counts tell of all.
KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Wish:
    """One contact of one row."""

    row: int
    contact: ContactPoint
    channel: str
    note: str


@dataclass(slots=True)
class Passage:
    """One way through the file."""

    imported: SuppressionImport
    places: list[Place]
    seen: set[ContactPoint] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[dict[str, Any]] = field(default_factory=list)

    def portions(self) -> Iterator[tuple[int, list[Wish]]]:
        """How many rows were looked at, and what of them is to be added."""
        rows = rows_of(self.imported)
        while portion := list(islice(rows, TOGETHER)):
            wishes = [wish for row in portion for wish in self.read(row)]
            standing = find_standing(self.imported, wishes)
            new = [wish for wish in wishes if wish.contact not in standing]
            self.counts["new"] += len(new)
            self.counts["known"] += len(wishes) - len(new)
            for wish in wishes:
                if wish.contact in standing:
                    self.find(wish.row, "", "known", f"This {wish.contact.kind} is suppressed already.")
            yield len(portion), new

    def read(self, row: FileRow) -> Iterator[Wish]:
        if row.fault:
            self.counts["unreadable"] += 1
            self.find(row.number, "", "unreadable", row.fault)
            return
        found = read_row(row.cells, self.places)
        for heading, sentence in found.faults:
            self.counts["unreadable"] += 1
            self.find(row.number, heading, "unreadable", sentence)
        for contact in found.contacts:
            if contact in self.seen:
                self.counts["repeated"] += 1
                self.find(row.number, "", "repeated", f"The same {contact.kind} stands above.")
                continue
            self.seen.add(contact)
            yield Wish(row.number, contact, self.channel_of(contact), found.note[:LONGEST_NOTE])

    def channel_of(self, contact: ContactPoint) -> str:
        return self.imported.channel if contact.kind == "phone" else Suppression.Channel.EMAIL

    def find(self, row: int, heading: str, what: str, message: str) -> None:
        """What the cells hold is not written down."""
        if len(self.findings) < KEPT:
            self.findings.append({"row": row, "heading": heading, "what": what, "message": message})


def begin(imported: SuppressionImport) -> Passage:
    return Passage(imported, plan(imported.headings, imported.columns))


def rows_of(imported: SuppressionImport) -> Iterator[FileRow]:
    return read_rows(imported.content, imported.headings, find_delimiter(imported.content))


def find_standing(imported: SuppressionImport, wishes: list[Wish]) -> set[ContactPoint]:
    """Those that are suppressed in the very same way, but for what this import added itself."""
    by_hash = {one: wish.contact for wish in wishes for one in wish.contact.hashes}
    own = Q(account=imported.account) if imported.account else Q(account=None)
    live = Suppression.objects.filter(own, business_id=imported.business_id, released_at=None)
    live = live.filter(contact_hash__in=list(by_hash), channel__in=[imported.channel, "email"])
    hashes = live.exclude(imported_in=imported).values_list("contact_hash", flat=True)
    return {by_hash[bytes(one)] for one in hashes}
