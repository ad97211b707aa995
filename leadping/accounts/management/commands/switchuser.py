from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from leadping.accounts.models import User
from leadping.accounts.people import switch_user
from leadping.events import COMMAND_LINE


class Command(BaseCommand):
    help = "Switches a person's sign-in off, in all businesses, or on again; what they did stays on record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("way", choices=["off", "on"])
        parser.add_argument("--email", required=True)
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"There is no user “{options['email']}”.")
        active = options["way"] == "on"
        switch_user(user, active=active, by=COMMAND_LINE, reason=options["reason"], now=timezone.now())
        self.stdout.write(f"{user.email} {'can sign in again' if active else 'is signed out and stays out'}.")
