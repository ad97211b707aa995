from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from leadping.accounts.models import User
from leadping.accounts.second_factor import reset_second_factor
from leadping.events import COMMAND_LINE


class Command(BaseCommand):
    help = "Removes the second factor of somebody who lost it, and ends their sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"There is no user “{options['email']}”.")
        reset_second_factor(user, by=COMMAND_LINE, reason=options["reason"], now=timezone.now())
        self.stdout.write(f"{user.email} signs in with the password alone and can set up another factor.")
