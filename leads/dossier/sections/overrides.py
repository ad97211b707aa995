"""Failed evidence that people passed over to release the lead, or wanted to. Pure."""

from collections.abc import Iterator

from leads.dossier.files import row_facts, write_json
from leads.dossier.record import Record
from leads.dossier.report.blocks import Block, Facts, Files, Heading, Paragraph, Quote
from leads.dossier.sections.section import Section
from leads.models import Override
from leads.pages.moments import exact
from leads.pages.overrides import say_codes, say_override

OVERRIDES_FILE = "overrides.json"
HOW = (
    "A lead that is held for failed evidence is released only once a second person confirms what the first "
    "asked for, unless the owner of the business has lifted that rule. Each step is a link of the chain."
)


def tell_overrides(record: Record) -> Section | None:
    overrides = record.beside.overrides
    if not overrides:
        return None
    blocks: list[Block] = [Paragraph(HOW)]
    for number, override in enumerate(overrides, 1):
        blocks += tell_override(number, override, record)
    files = {OVERRIDES_FILE: write_json([row_facts(override) for override in overrides])}
    return Section("Failed evidence passed over", [*blocks, Files([OVERRIDES_FILE])], files)


def tell_override(number: int, override: Override, record: Record) -> list[Block]:
    settled = ""
    if override.settled_at:
        settled = f"{exact(override.settled_at)}, by {record.who(override.settled_by)}"
    facts = [
        ("Although", say_codes(override.codes)),
        ("Asked by", record.who(override.asked_by)),
        ("What came of it", override.get_state_display()),
        ("Settled", settled),
        ("In the words of the second", override.settled_reason),
    ]
    return [Heading(f"{number}. Asked on {exact(override.asked_at)}"), Facts(facts), Quote(override.reason)]


def say_overrides(record: Record) -> Iterator[str]:
    for override in record.beside.overrides:
        because = f" “{override.reason}”" if override.reason else ""
        yield say_override(override, record.people) + because
