"""What each role may do in the console, held against the table of roles."""

from collections.abc import Callable
from http.cookies import SimpleCookie

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from compliance.models import CertificateRetention, Suppression, SuppressionImport
from compliance.suppression.contacts import ContactPoint
from compliance.suppression.verbs import suppress
from leadping.accounts.invitations import invite
from leadping.accounts.models import Account, Business, Invitation, Membership, User
from leadping.accounts.roles import ALLOWED, Deed, Role
from leads.models import Complaint, Erasure, Import, Lead, LegalHold, Submission
from leads.retention.holds import place_hold
from sources.models import Credential, PostingLink, Source, Terms
from tests import situations
from tests.console import address
from tests.prepared import prepared
from tests.senders import Sender, certificate
from tests.situations import MemberFactory, complain, take_in

STEPS = {
    (Source, "draft"): {Deed.MANAGE_SOURCES, Deed.APPROVE_TERMS},
    (Source, "submit"): {Deed.MANAGE_SOURCES, Deed.APPROVE_TERMS},
    (Source, "withdraw"): {Deed.MANAGE_SOURCES, Deed.APPROVE_TERMS},
    (Source, "narrow"): {Deed.APPROVE_TERMS},
    (Source, "revoke"): {Deed.APPROVE_TERMS},
    (Source, "issue_key"): {Deed.MANAGE_SOURCES},
    (Source, "settings"): {Deed.MANAGE_SOURCES},
    (Source, "pause"): {Deed.MANAGE_SOURCES, Deed.APPROVE_TERMS},
    (Source, "resume"): {Deed.MANAGE_SOURCES, Deed.APPROVE_TERMS},
    (Source, "launch"): {Deed.READ},
    (Source, "ready"): {Deed.MANAGE_SOURCES, Deed.APPROVE_TERMS},
    (Source, "delete"): {Deed.MANAGE_SOURCES},
    (Source, "instructions"): {Deed.READ},
    (Source, "as_vendor"): {Deed.READ},
    (Source, "new_link"): {Deed.MANAGE_SOURCES},
    (Source, "watch"): {Deed.READ},
    (Source, "what_if"): {Deed.MANAGE_SOURCES, Deed.APPROVE_TERMS},
    (Source, "judge_again"): {Deed.DECIDE_HELD},
    (Terms, "review"): {Deed.READ},
    (Credential, "rotate"): {Deed.MANAGE_SOURCES},
    (Credential, "revoke"): {Deed.MANAGE_SOURCES},
    (Lead, "audit"): {Deed.READ},
    (Lead, "dossier"): {Deed.EXPORT},
    (Submission, "judge_again"): {Deed.DECIDE_HELD},
    (Lead, "complain"): {Deed.RECORD_COMPLAINTS},
    (Lead, "hold"): {Deed.HOLD},
    (Source, "hold"): {Deed.HOLD},
    (LegalHold, "release"): {Deed.HOLD},
    (Suppression, "release"): {Deed.RELEASE_SUPPRESSED},
    (Source, "complain"): {Deed.RECORD_COMPLAINTS},
    (Complaint, "close"): {Deed.RECORD_COMPLAINTS},
    (Complaint, "reopen"): {Deed.RECORD_COMPLAINTS},
    (Membership, "remove"): {Deed.MANAGE_MEMBERS},
    (Invitation, "revoke"): {Deed.MANAGE_MEMBERS},
    (Business, "review_rule"): {Deed.MANAGE_BUSINESS},
    (Business, "override_rule"): {Deed.MANAGE_BUSINESS},
    (User, "admit_browser"): {Deed.MANAGE_BUSINESS},
    (User, "reset_second_factor"): {Deed.MANAGE_BUSINESS},
}
ADDED = {
    Source: Deed.MANAGE_SOURCES,
    Account: Deed.MANAGE_SOURCES,
    Invitation: Deed.MANAGE_MEMBERS,
    Erasure: Deed.ERASE,
    LegalHold: Deed.HOLD,
    Suppression: Deed.SUPPRESS,
    SuppressionImport: Deed.RELEASE_SUPPRESSED,
}
CHANGED = {
    Source: Deed.MANAGE_SOURCES,
    Account: Deed.MANAGE_SOURCES,
    Membership: Deed.MANAGE_MEMBERS,
    Business: Deed.MANAGE_MEMBERS,
}

Member = Callable[[Role], User]
ConsoleOf = Callable[[Role], Client]


@prepared
def held_lead(sender: Sender, sandbox: str) -> Lead:
    return take_in(sender, trustedFormUrl=certificate("mismatch"))


@prepared
def rows(business: Business, held_lead: Lead) -> dict[type[Model], Model]:
    """What each step might be taken on."""
    somebody = MemberFactory.create(business=business, role=Role.VIEWER)
    point, now = ContactPoint("phone", "+15125550199"), timezone.now()
    hold = place_hold(business, on=held_lead, by=situations.BY, reason=situations.REASON, now=now)
    listed = suppress(business, point, channel="all", origin="manual", by=situations.BY, now=now)
    return {
        Source: held_lead.source,
        Account: Account.objects.get(),
        Terms: held_lead.terms,
        Lead: held_lead,
        Submission: held_lead.submissions.get(),
        Complaint: complain(held_lead.source),
        LegalHold: hold,
        Suppression: listed.entry,
        Credential: Credential.objects.get(),
        Membership: somebody.memberships.get(),
        Invitation: invitation_to(business),
        Business: business,
        User: somebody,
    }


@prepared
def signed_in_by_role(business: Business) -> dict[Role, SimpleCookie]:
    """The cookies of a browser of somebody of each role."""
    browsers = {role: Client() for role in Role}
    for role, browser in browsers.items():
        situations.sign_in(browser, MemberFactory.create(business=business, role=role))
    return {role: browser.cookies for role, browser in browsers.items()}


@pytest.fixture
def console_of(client: Client, signed_in_by_role: dict[Role, SimpleCookie]) -> ConsoleOf:
    def open_console(role: Role) -> Client:
        client.cookies.update(signed_in_by_role[role])
        return client

    return open_console


def invitation_to(business: Business) -> Invitation:
    return invite(
        business,
        "guest@example.com",
        Role.VIEWER,
        by=situations.BY,
        reason=situations.REASON,
        now=timezone.now(),
    )[0]


def sign_in(client: Client, user: User) -> Client:
    situations.sign_in(client, user)
    return client


def expected(role: Role, deeds: set[Deed]) -> int:
    return 200 if any(role in ALLOWED[deed] for deed in deeds) else 403


# They lead on, or are open in some state of the object alone; the tests of these steps and of tenants hold
# them against roles.
IN_SOME_STATE = {
    (Source, "import"),
    (Source, "restore"),
    (Source, "watch_export"),
    (PostingLink, "revoke"),
    (CertificateRetention, "retain"),
    *((Import, step) for step in ("mapping", "take_in", "stop", "undo", "forget")),
    *((SuppressionImport, step) for step in ("mapping", "take_over", "undo", "forget", "findings_csv")),
    *((Import, step) for step in ("findings", "findings_csv", "rows_csv")),
}


def test_every_step_of_the_console_is_held_against_the_table_here() -> None:
    declared = {
        (model, name)
        for model, screen in admin.site._registry.items()
        for name in screen.steps  # type: ignore[attr-defined]
        if model._meta.model_name != "usertoken"
    }
    assert declared == set(STEPS) | IN_SOME_STATE


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("place", "deeds"), STEPS.items(), ids=[f"{model.__name__} {step}" for model, step in STEPS]
)
def test_a_step_is_open_to_the_roles_of_its_deeds(
    console_of: ConsoleOf,
    rows: dict[type[Model], Model],
    role: Role,
    place: tuple[type[Model], str],
    deeds: set[Deed],
) -> None:
    model, step = place
    page = console_of(role).get(address(model, step, rows[model].pk))
    # To others an invitation is no invitation, nor is a legal hold.
    seen = {Invitation: Deed.MANAGE_MEMBERS, LegalHold: Deed.READ_MATTERS}.get(model, Deed.READ)
    assert page.status_code == (expected(role, deeds) if role in ALLOWED[seen] else 404)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("model", "deed"), ADDED.items())
def test_adding_is_open_to_the_roles_of_its_deed(
    console_of: ConsoleOf, role: Role, model: type[Model], deed: Deed
) -> None:
    assert console_of(role).get(address(model, "add")).status_code == expected(role, {deed})


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("model", "deed"), CHANGED.items())
def test_saving_is_open_to_the_roles_of_its_deed(
    console_of: ConsoleOf, rows: dict[type[Model], Model], role: Role, model: type[Model], deed: Deed
) -> None:
    """Everybody sees the page, without the button, and a form sent all the same is turned away."""
    where = address(model, "change", rows[model].pk)
    console = console_of(role)
    assert console.get(where).status_code == 200
    assert (console.post(where, {}).status_code == 403) is (role not in ALLOWED[deed])


@pytest.mark.parametrize("role", Role)
def test_held_leads_can_be_chosen_by_those_who_may_decide(
    console_of: ConsoleOf, held_lead: Lead, role: Role
) -> None:
    page = console_of(role).get(address(Lead, "changelist")).text
    assert ("release_held" in page) is (role in ALLOWED[Deed.DECIDE_HELD])


@pytest.mark.parametrize("role", Role)
def test_every_role_reads_every_list(console_of: ConsoleOf, held_lead: Lead, role: Role) -> None:
    console = console_of(role)
    lists = set(admin.site._registry) - {Invitation, LegalHold, Erasure}
    answers = {console.get(address(model, "changelist")).status_code for model in lists}
    assert answers == {200}
    matters = {console.get(address(model, "changelist")).status_code for model in (LegalHold, Erasure)}
    assert matters == {expected(role, {Deed.READ_MATTERS})}


def test_an_admin_cannot_make_an_owner(client: Client, member: Member, business: Business) -> None:
    viewer = member(Role.VIEWER).memberships.get()
    console = sign_in(client, member(Role.ADMIN))
    console.post(address(Membership, "change", viewer.pk), {"role": Role.OWNER})
    invitation = {"business": str(business.pk), "email": "new@example.com", "role": Role.OWNER}
    console.post(address(Invitation, "add"), invitation)
    assert not Invitation.objects.exists()
    assert not business.memberships.filter(role=Role.OWNER).exists()


def test_an_admin_cannot_touch_an_owner(client: Client, member: Member, owner: User) -> None:
    membership = owner.memberships.get()
    console = sign_in(client, member(Role.ADMIN))
    assert console.post(address(Membership, "change", membership.pk), {"role": "viewer"}).status_code == 403
    assert console.post(address(Membership, "remove", membership.pk), {"reason": "x"}).status_code == 403
    assert owner.memberships.get().role == Role.OWNER
