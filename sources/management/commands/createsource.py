import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from leadping.accounts.businesses import find_or_create_account, find_or_create_business
from leadping.events import COMMAND_LINE
from leadping.states import read_state
from sources.approval import approve_terms, draft_terms, submit_terms
from sources.credentials import Issued
from sources.lifecycle import SourceError, create_source
from sources.models import Source


class Command(BaseCommand):
    help = "Creates a source with credentials, and approves it; business and account are made when missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--business", required=True)
        parser.add_argument("--account", default="Main")
        parser.add_argument("--name", required=True)
        parser.add_argument("--kind", choices=Source.Kind.values, default=Source.Kind.INTERNAL)
        parser.add_argument(
            "--states", default="", help="two-letter codes, separated by commas; none means any"
        )
        parser.add_argument("--products", default="", help="separated by commas; none means any")
        parser.add_argument("--trustedform", choices=["required", "optional"], default="required")
        parser.add_argument("--no-account", action="store_true", help="leave the source unattached")
        parser.add_argument("--disabled", action="store_true")
        parser.add_argument("--unapproved", action="store_true", help="leave the terms a draft")
        parser.add_argument("--reason", default="Set on the command line.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            source, issued = create(options, [known_state(text) for text in split(options["states"])])
        except SourceError as error:
            raise CommandError(str(error)) from error
        self.report(source, issued, options["json"])
        if not source.business.memberships.exists():
            self.stderr.write(
                f"Nobody is a member of the business “{source.business}” yet, so nobody sees its leads: "
                f'manage.py addmember --business "{source.business}" --email EMAIL --role owner'
            )

    def report(self, source: Source, issued: Issued, as_json: bool) -> None:
        facts = {"sourceId": source.public_id, "apiKey": issued.api_key, "apiSecret": issued.api_secret}
        if as_json:
            self.stdout.write(json.dumps(facts))
            return
        self.stdout.write("\n".join(f"{name:10} {value}" for name, value in facts.items()))
        self.stdout.write("Keep the key and the secret now: they are not shown again.")


@transaction.atomic
def create(options: dict[str, Any], states: list[str]) -> tuple[Source, Issued]:
    now, reason = timezone.now(), options["reason"]
    said = {"by": COMMAND_LINE, "reason": reason}
    business = find_or_create_business(options["business"], now=now, **said)
    account = (
        None
        if options["no_account"]
        else find_or_create_account(business, options["account"], now=now, **said)
    )
    source, issued = create_source(
        business,
        options["name"],
        account=account,
        kind=options["kind"],
        enabled=not options["disabled"],
        now=now,
        **said,
    )
    required = options["trustedform"] == "required"
    fields = {
        "states": states,
        "products": split(options["products"]),
        "trustedform_required": required,
        "exception_reason": "" if required else reason,
    }
    terms = draft_terms(source, fields, now=now, **said)
    if not options["unapproved"]:
        submit_terms(terms, now=now, **said)
        approve_terms(terms, now=now, **said)
    return source, issued


def known_state(text: str) -> str:
    code = read_state(text)
    if code is None:
        raise CommandError(f"There is no state “{text}”.")
    return code


def split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
