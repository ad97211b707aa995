"""Links to posting instructions: what they open, how they end, and what is written about them."""

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from leadping.models import Event
from leadping.redaction import redact_log_line
from sources.lifecycle import delete_source
from sources.models import PostingLink, Source
from sources.posting_links import (
    PostingLinkError,
    find_open_link,
    make_link,
    note_opening,
    revoke_link,
    token_of,
)
from tests.races import at_once
from tests.situations import BY, REASON, MemberFactory, SenderFactory, sign_in
from tests.vendors import link_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(source: Source) -> PostingLink:
    return link_to(source)[0]


def test_its_token_opens_it_until_it_ends(link: PostingLink) -> None:
    token = token_of(link)
    assert find_open_link(token, now=link.expires_at - timedelta(seconds=1)) == link
    assert find_open_link(token, now=link.expires_at) is None


def test_a_revoked_one_opens_nothing_and_is_revoked_once(link: PostingLink) -> None:
    now = timezone.now()
    revoke_link(link, by=BY, reason=REASON, now=now)
    assert find_open_link(token_of(link), now=now) is None
    with pytest.raises(PostingLinkError, match="revoked already"):
        revoke_link(link, by=BY, reason=REASON, now=now)


def test_one_of_a_deleted_source_opens_nothing(link: PostingLink) -> None:
    delete_source(link.source, by=BY, reason=REASON, now=timezone.now())
    assert find_open_link(token_of(link), now=timezone.now()) is None


def test_a_forged_token_opens_nothing(link: PostingLink) -> None:
    public_id, _, signature = token_of(link).rpartition(".")
    other = signing.Signer(salt="another", sep=".").sign(public_id)
    forged = [public_id, f"{public_id}.", f"{public_id}.{signature[:-1]}", f"{public_id.upper()}.{signature}"]
    for token in (*forged, other, "", ".", "\x00", "é.é", f"{signature}.{public_id}", "a" * 5000):
        assert find_open_link(token, now=timezone.now()) is None


def test_a_new_secret_key_kills_all_links(link: PostingLink, settings: Settings) -> None:
    token = token_of(link)
    settings.SECRET_KEY = "another-" + "1" * 50
    signer = signing.Signer(salt="sources.posting_link", sep=".")
    assert signer.sign(link.public_id) != token


@pytest.mark.parametrize("days", [0, -1, 366])
def test_it_ends_within_a_year(source: Source, days: int) -> None:
    with pytest.raises(PostingLinkError, match="at most 365 days"):
        link_to(source, days=days)


@pytest.mark.parametrize("label", ["", "  ", "\x00"])
def test_it_says_for_whom_it_is(source: Source, label: str) -> None:
    now = timezone.now()
    with pytest.raises(PostingLinkError, match="for whom"):
        make_link(source, label=label, expires_at=now + timedelta(days=1), by=BY, reason=REASON, now=now)


def test_none_is_made_for_a_deleted_source(source: Source) -> None:
    delete_source(source, by=BY, reason=REASON, now=timezone.now())
    with pytest.raises(PostingLinkError, match="deleted"):
        link_to(source)


def test_making_and_revoking_are_events_without_the_token(link: PostingLink) -> None:
    revoke_link(link, by=BY, reason=REASON, now=timezone.now())
    events = Event.objects.filter(kind__startswith="posting_link.").order_by("id")
    assert [event.kind for event in events] == ["posting_link.made", "posting_link.revoked"]
    assert {(event.subject, event.data["link"]) for event in events} == {
        (link.source.public_id, link.public_id)
    }
    assert token_of(link).rpartition(".")[2] not in str([event.data for event in events])


def test_openings_are_noted_once_a_minute(link: PostingLink) -> None:
    now = timezone.now()
    for seconds in (0, 10, 59, 61):
        note_opening(link, now=now + timedelta(seconds=seconds))
    link.refresh_from_db()
    assert (link.times_opened, link.last_opened_at) == (2, now + timedelta(seconds=61))
    assert sum(Event.objects.filter(kind="posting_link.opened").values_list("count", flat=True)) == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_at_one_instant_one_opening_is_noted() -> None:
    link, _ = link_to(SenderFactory.create().source)
    now = timezone.now()
    at_once(6, lambda _: note_opening(link, now=now))
    link.refresh_from_db()
    assert link.times_opened == 1


def test_no_log_line_holds_a_token(link: PostingLink) -> None:
    token = token_of(link)
    for text in (f"/instructions/{token}", f"%2Finstructions%2F{token}", token.replace(".", "%2E")):
        line = redact_log_line(f'{{"path": "{text}/openapi.json"}}')
        assert token.rpartition(".")[2] not in line
        assert link.public_id in line


# --- in the console


def page_of(source: Source, name: str) -> str:
    return f"/console/sources/source/{source.pk}/{name}/"


def signed_in(business: Business, role: Role) -> Client:
    client = Client()
    user: User = MemberFactory.create(business=business, role=role)
    sign_in(client, user)
    return client


def test_a_link_is_made_shown_and_revoked_in_the_console(business: Business, source: Source) -> None:
    client = signed_in(business, Role.ADMIN)
    made = client.post(
        page_of(source, "new_link"),
        {"label": "Jo at Leads Ltd", "days": "10", "reason": "Go live."},
        follow=True,
    )
    link = PostingLink.objects.get()
    assert f"http://testserver/instructions/{token_of(link)}" in made.text
    assert (link.expires_at - timezone.now()).days in {9, 10}
    again = client.get(page_of(source, "instructions"))
    assert token_of(link) in again.text
    revoke = f"/console/sources/postinglink/{link.pk}/revoke/"
    assert revoke in again.text
    gone = client.post(revoke, {"reason": "They left."}, follow=True)
    assert token_of(link) not in gone.text
    assert "Revoked" in gone.text


@pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.OPERATOR, Role.VIEWER])
def test_who_may_not_manage_sources_sees_the_links_but_no_address(
    business: Business, source: Source, role: Role
) -> None:
    link, path = link_to(source)
    client = signed_in(business, role)
    pages = [
        client.get(page_of(source, "instructions")),
        client.get(f"/console/sources/postinglink/{link.pk}/change/"),
        client.get(page_of(source, "as_vendor")),
    ]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert all(path not in page.text for page in pages)
    assert link.label in pages[0].text


def test_an_expired_link_is_told(business: Business, source: Source) -> None:
    _, path = link_to(source, days=1, now=timezone.now() - timedelta(days=5))
    page = signed_in(business, Role.OWNER).get(page_of(source, "instructions")).text
    assert "Expired" in page
    assert path not in page


def test_looking_at_it_as_the_vendor_counts_as_no_opening(business: Business, source: Source) -> None:
    link, _ = link_to(source)
    page = signed_in(business, Role.OWNER).get(page_of(source, "as_vendor"))
    link.refresh_from_db()
    assert f"How to post leads for {source.name}" in page.text
    assert link.times_opened == 0
