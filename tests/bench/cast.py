"""Who takes part: the sources that send leads and the user who reads, made as an installation makes them."""

from dataclasses import dataclass

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from leadping.accounts.models import Business, User
from leadping.accounts.tokens import issue_token
from leadping.keys import API_KEY, generate
from leadping.run.preparation import collect_static
from leadping.run.sample_source import ask_command
from tests.bench.report import say

BUSINESS = "Bench"
OTHER_BUSINESSES = ("Other bench", "Third bench")
USER = "bench@example.com"

Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Cast:
    """The headers with which each of them comes.

    `waived` needs no certificate, `certified` does, `texan` may send leads from Texas alone and needs none,
    `stranger` has a well-formed key that nobody issued. `program` reads the API with the token of the user
    who reads the pages as `person`.
    """

    waived: Headers
    certified: Headers
    texan: Headers
    stranger: Headers
    program: Headers
    person: Headers
    business_id: str


def prepare() -> Cast:
    """Makes the tables and everybody in the empty database PREPARED."""
    say("Making the tables ...")
    call_command("migrate", interactive=False, verbosity=0)
    collect_static(say)
    ask_command("setup", business=BUSINESS, email=USER)
    waived = create_source(BUSINESS, "Waived", trustedform="optional")
    for business in OTHER_BUSINESSES:
        create_source(business, "Certified")
    user = User.objects.get(email=USER)
    token = issue_token(user, "bench", reason="A measurement.", now=timezone.now())
    return Cast(
        waived=waived,
        certified=create_source(BUSINESS, "Certified"),
        texan=create_source(BUSINESS, "Texan", trustedform="optional", states="TX"),
        stranger=waived | {"X-Leadping-Source-Key": generate(API_KEY).text},
        program={"Authorization": f"Bearer {token}"},
        person={"Cookie": sign_in(user)},
        business_id=str(Business.objects.get(name=BUSINESS).pk),
    )


def create_source(business: str, name: str, **terms: str) -> Headers:
    made = ask_command("createsource", business=business, name=name, **terms)
    return {"X-Leadping-Source-Id": made["sourceId"], "X-Leadping-Source-Key": made["apiKey"]}


def sign_in(user: User) -> str:
    client = Client()
    client.force_login(user)
    return "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())
