"""Going through a file, a portion of rows at a time: what in it is new, known, twice, or cannot be read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from compliance.suppression.contacts import ContactPoint
from compliance.suppression.importing.mapping import Place, ReadRow, plan, read_row
from compliance.suppression.models import Suppression, SuppressionImport
from compliance.suppression.verbs import CHANNELS, LONGEST_NOTE
from leadping.accounts.models import Account
from leadping.csv_files import FileRow, find_delimiter, read_rows

TOGETHER = 5_000
# As many findings are kept; the counts tell of all.
KEPT = 1_000


# What can stand once: a contact, in one way, for one account or the whole business.
Entry = tuple[ContactPoint, str, UUID | None]


@dataclass(frozen=True, slots=True)
class Wish:
    """One contact of one row."""

    row: int
    contact: ContactPoint
    channel: str
    note: str
    account_id: UUID | None

    @property
    def entry(self) -> Entry:
        return self.contact, self.channel, self.account_id


@dataclass(slots=True)
class Passage:
    """One way through the file."""

    imported: SuppressionImport
    places: list[Place]
    # Of the business, by their names in lower case.
    accounts: dict[str, UUID]
    seen: set[Entry] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[dict[str, Any]] = field(default_factory=list)

    def portions(self) -> Iterator[tuple[int, list[Wish]]]:
        """How many rows were looked at, and what of them is to stand."""
        rows = rows_of(self.imported)
        while portion := list(islice(rows, TOGETHER)):
            wishes = [wish for row in portion for wish in self.read(row)]
            standing = find_standing(self.imported, wishes)
            known = [wish for wish in wishes if wish.entry in standing]
            self.counts["new"] += len(wishes) - len(known)
            self.counts["known"] += len(known)
            for wish in known:
                self.find(wish.row, "", "known", f"This {wish.contact.kind} is suppressed already.")
            yield len(portion), wishes

    def read(self, row: FileRow) -> Iterator[Wish]:
        if row.fault:
            self.counts["unreadable"] += 1
            self.find(row.number, "", "unreadable", row.fault)
            return
        found = read_row(row.cells, self.places)
        for heading, sentence in found.faults:
            self.counts["unreadable"] += 1
            self.find(row.number, heading, "unreadable", sentence)
        if found.left_out:
            self.counts["left_out"] += 1
            self.find(row.number, "", "left out", found.left_out)
        elif found.account and found.account.lower() not in self.accounts:
            self.counts["unreadable"] += 1
            self.find(row.number, "", "unreadable", "The business has no account of this name.")
        else:
            yield from self.wish(row.number, found)

    def wish(self, row: int, found: ReadRow) -> Iterator[Wish]:
        """What the row says of channel and account goes before what was said of the whole file."""
        account_id = self.accounts[found.account.lower()] if found.account else self.imported.account_id
        for contact in found.contacts:
            wish = Wish(row, contact, self.channel_of(contact, found), found.note[:LONGEST_NOTE], account_id)
            if wish.entry in self.seen:
                self.counts["repeated"] += 1
                self.find(row, "", "repeated", f"The same {contact.kind} stands above.")
                continue
            self.seen.add(wish.entry)
            yield wish

    def channel_of(self, contact: ContactPoint, found: ReadRow) -> str:
        """An email is closed to emails, whatever a row says of phones."""
        if contact.kind == "email":
            return Suppression.Channel.EMAIL
        of_phones = found.channel if found.channel in CHANNELS["phone"] else ""
        return of_phones or self.imported.channel

    def find(self, row: int, heading: str, what: str, message: str) -> None:
        """What the cells hold is not written down."""
        if len(self.findings) < KEPT:
            self.findings.append({"row": row, "heading": heading, "what": what, "message": message})


def begin(imported: SuppressionImport) -> Passage:
    accounts = Account.objects.filter(business_id=imported.business_id).values_list("name", "pk")
    return Passage(
        imported,
        plan(imported.headings, imported.columns),
        {name.lower(): account_id for name, account_id in accounts},
    )


def rows_of(imported: SuppressionImport) -> Iterator[FileRow]:
    return read_rows(imported.content, imported.headings, find_delimiter(imported.content))


def find_standing(imported: SuppressionImport, wishes: list[Wish]) -> set[Entry]:
    """Those that stand in the very same way, but for what this import added itself."""
    by_hash = {one: wish.contact for wish in wishes for one in wish.contact.hashes}
    live = Suppression.objects.filter(business_id=imported.business_id, released_at=None)
    found = live.filter(contact_hash__any=by_hash).exclude(imported_in=imported)
    return {
        (by_hash[bytes(one)], channel, account_id)
        for one, channel, account_id in found.values_list("contact_hash", "channel", "account_id")
    }
