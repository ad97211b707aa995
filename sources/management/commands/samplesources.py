import json
from argparse import ArgumentParser
from datetime import datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from leadping.accounts.businesses import find_or_create_account
from leadping.accounts.models import Account, Business
from leadping.events import COMMAND_LINE
from sources.approval import approve_terms, draft_terms, submit_terms
from sources.lifecycle import SourceError, change_settings, create_source
from sources.models import Source, Terms

CONSENT = (
    "By clicking “Get my quote” I agree that Sunrise Insurance may call and text me about Medicare plans "
    "at the number that I gave, also with automated systems. Consent is no condition of purchase."
)
EXAMPLE = {
    "firstName": "Jordan",
    "lastName": "Example",
    "email": "jordan@example.com",
    "phone": "+15125550123",
    "state": "TX",
    "zip": "78704",
    "product": "Medicare Advantage",
    "externalId": "partner-lead-88391",
    "landingPage": "https://quotes.example.com/compare",
    "trustedFormUrl": "https://cert.trustedform.com/example",
    "sourceMetadata": {"placement": "comparison-form"},
}
TERMS: dict[str, Any] = {
    "publisher": "Bluebonnet Media",
    "posting_system": "LeadConduit",
    "websites": ["https://quotes.example.com"],
    "landing_pages": ["https://quotes.example.com/compare"],
    "states": ["TX", "OK"],
    "products": ["Medicare Advantage"],
    "audiences": ["Turning 65"],
    "expected_per_day": 120,
    "consent_wording": CONSENT,
    "consent_version": "2026-05",
    "sender_brand": "Sunrise Insurance",
    "message_copy": "Hi, this is Sam of Sunrise Insurance about the quote you asked for. Reply STOP to end.",
    "link_domains": ["sunrise.example.com"],
    "certificate_retention": "retain",
    "example_payload": json.dumps(EXAMPLE, indent=2),
}
# What the partner wants next: two more states, emails too, and an example that still misnames a field.
WIDER: dict[str, Any] = {
    **TERMS,
    "states": ["TX", "OK", "FL", "GA"],
    "consent_wording": CONSENT.replace("call and text", "call, text and email"),
    "consent_version": "2026-06",
    "example_payload": json.dumps(
        {("trusted_form" if name == "trustedFormUrl" else name): value for name, value in EXAMPLE.items()},
        indent=2,
    ),
}

REASON = "A sample."
BY_US: dict[str, Any] = {"by": COMMAND_LINE, "reason": REASON}


class Command(BaseCommand):
    help = "Makes sample sources that wait for somebody: one for a review, one whose approval ends soon."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--business", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        business = Business.objects.filter(name__iexact=options["business"]).first()
        if business is None:
            raise CommandError(f"There is no business “{options['business']}”.")
        try:
            create(business, now=timezone.now())
        except SourceError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("The sample sources are made.")


@transaction.atomic
def create(business: Business, *, now: datetime) -> None:
    account = find_or_create_account(business, "Sample account", now=now, **BY_US)
    make_widening(business, account, now=now)
    make_ending(business, account, now=now)


def make_widening(business: Business, account: Account, *, now: datetime) -> None:
    """Approved, with wider terms waiting for a review."""
    source = make(business, account, "Bluebonnet comparison site", Source.Kind.VENDOR, now=now)
    approve(submit(source, TERMS, now=now), now=now)
    why = "The partner opens in Florida and Georgia in June, and wants to send emails too."
    submit(source, WIDER, why=why, now=now)
    schedule = {"schedule_days": [0, 1, 2, 3, 4], "schedule_from": time(8), "schedule_until": time(20)}
    settings = {"tags": ["medicare"], **schedule}
    change_settings(source.settings, settings, now=now, **BY_US)


def make_ending(business: Business, account: Account, *, now: datetime) -> None:
    """Approved without certificates, for a short while yet."""
    source = make(business, account, "Call center transfers", Source.Kind.INTERNAL, now=now)
    exception = "Warm transfers: the consent is recorded on the call."
    fields = {"trustedform_required": False, "exception_reason": exception, "products": TERMS["products"]}
    approve(
        submit(source, fields, now=now),
        now=now,
        conditions="Recordings are kept for five years.",
        expires_at=now + timedelta(days=9),
    )


def make(business: Business, account: Account, name: str, kind: str, *, now: datetime) -> Source:
    source, _ = create_source(business, name, account=account, kind=kind, now=now, **BY_US)
    return source


def submit(source: Source, fields: dict[str, Any], *, why: str = REASON, now: datetime) -> Terms:
    terms = draft_terms(source, fields, by=COMMAND_LINE, reason=why, now=now)
    submit_terms(terms, by=COMMAND_LINE, reason=why, now=now)
    return terms


def approve(terms: Terms, *, now: datetime, **granted: Any) -> None:
    approve_terms(terms, now=now, **BY_US, **granted)
