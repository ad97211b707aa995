"""Names, accounts, members and tokens: what is done with them in the console is done by the verbs."""

import re
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from leadping.accounts.models import Account, Business, Membership, User, UserToken
from leadping.accounts.roles import Role
from tests.console import address, event, events, rows_with
from tests.situations import REASON, AccountFactory, sign_in


def test_names_are_changed_by_verbs(console: Client, business: Business, owner: User) -> None:
    account = AccountFactory.create(business=business, name="Desk")
    console.post(address(Account, "change", account.pk), {"name": "Sales desk", "reason": "It sells."})
    console.post(address(Business, "change", business.pk), {"name": "Sunrise", "reason": "We merged."})
    old = business.name
    assert events("account.renamed", "business.renamed") == [
        event(
            "account.renamed",
            account.public_id,
            owner,
            {"before": {"name": "Desk"}, "after": {"name": "Sales desk"}},
            "It sells.",
        ),
        event(
            "business.renamed",
            business.public_id,
            owner,
            {"before": {"name": old}, "after": {"name": "Sunrise"}},
            "We merged.",
        ),
    ]


def test_an_account_is_made_by_its_verb(console: Client, business: Business, owner: User) -> None:
    console.post(address(Account, "add"), {"business": str(business.pk), "name": "Desk", "reason": REASON})
    after = {"after": {"name": "Desk"}}
    made = event("account.created", Account.objects.get().public_id, owner, after, REASON)
    assert events("account.created") == [made]


def test_a_role_is_changed_by_its_verb(console: Client, member: Callable[[Role], User], owner: User) -> None:
    user = member(Role.VIEWER)
    console.post(
        address(Membership, "change", user.memberships.get().pk),
        {"role": Role.COMPLIANCE, "reason": "She moved."},
    )
    changes = {"before": {"role": "viewer"}, "after": {"role": "compliance"}}
    assert events("member.changed") == [event("member.changed", user.public_id, owner, changes, "She moved.")]


def test_a_removed_member_is_out_at_once(console: Client, member: Callable[[Role], User]) -> None:
    user = member(Role.ADMIN)
    theirs = Client()
    sign_in(theirs, user)
    console.post(address(Membership, "remove", user.memberships.get().pk), {"reason": "Left."})
    assert theirs.get(reverse("console:index")).status_code == 302
    assert events("member.removed")[0]["reason"] == "Left."


def test_who_reviews_is_changed_by_its_verb(console: Client, business: Business, owner: User) -> None:
    assert business.separate_reviewer
    console.post(address(Business, "review_rule", business.pk), {"reason": "There are but two of us."})
    business.refresh_from_db()
    assert not business.separate_reviewer
    changes = {"before": {"separate_reviewer": True}, "after": {"separate_reviewer": False}}
    kind, why = "business.review_rule_changed", "There are but two of us."
    assert events(kind) == [event(kind, business.public_id, owner, changes, why)]


def test_the_last_owner_stays(console: Client, owner: User) -> None:
    page = console.post(
        address(Membership, "remove", owner.memberships.get().pk), {"reason": "Left."}, follow=True
    )
    assert "is the last owner" in page.text
    assert owner.memberships.get().role == Role.OWNER


def test_one_of_two_owners_may_go(console: Client, member: Callable[[Role], User]) -> None:
    other = member(Role.OWNER)
    console.post(address(Membership, "remove", other.memberships.get().pk), {"reason": "Left."})
    assert not other.memberships.exists()


def test_a_token_is_shown_once_works_and_ends_when_revoked(console: Client, owner: User) -> None:
    page = console.post(address(UserToken, "add"), {"name": "report", "reason": "The nightly figures."}).text
    [text] = set(re.findall(r"lpu_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}", page))
    headers = {"Authorization": f"Bearer {text}"}
    assert rows_with(text) == []
    assert Client().get("/leads", headers=headers).status_code == 200
    console.post(address(UserToken, "revoke", UserToken.objects.get().pk), {"reason": "Not needed."})
    assert Client().get("/leads", headers=headers).status_code == 401
    said = [one["reason"] for one in events("token.issued", "token.revoked")]
    assert said == ["The nightly figures.", "Not needed."]
