"""The list of leads: whose they are, how they are filtered, found and paged."""

import re
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from leadping.accounts.businesses import add_member
from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from leads.models import Lead, Submission
from leads.pages import lead_list, paging
from tests.prepared import prepared
from tests.senders import Sender, certificate, flat_lead
from tests.situations import BY, REASON, MemberFactory, SenderFactory, take_in

LIST = "/workspace/leads/"


@pytest.fixture
def operator(client: Client, owner: User) -> Client:
    """The browser of somebody who belongs to `business`."""
    client.force_login(owner)
    return client


@prepared
def foreign_lead(other_business: Business) -> Lead:
    return take_in(SenderFactory(business=other_business, waived=True), externalId="theirs")


def listed(client: Client, address: str = LIST, **query: str) -> list[str]:
    """The public ids of the leads on the page, in its order."""
    response = client.get(address, query)
    assert response.status_code == 200
    return [row.address.split("/")[-2] for row in response.context["rows"]]


def link(client: Client, address: str, text: str) -> str | None:
    """Where the link with this text leads to, if the page has one."""
    page = client.get(address).content.decode()
    match = re.search(rf'href="([^"]+)">{text}</a>', page)
    return unescape(match[1]) if match else None


def test_who_is_not_signed_in_is_sent_to_sign_in(client: Client, db: None) -> None:
    response = client.get(LIST)
    assert (response.status_code, response["Location"]) == (302, f"/account/sign-in/?next={LIST}")


def test_htmx_reloads_the_page_when_the_session_has_ended(client: Client, db: None) -> None:
    response = client.get(LIST, headers={"HX-Request": "true"})
    assert (response.content, response["HX-Refresh"]) == (b"", "true")


def test_no_cache_keeps_a_page(operator: Client) -> None:
    assert "no-store" in operator.get(LIST)["Cache-Control"]


def test_the_leads_of_all_the_users_businesses_are_listed_newest_first(
    operator: Client, owner: User, waived_sender: Sender, other_business: Business, foreign_lead: Lead
) -> None:
    older, newer = (take_in(waived_sender).public_id for _ in range(2))
    assert listed(operator) == [newer, older]
    add_member(other_business, owner.email, Role.VIEWER, by=BY, reason=REASON, now=foreign_lead.created_at)
    assert listed(operator) == [newer, older, foreign_lead.public_id]
    assert listed(operator, business=other_business.public_id) == [foreign_lead.public_id]


def test_nothing_of_another_business_is_found_or_filtered_for(
    operator: Client, foreign_lead: Lead, other_business: Business
) -> None:
    submission = foreign_lead.submissions.get()
    texts = (
        *(foreign_lead.public_id, submission.public_id, submission.request_id, foreign_lead.phone),
        *(foreign_lead.email, "theirs", foreign_lead.source.public_id, foreign_lead.conversation.public_id),
    )
    assert [listed(operator, q=text) for text in texts] == [[]] * len(texts)
    assert listed(operator, source=foreign_lead.source.public_id) == []
    assert listed(operator, business=other_business.public_id) == []
    assert foreign_lead.source.name not in operator.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "accepted"}, {"plain", "insurance"}),
        ({"status": "audit"}, {"held"}),
        ({"state": "OK"}, {"insurance"}),
        ({"product": "final EXPENSE"}, {"plain", "held"}),
        ({"tag": "web"}, {"plain", "insurance", "held"}),
        ({"tag": "we"}, set()),
        ({"since": "0001-01-01", "until": "9999-12-30"}, {"plain", "insurance", "held"}),
        ({"until": "2020-01-01"}, set()),
        ({"since": "2099-01-01"}, set()),
        ({"state": "TX", "status": "audit"}, {"held"}),
        ({"q": "plain", "status": "audit"}, set()),
    ],
)
def test_each_filter_narrows_the_list(
    operator: Client, business: Business, sandbox: str, query: dict[str, str], found: set[str]
) -> None:
    sender = SenderFactory(business=business, settings__tags=["web"])
    leads = [
        take_in(sender, externalId="plain"),
        take_in(sender, externalId="insurance", state="OK", product="Auto insurance"),
        take_in(sender, externalId="held", trustedFormUrl=certificate("mismatch")),
    ]
    expected = [lead.public_id for lead in reversed(leads) if lead.external_id in found]
    assert listed(operator, **query) == expected


def test_the_source_filter_narrows_the_list(operator: Client, business: Business) -> None:
    one, _ = (take_in(SenderFactory(business=business, waived=True)) for _ in range(2))
    assert listed(operator, source=one.source.public_id) == [one.public_id]


def test_a_source_beyond_those_offered_can_still_be_filtered_by(
    operator: Client, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead_list, "OFFERED", 1)
    for lead in [take_in(SenderFactory(business=business, waived=True)) for _ in range(2)]:
        assert listed(operator, source=lead.source.public_id) == [lead.public_id]


def test_a_filter_that_cannot_be_read_is_explained_beside_it(operator: Client, waived_sender: Sender) -> None:
    take_in(waived_sender)
    response = operator.get(LIST, {"since": "yesterday"})
    assert "Enter a valid date." in response.content.decode()
    assert response.context["rows"] == []


@pytest.mark.parametrize(
    "text",
    [
        *(
            "+15125550123",
            "5125550123",
            "(512) 555-0123",
            "1-512-555-0123",
            "512.555.0123",
            " +1 512 555 0123 ",
        ),
        *("Jordan@Example.com", "jordan@example.com", "Partner/88391"),
    ],
)
def test_a_lead_is_found_by_phone_email_and_external_id(
    operator: Client, waived_sender: Sender, text: str
) -> None:
    lead = take_in(waived_sender, email="Jordan@example.com", externalId="Partner/88391")
    take_in(waived_sender, phone="+15125550199", email="another@example.com", externalId="other")
    assert listed(operator, q=text) == [lead.public_id]


def test_the_ids_of_conversation_and_certificate_find_their_leads(
    operator: Client, sender: Sender, sandbox: str
) -> None:
    lead = take_in(sender)
    assert lead.certificate
    for named in (lead.conversation, lead.certificate):
        assert listed(operator, q=named.public_id) == [lead.public_id]


def test_an_id_of_one_thing_leads_straight_to_it(operator: Client, waived_sender: Sender) -> None:
    lead = take_in(waived_sender)
    submission = lead.submissions.get()
    to_lead, to_submission = f"{LIST}{lead.public_id}/", f"/workspace/submissions/{submission.public_id}/"
    for text, address in (
        (lead.public_id.upper(), to_lead),
        (submission.public_id, to_submission),
        (submission.request_id, to_submission),
        (lead.source.public_id, f"{LIST}?source={lead.source.public_id}"),
    ):
        assert operator.get(LIST, {"q": text})["Location"] == address
    told = operator.get(LIST, {"q": lead.public_id}, headers={"HX-Request": "true"})
    assert told["HX-Redirect"] == to_lead


@pytest.mark.parametrize("text", ["Jordan", "req_" + "7" + "z" * 25, "lead_x", "\0", "%", "'; --", "x" * 401])
def test_what_names_nothing_finds_nothing(operator: Client, waived_sender: Sender, text: str) -> None:
    take_in(waived_sender)
    assert listed(operator, q=text) == []


def test_older_and_newer_pages_meet_without_a_gap(
    operator: Client, waived_sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    newest_first = [take_in(waived_sender).public_id for _ in range(5)][::-1]
    addresses: list[str | None] = [f"{LIST}?state=TX"]
    while addresses[-1]:
        addresses.append(link(operator, addresses[-1], "Older →"))
    pages = [listed(operator, address) for address in addresses if address]
    assert pages == [newest_first[:2], newest_first[2:4], newest_first[4:]]
    back = link(operator, str(addresses[2]), "← Newer")
    assert listed(operator, str(back)) == newest_first[2:4]
    back = link(operator, str(back), "← Newer")
    assert listed(operator, str(back)) == newest_first[:2]


def test_a_rare_value_is_looked_for_stretch_by_stretch(
    operator: Client, waived_sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "STRETCH", 2)
    rare = take_in(waived_sender, state="OK")
    for _ in range(3):
        take_in(waived_sender)
    assert listed(operator, state="OK") == []
    further = link(operator, f"{LIST}?state=OK", "Look further back →")
    assert listed(operator, str(further)) == [rare.public_id]


def test_a_list_costs_the_same_number_of_queries_however_long_it_is(
    operator: Client, waived_sender: Sender, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        take_in(waived_sender, phone=f"+1512555{number:04}")
    listed(operator)
    with django_assert_max_num_queries(11):
        assert len(listed(operator, state="TX")) == 12


def test_held_leads_are_announced_and_marked(
    operator: Client, sender: Sender, sandbox: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead_list, "MOST_COUNTED", 3)
    said = []
    for _ in range(3):
        take_in(sender, trustedFormUrl=certificate("mismatch"))
        response = operator.get(LIST)
        assert all(row.held for row in response.context["rows"])
        assert f"{response.context['held']} for a decision" in response.content.decode()
        said.append(response.context["held"])
    assert said == ["1 held lead waits", "2 held leads wait", "2+ held leads wait"]


def test_htmx_gets_the_results_alone_under_a_tidy_address(operator: Client, waived_sender: Sender) -> None:
    take_in(waived_sender)
    response = operator.get(LIST, {"q": "", "state": "TX"}, headers={"HX-Request": "true"})
    assert response.content.decode().startswith('<section id="results"')
    assert response["HX-Push-Url"] == f"{LIST}?state=TX"


def test_an_empty_list_says_what_to_do_next(operator: Client, client: Client, db: None) -> None:
    assert "curl http://testserver/leads/intake" in operator.get(LIST).content.decode()
    stranger = MemberFactory()
    stranger.memberships.all().delete()
    client.force_login(stranger)
    assert "You belong to no business yet" in client.get(LIST).content.decode()


def test_a_refused_submission_has_a_page_of_its_own(operator: Client, waived_sender: Sender) -> None:
    waived_sender.post(flat_lead(phone="555-01", email=None))
    refused = Submission.objects.get()
    page = operator.get(f"/workspace/submissions/{refused.public_id}/").content.decode()
    assert "The phone number has too few digits." in page
    assert 'href="/docs/errors/phone_invalid"' in page


def test_a_submission_of_another_business_is_not_found(operator: Client, foreign_lead: Lead) -> None:
    submission = foreign_lead.submissions.get()
    assert operator.get(f"/workspace/submissions/{submission.public_id}/").status_code == 404
