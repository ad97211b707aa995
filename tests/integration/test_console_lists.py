"""Finding things: searches, filters, the front page, and what a list asks of the database."""

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from compliance.models import Certificate
from leadping.accounts.models import Account, Business, User
from leadping.models import Event
from leadping.rows import Row
from leads.models import Lead, Submission
from sources.approval import draft_terms, submit_terms
from sources.lifecycle import pause_source
from sources.models import Source, Terms
from tests.console import address
from tests.prepared import prepared
from tests.senders import Sender, certificate, flat_lead
from tests.situations import REASON, SenderFactory, take_in


@prepared
def lead(waived_sender: Sender) -> Lead:
    return take_in(waived_sender, externalId="partner-7", email="Jordan@Example.com")


@pytest.mark.parametrize("text", ["(512) 555-0123", "+15125550123", "JORDAN@example.com", "partner-7"])
@pytest.mark.parametrize("model", [Lead, Submission])
def test_a_lead_is_found_by_phone_email_and_external_id(
    console: Client, lead: Lead, text: str, model: type[Model]
) -> None:
    row = lead if model is Lead else lead.submissions.get()
    assert str(row.pk) in console.get(address(model, "changelist"), {"q": text}).text


def test_what_does_not_match_is_not_shown(console: Client, lead: Lead) -> None:
    assert str(lead.pk) not in console.get(address(Lead, "changelist"), {"q": "+15125550199"}).text


@pytest.mark.parametrize("model", [Lead, Submission, Source, Terms, Account, Business, Event])
@pytest.mark.parametrize("where", ["search", "leads_lead_changelist", "leadping_event_changelist"])
def test_a_prefixed_id_in_any_search_box_leads_to_its_object(
    console: Client, lead: Lead, model: type[Row], where: str
) -> None:
    row = model._default_manager.order_by("-pk")[0]
    found = console.get(reverse(f"console:{where}"), {"q": f" {row.public_id.upper()} "})
    assert found.headers["Location"] == address(model, "change", row.pk)


def test_the_id_of_a_request_leads_to_its_submission(console: Client, lead: Lead) -> None:
    submission = lead.submissions.get()
    found = console.get(reverse("console:search"), {"q": submission.request_id})
    assert found.headers["Location"] == address(Submission, "change", submission.pk)


def test_submissions_are_filtered_by_outcome_and_code(console: Client, waived_sender: Sender) -> None:
    taken = take_in(waived_sender).submissions.get()
    waived_sender.post(flat_lead(email="nonsense"))
    refused = Submission.objects.get(outcome="refused")
    for query, shown, hidden in (
        ({"outcome__exact": "refused"}, refused, taken),
        ({"code": "email_invalid"}, refused, taken),
        ({"outcome__exact": "accepted", "within": "day"}, taken, refused),
    ):
        page = console.get(address(Submission, "changelist"), query).text
        assert str(shown.pk) in page
        assert str(hidden.pk) not in page


def test_leads_and_submissions_are_filtered_by_source(
    console: Client, lead: Lead, business: Business
) -> None:
    other = take_in(SenderFactory.create(business=business, waived=True))
    page = console.get(address(Lead, "changelist"), {"source": lead.source.public_id}).text
    assert str(lead.pk) in page
    assert str(other.pk) not in page


def test_the_stored_body_is_on_the_page_of_the_submission(console: Client, lead: Lead) -> None:
    page = console.get(address(Submission, "change", lead.submissions.get().pk)).text
    assert "&quot;externalId&quot;: &quot;partner-7&quot;" in page


def test_verdicts_are_told_in_plain_words(console: Client, sender: Sender) -> None:
    sender.post(flat_lead(email="nonsense", trustedFormUrl=None))
    page = console.get(address(Submission, "change", Submission.objects.get().pk)).text
    assert "Email invalid" in page
    assert "A TrustedForm certificate is required." in page
    assert 'href="/docs/errors/certificate_missing"' in page


def test_a_sandbox_answer_says_so(console: Client, sender: Sender, sandbox: str) -> None:
    lead = take_in(sender, trustedFormUrl=certificate("valid"))
    check = Certificate.objects.get().checks.get()
    assert lead.certificate_id == check.certificate_id
    assert "Sandbox" in console.get(address(type(check), "change", check.pk)).text


def test_text_that_was_sent_is_never_markup(console: Client, waived_sender: Sender) -> None:
    lead = take_in(
        waived_sender,
        firstName="<script>alert(1)</script>",
        product="<img src=x>",
        sourceMetadata={"a": "</pre><b>"},
    )
    for where in (
        address(Lead, "changelist"),
        address(Lead, "change", lead.pk),
        address(Submission, "change", lead.submissions.get().pk),
        address(Event, "changelist"),
    ):
        page = console.get(where).text
        assert "<script>alert" not in page
        assert "<img src=x>" not in page
        assert "</pre><b>" not in page


def test_the_source_list_tells_how_traffic_goes(console: Client, waived_sender: Sender) -> None:
    for _ in range(3):
        take_in(waived_sender)
    waived_sender.post(flat_lead(email="nonsense", bogus="1"))
    page = console.get(address(Source, "changelist")).text
    assert "75%" in page
    assert "Email invalid" in page


def queries(console: Client, where: str) -> list[str]:
    console.get(where)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert console.get(where).status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("model", [Source, Lead, Submission, Event, Terms, Certificate])
def test_a_list_asks_as_much_for_many_rows_as_for_one(
    console: Client, business: Business, waived_sender: Sender, model: type[Model]
) -> None:
    take_in(waived_sender, trustedFormUrl=certificate())
    few = queries(console, address(model, "changelist"))
    for _ in range(4):
        take_in(SenderFactory.create(business=business, waived=True), trustedFormUrl=certificate())
    many = queries(console, address(model, "changelist"))
    assert len(many) == len(few)
    assert not any("COUNT(" in query for query in many)


def test_a_long_list_has_pages(console: Client, business: Business) -> None:
    made = [
        Account(business=business, name=f"Desk {number:03}", created_at=timezone.now())
        for number in range(120)
    ]
    Account.objects.bulk_create(made)
    first, second, third = (
        console.get(address(Account, "changelist"), {"p": page}).text for page in (1, 2, 3)
    )
    assert ("Desk 049" in first, "Desk 050" in first) == (True, False)
    assert ("Desk 050" in second, "Desk 099" in second) == (True, True)
    assert ('rel="prev"' in first, 'rel="next"' in first) == (False, True)
    assert ('rel="prev"' in third, 'rel="next"' in third) == (True, False)


@pytest.mark.parametrize("page", ["0", "-3", "99", "x"])
def test_a_page_that_does_not_exist_is_no_error(console: Client, lead: Lead, page: str) -> None:
    assert console.get(address(Lead, "changelist"), {"p": page}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\0"},
        {"code": "\0"},
        {"source": "\0"},
        {"within": "\0"},
        {"outcome__exact": "\0"},
        {"p": "9" * 30},
    ],
)
@pytest.mark.django_db(transaction=True)
def test_nonsense_in_the_address_is_no_error(console: Client, query: dict[str, str]) -> None:
    assert console.get(address(Submission, "changelist"), query, follow=True).status_code == 200


def test_the_front_page_says_what_waits(
    console: Client, sender: Sender, sandbox: str, business: Business
) -> None:
    now = timezone.now()
    held = take_in(sender, firstName="Held", trustedFormUrl=certificate("mismatch"))
    sender.post(flat_lead(email="nonsense"))
    paused = SenderFactory.create(business=business, name="Paused source").source
    pause_source(paused, by="tests", reason="Wrong numbers.", now=now)
    draft = draft_terms(sender.source, {"states": ["TX"]}, by="tests", now=now)
    submit_terms(draft, by="tests", reason=REASON, now=now)
    page = console.get(reverse("console:index")).text
    assert address(Lead, "audit", held.pk) in page
    assert address(Source, "change", paused.pk) in page
    assert f"{sender.source}, terms 2" in page
    assert "Email invalid" in page


def test_the_front_page_of_a_calm_day_says_so(console: Client, sender: Sender) -> None:
    assert "Nothing waits for you" in console.get(reverse("console:index")).text


def test_the_front_page_of_a_new_installation_says_where_to_begin(console: Client) -> None:
    page = console.get(reverse("console:index")).text
    assert "Begin with a source" in page
    assert "Nothing waits for you" not in page


def test_history_tells_what_changed_by_whom_and_why(console: Client, sender: Sender, owner: User) -> None:
    console.post(address(Source, "pause", sender.source.pk), {"reason": "Too many wrong numbers."})
    page = console.get(address(Source, "history", sender.source.pk)).text
    assert "Source paused" in page
    assert "Too many wrong numbers." in page
    assert owner.email in page


def test_the_source_page_tells_what_leads_are_checked_against(console: Client, business: Business) -> None:
    sender = SenderFactory.create(
        business=business,
        terms={"states": ["TX"], "products": ["Medicare"], "trustedform_required": True},
        settings={"duplicate_rule": "refuse", "rate_per_minute": 60},
    )
    page = console.get(address(Source, "change", sender.source.pk)).text
    for sentence in (
        "The state is TX.",
        "The product is Medicare.",
        "While TrustedForm cannot be asked, the lead is held and asked about again.",
        "At most 60 requests come in a minute",
    ):
        assert sentence in page


@pytest.mark.parametrize(
    ("twist", "sentence"),
    [
        ({"enabled": False}, "This source is switched off."),
        ({"account": None}, "This source is not attached to an account."),
        ({"approved": False}, "This source is not approved for production traffic."),
    ],
)
def test_the_source_page_says_why_nothing_is_taken(
    console: Client, business: Business, twist: dict[str, object], sentence: str
) -> None:
    sender = SenderFactory.create(business=business, **twist)
    page = console.get(address(Source, "change", sender.source.pk)).text
    assert "Every lead of this source is refused now." in page
    assert sentence in page


def test_pages_carry_no_inline_script_or_style(console: Client, lead: Lead) -> None:
    for where in (
        reverse("console:index"),
        address(Source, "changelist"),
        address(Source, "change", lead.source.pk),
        address(Source, "draft", lead.source.pk),
        address(Lead, "change", lead.pk),
    ):
        page = console.get(where).text
        assert "<style" not in page
        assert " style=" not in page
        assert "<script>" not in page
