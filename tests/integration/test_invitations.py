"""From an invitation to a member."""

import re
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from leadping.accounts import joining
from leadping.accounts.businesses import MembershipError, change_role, remove_member
from leadping.accounts.invitations import InvitationError, find_open, invite, revoke_invitation
from leadping.accounts.joining import join, join_as_new
from leadping.accounts.models import Business, Invitation, Membership, User
from leadping.accounts.people import switch_user
from leadping.accounts.roles import Role
from leadping.models import Event
from tests.races import at_once
from tests.situations import BY, PASSWORD, REASON, BusinessFactory, MemberFactory, sign_in

EMAIL = "new@example.com"
FORM = {"name": "Robin Example", "password1": PASSWORD, "password2": PASSWORD}


def make(business: Business, email: str = EMAIL, role: Role = Role.OPERATOR, by: str = BY) -> Invitation:
    return invite(business, email, role, by=by, reason=REASON, now=timezone.now())[0]


def link_to(business: Business, email: str = EMAIL) -> str:
    _, secret = invite(business, email, Role.OPERATOR, by=BY, reason=REASON, now=timezone.now())
    return reverse("invitation", query={"secret": secret})


def test_the_link_is_shown_once_and_opens_the_door(console: Client, business: Business) -> None:
    form = {"business": str(business.pk), "email": EMAIL, "role": Role.OPERATOR, "reason": REASON}
    page = console.post(reverse("console:accounts_invitation_add"), form).text
    link = re.findall(r"<code[^>]*>http://testserver([^<]+)</code>", page)[0]
    theirs = Client()
    assert "invited to Leadping as operator" in theirs.get(link).text
    assert theirs.post(link, FORM, follow=True).redirect_chain == [("/console/", 302)]
    assert theirs.get(reverse("console:index")).status_code == 200
    member = Membership.objects.get(user__email=EMAIL)
    assert (member.business, member.role, member.user.name) == (business, Role.OPERATOR, "Robin Example")


def test_the_secret_of_a_link_is_stored_nowhere(business: Business) -> None:
    _, secret = invite(business, EMAIL, Role.OPERATOR, by=BY, reason=REASON, now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT i::text, e::text FROM accounts_invitation i, leadping_event e")
        assert secret not in str(cursor.fetchall())


def test_a_link_opens_once(client: Client, business: Business) -> None:
    link = link_to(business)
    client.post(link, FORM)
    assert Client().get(link).status_code == 404


@pytest.mark.parametrize("days", [8, 30])
def test_a_link_opens_for_seven_days(business: Business, days: int) -> None:
    now = timezone.now()
    _, secret = invite(business, EMAIL, Role.OPERATOR, by=BY, reason=REASON, now=now)
    assert find_open(secret, now=now + timedelta(days=6))
    assert find_open(secret, now=now + timedelta(days=days)) is None


def test_an_invitation_taken_back_opens_nothing(console: Client, business: Business) -> None:
    link = link_to(business)
    invitation = Invitation.objects.get()
    console.post(
        reverse("console:accounts_invitation_revoke", args=[invitation.pk]), {"reason": "Wrong person."}
    )
    assert Client().get(link).status_code == 404
    assert Event.objects.get(kind="invitation.revoked").reason == "Wrong person."


def test_a_new_invitation_takes_the_place_of_the_one_before(business: Business) -> None:
    first = link_to(business)
    assert Client().get(link_to(business, EMAIL.upper())).status_code == 200
    assert Client().get(first).status_code == 404


def test_a_weak_password_is_refused(business: Business) -> None:
    answer = Client().post(link_to(business), {**FORM, "password1": "short", "password2": "short"})
    assert "too short" in answer.text
    assert not User.objects.filter(email=EMAIL).exists()


def test_who_has_a_sign_in_joins_with_it(business: Business, other_business: Business) -> None:
    known = MemberFactory.create(business=other_business, email=EMAIL)
    link, theirs = link_to(business, EMAIL.upper()), Client()
    assert "Sign in to join" in theirs.get(link).text
    sign_in(theirs, known)
    assert f"Join {business}" in theirs.get(link).text
    theirs.post(link)
    assert set(known.memberships.values_list("business", flat=True)) == {business.pk, other_business.pk}


def test_a_stranger_cannot_make_a_second_user_for_a_known_address(
    business: Business, other_business: Business
) -> None:
    known = MemberFactory.create(business=other_business, email=EMAIL)
    assert "sign in with it" in Client().post(link_to(business), FORM).text
    assert not business.memberships.filter(user=known).exists()


def test_somebody_else_cannot_take_up_an_invitation(business: Business, other_business: Business) -> None:
    other, theirs = MemberFactory.create(business=other_business), Client()
    sign_in(theirs, other)
    assert f"This invitation is for {EMAIL}." in theirs.post(link_to(business)).text
    assert not business.memberships.filter(user=other).exists()


def test_a_member_is_not_invited_again(business: Business, owner: User) -> None:
    with pytest.raises(InvitationError, match="is a member already"):
        make(business, owner.email.upper())


class HasherOutside(MD5PasswordHasher):
    """Works only while no transaction is open."""

    def encode(self, password: str, salt: str) -> str:
        assert not connection.in_atomic_block
        return super().encode(password, salt)


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_behind_a_lock_for_a_password_to_be_hashed(settings: Settings) -> None:
    invitation = make(BusinessFactory.create())
    settings.PASSWORD_HASHERS = [f"{__name__}.HasherOutside"]
    assert join_as_new(invitation, name="Robin", password=PASSWORD, now=timezone.now()).check_password(
        PASSWORD
    )


def test_an_admin_cannot_invite_an_owner(client: Client, business: Business) -> None:
    sign_in(client, MemberFactory.create(business=business, role=Role.ADMIN))
    form = {"business": str(business.pk), "email": EMAIL, "role": Role.OWNER}
    page = client.post(reverse("console:accounts_invitation_add"), form).text
    assert "Select a valid choice" in page
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.OPERATOR, Role.VIEWER])
def test_who_may_not_invite_sees_no_invitations(client: Client, business: Business, role: Role) -> None:
    invitation = make(business)
    sign_in(client, MemberFactory.create(business=business, role=role))
    assert client.get(reverse("console:accounts_invitation_changelist")).status_code == 403
    assert EMAIL not in client.get(reverse("console:accounts_invitation_change", args=[invitation.pk])).text
    assert client.get(reverse("console:accounts_invitation_add")).status_code == 403


def test_who_is_removed_leaves_no_door_open(business: Business, owner: User) -> None:
    admin = MemberFactory.create(business=business, role=Role.ADMIN)
    mine, theirs = make(business, by=owner.public_id), make(business, "b@example.com", by=admin.public_id)
    remove_member(admin.memberships.get(), by=owner.public_id, reason=REASON, now=timezone.now())
    assert Invitation.objects.get(revoked_at=None) == mine
    assert Invitation.objects.exclude(revoked_at=None).get() == theirs


def test_who_may_no_longer_invite_leaves_no_door_open(business: Business, owner: User) -> None:
    admin = MemberFactory.create(business=business, role=Role.ADMIN)
    make(business, by=admin.public_id)
    change_role(admin.memberships.get(), Role.VIEWER, by=owner.public_id, reason=REASON, now=timezone.now())
    assert not Invitation.objects.filter(revoked_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_of_several_who_take_up_an_invitation_at_once_one_joins(business: Business) -> None:
    invitation = make(business)

    def take_up(number: int) -> bool:
        try:
            join_as_new(invitation, name=f"Robin {number}", password=PASSWORD, now=timezone.now())
        except InvitationError:
            return False
        return True

    assert sum(at_once(5, take_up)) == 1
    assert business.memberships.count() == 1


@pytest.mark.django_db(transaction=True)
def test_joining_and_inviting_anew_never_wait_for_each_other_forever(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation, take_up, locked = make(business), joining.take_up, threading.Event()

    def take_up_late(*facts: Any, **more: Any) -> None:
        """Holds the invitation while the other verb, which holds the business, comes to it."""
        locked.set()
        time.sleep(0.3)
        take_up(*facts, **more)

    monkeypatch.setattr(joining, "take_up", take_up_late)

    def act(number: int) -> None:
        if number == 0:
            join_as_new(invitation, name="Robin", password=PASSWORD, now=timezone.now())
            return
        locked.wait(timeout=10)
        with pytest.raises(InvitationError, match="no longer open"):
            make(business)

    at_once(2, act)
    assert business.memberships.count() == 1


def test_the_way_of_an_invitation_is_on_record(business: Business, owner: User) -> None:
    invitation = make(business, by=owner.public_id)
    user = join_as_new(invitation, name="Robin", password=PASSWORD, now=timezone.now())
    told = Event.objects.filter(subject__in=[invitation.public_id, user.public_id]).order_by("id")
    assert list(told.values_list("kind", "actor", "business")) == [
        ("invitation.made", owner.public_id, business.pk),
        ("user.created", user.public_id, business.pk),
        ("invitation.accepted", user.public_id, business.pk),
        ("member.added", owner.public_id, business.pk),
    ]


def test_the_record_says_what_taking_up_an_invitation_changed(business: Business) -> None:
    invitation = make(business)
    user = join_as_new(invitation, name="Robin", password=PASSWORD, now=timezone.now())
    told = Event.objects.filter(kind__in=["user.created", "invitation.accepted"]).filter(actor=user.public_id)
    assert dict(told.values_list("kind", "data")) == {
        "user.created": {"before": {}, "after": {"email": user.email, "name": "Robin"}},
        "invitation.accepted": {
            "before": {"status": "open"},
            "after": {"status": "accepted", "user": user.public_id},
        },
    }


def test_what_is_answered_cannot_be_answered_again(business: Business, owner: User) -> None:
    invitation = make(business)
    revoke_invitation(invitation, by=BY, reason=REASON, now=timezone.now())
    with pytest.raises(InvitationError, match="no longer open"):
        revoke_invitation(invitation, by=BY, reason=REASON, now=timezone.now())
    with pytest.raises(InvitationError, match="no longer open"):
        join(invitation, owner, now=timezone.now())


def test_nobody_invites_to_what_they_may_not_do_themselves(business: Business) -> None:
    admin = MemberFactory(business=business, role=Role.ADMIN)
    with pytest.raises(InvitationError, match="may not do themselves"):
        make(business, role=Role.COMPLIANCE, by=admin.public_id)


def test_nobody_changes_their_own_role(business: Business) -> None:
    admin = MemberFactory(business=business, role=Role.ADMIN)
    with pytest.raises(MembershipError, match="own role"):
        change_role(
            admin.memberships.get(), Role.VIEWER, by=admin.public_id, reason=REASON, now=timezone.now()
        )


def test_an_admin_makes_nobody_compliance(business: Business) -> None:
    admin, other = (MemberFactory(business=business, role=role) for role in (Role.ADMIN, Role.VIEWER))
    with pytest.raises(MembershipError, match="may not do themselves"):
        change_role(
            other.memberships.get(), Role.COMPLIANCE, by=admin.public_id, reason=REASON, now=timezone.now()
        )


def test_who_is_switched_off_leaves_no_door_open(business: Business) -> None:
    admin = MemberFactory(business=business, role=Role.ADMIN)
    make(business, by=admin.public_id)
    switch_user(admin, active=False, by=BY, reason=REASON, now=timezone.now())
    assert Invitation.objects.get().revoked_at


def test_an_invitation_of_somebody_who_is_no_longer_active_opens_nothing(business: Business) -> None:
    admin = MemberFactory(business=business, role=Role.ADMIN)
    invitation = make(business, by=admin.public_id)
    User.objects.filter(pk=admin.pk).update(is_active=False)
    with pytest.raises(InvitationError, match="no longer open"):
        join_as_new(invitation, name="Robin", password=PASSWORD, now=timezone.now())
