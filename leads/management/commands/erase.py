"""Erases a person from a business, at their request."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.events import COMMAND_LINE
from leads.retention.finding import Found, find_person
from leads.retention.people import Person, UnknownPersonError, read_person
from leads.retention.requests import ErasureError, erase_person, say_why_not


class Command(BaseCommand):
    help = "Erases whatever names a person in a business. The proof of their consent stays, without them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--business", required=True, metavar="NAME")
        parser.add_argument("--phone", default="", help="as they write it, or in E.164")
        parser.add_argument("--email", default="")
        parser.add_argument(
            "--reason", default="", help="how and when they asked; kept for good, so name nobody"
        )
        parser.add_argument("--preview", action="store_true", help="says what is found, and erases nothing")
        parser.add_argument("--json", action="store_true", help="answers as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        business = Business.objects.filter(name__iexact=options["business"]).first()
        if business is None:
            raise CommandError(f"There is no business {options['business']}.")
        try:
            person = read_person(options["phone"], options["email"])
        except UnknownPersonError as error:
            raise CommandError(str(error)) from error
        told = look(business, person) if options["preview"] else erase(business, person, options["reason"])
        self.stdout.write(json.dumps(told) if options["json"] else "\n".join(map(say, told.items())))


def look(business: Business, person: Person) -> dict[str, Any]:
    found = find_person(business.pk, person)
    return {**count(found), "refused": say_why_not(found)}


def count(found: Found) -> dict[str, Any]:
    return {
        "leads": [lead.public_id for lead in found.leads],
        "requests": len(found.requests) + len(found.nameless),
        "checks": found.checks,
        "complaints": len(found.complaints),
        "files": len(found.waiting),
        "mentions": found.mentions,
        "others": found.others,
    }


def erase(business: Business, person: Person, reason: str) -> dict[str, Any]:
    if not reason.strip():
        raise CommandError("Say with --reason how and when they asked. It is kept for good, so name nobody.")
    try:
        erasure = erase_person(business, person, by=COMMAND_LINE, reason=reason, now=timezone.now())
    except ErasureError as error:
        raise CommandError(str(error)) from error
    return {"erasure": erasure.public_id, **erasure.counts}


def say(pair: tuple[str, Any]) -> str:
    name, value = pair
    return f"{name}: {', '.join(value) if isinstance(value, list) else value}"
