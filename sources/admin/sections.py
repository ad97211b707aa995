"""How the many fields of a source are grouped, so that a person finds each where it is looked for. Pure."""

from collections.abc import Iterator
from typing import ClassVar

from django import forms
from django.forms.boundfield import BoundField

from sources.admin.certificate_section import CERTIFICATE_SECTIONS
from sources.admin.section import Section

TERMS_SECTIONS = (
    Section(
        "Where the leads come from",
        "Who makes them, on which pages, and what posts them to us.",
        ("publisher", "partner", "posting_system", "websites", "landing_pages"),
    ),
    Section(
        "What may come",
        "Intake holds every lead against states, products and verticals; an empty list allows any. "
        "Audiences and volume are for whoever reviews.",
        ("states", "products", "verticals", "audiences", "expected_per_day"),
    ),
    Section(
        "What people agree to",
        "The consent as it is shown to the person, and in whose name.",
        ("consent_wording", "consent_version", "sender_brand"),
    ),
    Section(
        "How they are contacted",
        "What the person receives first, and where its links lead.",
        ("message_copy", "call_script", "link_domains"),
    ),
    Section(
        "Proof of consent",
        "Whether a TrustedForm certificate has to come along, and who keeps it.",
        ("trustedform_required", "exception_reason", "certificate_retention"),
    ),
    Section(
        "Example lead",
        "One lead as the sender will post it. The real rules of intake judge it each time you save.",
        ("example_payload",),
    ),
)
SETTINGS_SECTIONS = (
    Section(
        "Labels, cost and contact",
        "What is put on each lead, what it costs, and who mends the source when it fails.",
        ("tags", "cost_per_lead", "support_contact", "notes"),
    ),
    Section(
        "When leads are taken",
        "Without days and hours leads are taken at any time.",
        ("schedule_days", "schedule_from", "schedule_until", "time_zone", "schedule_effect"),
    ),
    Section(
        "How many are taken",
        "Caps count leads that were taken, in the time zone above; the rate counts every request.",
        ("cap_per_hour", "cap_per_day", "cap_per_month", "cap_effect", "rate_per_minute"),
    ),
    Section(
        "From which addresses",
        "Without a list leads are taken from any address.",
        ("ip_list", "ip_effect"),
    ),
    Section(
        "Duplicates and reuse",
        "What becomes of a lead, or of a certificate, that came before.",
        ("duplicate_rule", "duplicate_window_hours", "certificate_reuse"),
    ),
    *CERTIFICATE_SECTIONS,
    Section(
        "When it is paused by itself",
        "Without thresholds only a person pauses it. A share counts once as many submissions came as it is "
        "taken of; dry runs and repetitions do not count, nor does what came before it was last reopened. "
        "Owner and support contact are told by email.",
        (
            *("pause_bad_certificates", "pause_bad_certificates_of"),
            *("pause_duplicates", "pause_duplicates_of"),
            *("pause_refused", "pause_refused_of"),
            *("pause_complaints", "pause_complaints_days"),
        ),
    ),
    Section(
        "Complaints and disputes",
        "What becomes of new leads while something that is held against the source is not settled.",
        ("dispute_effect",),
    ),
    Section(
        "The suppression list",
        "What becomes of a lead whose phone or email is not to be contacted. Whatever is chosen here, nobody "
        "contacts it on the ways that its entries close.",
        ("suppression_effect",),
    ),
)
# Where a field stands beside the one that it belongs to, and is named by that.
LABELS = {
    "pause_bad_certificates_of": "of the last … certificates",
    "pause_duplicates_of": "of the last … submissions",
    "pause_refused_of": "of the last … submissions",
    "pause_complaints_days": "in the last … days",
}
TERMS_FIELDS = tuple(name for section in TERMS_SECTIONS for name in section.fields)
SETTINGS_FIELDS = tuple(name for section in SETTINGS_SECTIONS for name in section.fields)


class Sectioned(forms.BaseForm):
    """A form whose page shows its fields by section."""

    sections: ClassVar[tuple[Section, ...]] = ()

    def by_section(self) -> Iterator[tuple[Section, list[BoundField]]]:
        for section in self.sections:
            yield section, [self[name] for name in section.fields]
