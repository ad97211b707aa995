"""Which column of a file holds which field of a lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compliance.evidence.registry import kind_named
from leadping.file_imports import LEFT_OUT
from leads.docs.fields import field_rows
from leads.intake.payload.hints import guess, squeeze
from leads.intake.payload.shapes import FLAT_PATHS
from leads.models import Import
from sources.models import Source, Terms

# What a column may be mapped to besides the fields of the flat door.
EXTRA = "+"
FIELDS = tuple(row.flat for row in field_rows())
CERTIFICATE = FLAT_PATHS["trusted_form_url"]
# The column that our own file of faulty rows adds; see `leads/importing/mending.py`.
REASONS = "What is wrong"

# Headings that people write in spreadsheets and no system sends, without case and separators.
WRITTEN_BY_PEOPLE = {
    "first": "firstName",
    "givenname": "firstName",
    "forename": "firstName",
    "last": "lastName",
    "surname": "lastName",
    "familyname": "lastName",
    "cell": "phone",
    "cellphone": "phone",
    "mobilephone": "phone",
    "mobilenumber": "phone",
    "homephone": "phone",
    "primaryphone": "phone",
    "phoneno": "phone",
    "tel": "phone",
    "streetaddress": "address1",
    "addressline1": "address1",
    "addressline2": "address2",
    "town": "city",
    "st": "state",
    "stateorprovince": "state",
    "zippostal": "zip",
    "birthday": "birthDate",
    "sex": "gender",
    "certificate": CERTIFICATE,
    "certurl": CERTIFICATE,
    "trustedformcerturl": CERTIFICATE,
    "url": "landingPage",
    "pageurl": "landingPage",
    "vendorleadid": "externalId",
}

Columns = Mapping[str, str]


def guess_columns(headings: Sequence[str], first: Sequence[str]) -> dict[str, str]:
    """What each heading probably means, by its name and by what the first row has there. Of several columns
    that mean the same the first is it; what nobody can guess is kept as extra."""
    columns: dict[str, str] = {}
    for heading, value in zip(headings, first, strict=True):
        meant = guess_field(heading, value)
        columns[heading] = EXTRA if meant in columns.values() else meant
    return columns


def guess_field(heading: str, value: str) -> str:
    if heading == REASONS:
        return LEFT_OUT
    if kind := kind_named(heading):
        return kind.name
    written = WRITTEN_BY_PEOPLE.get(squeeze(heading))
    return written or guess(heading, value, FLAT_PATHS) or EXTRA


def columns_before(source: Source, headings: Sequence[str]) -> dict[str, str]:
    """The mapping of the source's last file with the same headings, in whatever order; empty without one."""
    earlier = Import.objects.filter(source=source).exclude(columns={}).order_by("-id")
    for columns in earlier.values_list("columns", flat=True)[:50]:
        if set(columns) == set(headings):
            return {heading: columns[heading] for heading in headings}
    return {}


def find_faults(headings: Sequence[str], columns: Columns) -> list[str]:
    """Why a file cannot be read by this mapping, in sentences for a person."""
    faults = []
    known = {*FIELDS, EXTRA, LEFT_OUT}
    if set(columns) != set(headings) or not known >= set(columns.values()):
        return ["The mapping does not fit the file. Open the page anew."]
    for field in FIELDS:
        meant = [heading for heading in headings if columns[heading] == field]
        if len(meant) > 1:
            listed = " and ".join(f"“{heading}”" for heading in meant)
            faults.append(
                f"{listed} both lead to {field}. Choose one; keep the other as extra or leave it out."
            )
    if not {"phone", "email"} & set(columns.values()):
        faults.append("No column leads to phone or email, and a lead needs one of them.")
    return faults


def find_warnings(columns: Columns, terms: Terms | None) -> list[str]:
    """What will refuse every row, as far as the headings tell."""
    if terms is None:
        return []
    chosen = set(columns.values())
    warnings = []
    if terms.trustedform_required and CERTIFICATE not in chosen:
        warnings.append(
            "The terms of this source require a TrustedForm certificate, and no column leads to "
            f"{CERTIFICATE}: every row will be refused."
        )
    for field, allowed in (
        ("state", terms.states),
        ("product", terms.products),
        ("vertical", terms.verticals),
    ):
        if allowed and field not in chosen:
            warnings.append(
                f"The terms limit the {field}, and no column leads to it: every row will be refused."
            )
    return warnings


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a row a value stands, and what it is."""

    index: int
    heading: str
    field: str


def plan(headings: Sequence[str], columns: Columns) -> list[Place]:
    """The columns that are used, in the file's order."""
    places = (Place(index, heading, columns[heading]) for index, heading in enumerate(headings))
    return [place for place in places if place.field != LEFT_OUT]
