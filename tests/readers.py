"""Programs of users, which read the user API."""

from typing import Any

from django.test import Client
from django.utils import timezone

from leadping.accounts.models import User
from leadping.accounts.tokens import issue_token
from tests.senders import Answer, Sender
from tests.situations import REASON, take_in


class Reader:
    """A user's own program, with a token."""

    def __init__(self, user: User) -> None:
        self.token = issue_token(user, "report", reason=REASON, now=timezone.now())
        self.client = Client()

    def get(self, address: str, **query: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.get(address, query_params=query or None, headers=headers)

    def post(self, address: str, **fields: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.post(address, fields, content_type="application/json", headers=headers)

    def ids(self, **query: Any) -> list[str]:
        told = self.get("/leads", **query)
        assert told.status_code == 200, told.content
        return [lead["id"] for lead in told.json()["results"]]


def take_in_several(sender: Sender, number: int) -> list[str]:
    """Ids, newest first."""
    return [take_in(sender, email=f"p{count}@example.com").public_id for count in range(number)][::-1]
