import json
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from leadping.accounts.businesses import add_member, find_or_create_business
from leadping.accounts.models import Business
from leadping.accounts.roles import Role
from leadping.events import COMMAND_LINE

REASON = "The installation was set up."


class Command(BaseCommand):
    help = "Creates the first business and its owner. Does nothing where a business exists."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--business", required=True)
        parser.add_argument("--email", required=True)
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if there := Business.objects.first():
            sentence = (
                f"There is a business already (“{there}”), so nothing was done. Add people with addmember."
            )
            self.report({"exists": True}, sentence, options["json"])
            return
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError(f"“{options['email']}” is not an email address.") from error
        now = timezone.now()
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else None
        said = {"by": COMMAND_LINE, "reason": REASON}
        business = find_or_create_business(options["business"], now=now, **said)
        member = add_member(business, options["email"], Role.OWNER, now=now, password=password, **said)
        facts = {"business": business.name, "email": member.user.email, "password": member.new_password}
        shown = f"  Password: {member.new_password}" if member.new_password else ""
        self.report(
            facts, f"{business.name} was set up. Sign in as {member.user.email}.{shown}", options["json"]
        )

    def report(self, facts: dict[str, Any], sentence: str, as_json: bool) -> None:
        self.stdout.write(json.dumps(facts) if as_json else sentence)
