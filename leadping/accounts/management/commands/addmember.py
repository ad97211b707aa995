import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from leadping.accounts.businesses import MembershipError, add_member
from leadping.accounts.models import Business
from leadping.accounts.roles import Role
from leadping.events import COMMAND_LINE


class Command(BaseCommand):
    help = "Gives a person a role in a business; a new person gets a password, shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--business", required=True)
        parser.add_argument("--email", required=True)
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--reason", default="Added on the command line.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        business = Business.objects.filter(name__iexact=options["business"]).first()
        if business is None:
            raise CommandError(f"There is no business “{options['business']}”.")
        try:
            member = add_member(
                business,
                options["email"],
                Role(options["role"]),
                by=COMMAND_LINE,
                reason=options["reason"],
                now=timezone.now(),
            )
        except MembershipError as error:
            raise CommandError(str(error)) from error
        facts = {"email": member.user.email, "role": options["role"], "password": member.new_password}
        shown = f"  Password: {member.new_password}" if member.new_password else ""
        self.stdout.write(
            json.dumps(facts) if options["json"] else f"{member.user.email} is {options['role']}.{shown}"
        )
