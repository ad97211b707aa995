"""Writing terms: the example judged as one saves, narrowing at once, an approval that runs out."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from leadping.models import Event
from sources.models import Review, Source, Terms
from tests.prepared import prepared
from tests.reviews import decide, narrow, sealed, submit
from tests.senders import Sender, flat_lead
from tests.situations import REASON, SenderFactory, change_terms, sign_in

GOOD = {"firstName": "Jordan", "phone": "+15125550123", "state": "TX"}


@prepared
def two_states(business: Business) -> Sender:
    exception = {"trustedform_required": False, "exception_reason": "A form of our own."}
    return SenderFactory.create(business=business, terms={"states": ["TX", "OK"], **exception})


def address(source: Source, page: str) -> str:
    return reverse(f"console:sources_source_{page}", args=[source.pk])


def save(console: Client, source: Source, **fields: str) -> str:
    """Saves a draft; gives the page that follows."""
    form = {"exception_reason": "A form of our own.", "certificate_retention": "none", **fields}
    return console.post(address(source, "draft"), form, follow=True).text


def test_the_example_is_judged_as_the_draft_is_saved(console: Client, two_states: Sender) -> None:
    example = json.dumps({**GOOD, "state": "FL", "trusted_form": "x"})
    page = save(console, two_states.source, states="TX, OK", example_payload=example)
    assert "State not allowed" in page
    assert "FL is not allowed; allowed: TX, OK." in page


def test_a_draft_is_saved_whatever_becomes_of_its_example(console: Client, two_states: Sender) -> None:
    page = save(console, two_states.source, states="TX", example_payload="{nonsense")
    assert "JSON malformed" in page
    assert Terms.objects.get(status="draft").example_payload == "{nonsense"


def test_a_good_example_is_said_to_be_accepted(console: Client, two_states: Sender) -> None:
    page = save(console, two_states.source, states="TX", example_payload=json.dumps(GOOD))
    assert "Every rule is content" in page


def test_nothing_is_stored_of_an_example(console: Client, two_states: Sender) -> None:
    save(console, two_states.source, states="TX", example_payload=json.dumps(GOOD))
    assert not two_states.source.submissions.exists()


def test_a_real_key_in_an_example_is_refused_in_the_form(console: Client, two_states: Sender) -> None:
    example = json.dumps({**GOOD, "note": two_states.issued.api_key})
    page = save(console, two_states.source, states="TX", example_payload=example)
    assert "looks like a real key" in page
    assert not Terms.objects.filter(status="draft").exists()


def test_the_example_of_a_form_with_faults_is_judged_too(console: Client, two_states: Sender) -> None:
    page = save(console, two_states.source, states="Texsas", example_payload=json.dumps(GOOD))
    assert "Nothing is saved yet" in page
    assert "Every rule is content" in page


def test_every_field_of_the_terms_can_be_written(console: Client, two_states: Sender) -> None:
    page = console.get(address(two_states.source, "draft")).text
    assert [name for name in Terms.CONTENT if f'name="{name}"' not in page] == []


def test_what_only_narrows_can_be_applied_at_once(console: Client, two_states: Sender, owner: User) -> None:
    page = save(console, two_states.source, states="TX")
    assert "Only narrows" in page
    assert address(two_states.source, "narrow") in page
    narrow(console, two_states.source, "Oklahoma is full.")
    source = Source.objects.get()
    assert source.terms_in_force
    assert source.terms_in_force.states == ["TX"]
    review = Review.objects.latest("id")
    assert (review.decision, review.by, review.reason) == ("narrowed", owner.public_id, "Oklahoma is full.")
    lead = flat_lead(state="OK", trustedFormUrl=None)
    assert two_states.post(lead).status_code == 400


def test_a_narrowing_keeps_what_its_page_showed(console: Client, two_states: Sender) -> None:
    save(console, two_states.source, states="TX", example_payload=json.dumps(GOOD))
    narrow(console, two_states.source)
    seen = Review.objects.latest("id").seen
    assert (seen["terms"]["states"], seen["example"]["outcome"]) == (["TX"], "accepted")
    assert {"field": "states", "before": ["TX", "OK"], "after": ["TX"]} in seen["difference"]


def test_what_was_drafted_since_the_page_was_opened_is_not_applied(
    console: Client, two_states: Sender
) -> None:
    save(console, two_states.source, states="TX")
    where = address(two_states.source, "narrow")
    opened = sealed(console.get(where).text)
    save(console, two_states.source, states="OK")
    page = console.post(where, {"reason": "Complaints.", **opened})
    assert "changed since you opened this page" in page.text
    assert not Review.objects.filter(decision="narrowed").exists()


@pytest.mark.parametrize("shown", [True, False], ids=["of another draft", "of none"])
def test_a_draft_that_the_page_did_not_show_is_not_submitted(
    console: Client, two_states: Sender, shown: bool
) -> None:
    save(console, two_states.source, states="FL")
    where = address(two_states.source, "submit")
    opened = sealed(console.get(where).text) if shown else {}
    save(console, two_states.source, states="NY")
    page = console.post(where, {"reason": "A new site.", **opened})
    assert "changed since you opened this page" in page.text
    assert Terms.objects.get(number=2).status == "draft"


def test_a_draft_keeps_the_note_of_who_wrote_it(console: Client, two_states: Sender) -> None:
    save(console, two_states.source, states="TX", reason="Oklahoma ends.")
    save(console, two_states.source, states="OK", reason="No, Texas does.")
    noted = Event.objects.filter(kind__in=["terms.drafted", "terms.redrafted"]).order_by("-id")[:2]
    assert [event.reason for event in noted] == ["No, Texas does.", "Oklahoma ends."]


def test_the_reviewer_reads_what_changes_and_why(console: Client, two_states: Sender) -> None:
    save(console, two_states.source, states="FL")
    submit(console, two_states.source, "The site opens in Florida.")
    review = reverse("console:sources_terms_review", args=[Terms.objects.get(number=2).pk])
    for where in (reverse("console:sources_terms_queue"), review):
        assert "The site opens in Florida." in console.get(where).text


def test_what_the_reviewer_read_of_it_is_kept(
    console: Client, two_states: Sender, member: Callable[[Role], User]
) -> None:
    save(console, two_states.source, states="FL")
    submit(console, two_states.source, "The site opens in Florida.")
    reviewer = Client()
    sign_in(reviewer, member(Role.COMPLIANCE))
    decide(reviewer, Terms.objects.get(number=2))
    review = Review.objects.latest("id")
    assert review.seen["asked"] == "The site opens in Florida."
    kept = reverse("console:sources_review_change", args=[review.pk])
    assert "The site opens in Florida." in console.get(kept).text


def test_terms_that_were_taken_back_are_submitted_with_a_reason_anew(
    console: Client, two_states: Sender
) -> None:
    save(console, two_states.source, states="FL")
    submit(console, two_states.source, "The site opens in Florida.")
    console.post(address(two_states.source, "withdraw"), {"reason": REASON})
    assert Terms.objects.get(number=2).submitted_reason == ""


def test_a_draft_that_was_applied_is_used_up(console: Client, two_states: Sender) -> None:
    save(console, two_states.source, states="TX")
    narrow(console, two_states.source, "Oklahoma is full.")
    assert list(Terms.objects.order_by("number").values_list("number", "status")) == [
        (1, "superseded"),
        (2, "approved"),
    ]


def test_what_widens_is_named_and_needs_a_review(console: Client, two_states: Sender) -> None:
    page = save(console, two_states.source, states="TX, OK, FL", publisher="Bluebonnet")
    assert "Needs a review" in page
    assert "States: FL would be added." in page
    assert address(two_states.source, "narrow") not in page
    answer = narrow(console, two_states.source, "Quickly.").text
    assert "needs a review" in answer
    assert Source.objects.get().terms_in_force_id == two_states.source.terms_in_force_id


def test_who_may_not_approve_is_offered_no_narrowing(
    client: Client, member: Callable[[Role], User], two_states: Sender
) -> None:
    sign_in(client, member(Role.ADMIN))
    page = save(client, two_states.source, states="TX")
    assert "Somebody from compliance can apply it" in page
    assert client.post(address(two_states.source, "narrow"), {"reason": "Me."}).status_code == 403


def test_a_draft_leads_on_to_submitting_and_can_be_taken_back(console: Client, two_states: Sender) -> None:
    page = save(console, two_states.source, states="FL", _submit="")
    assert "Submit for decision" in page
    submit(console, two_states.source, "A new site.")
    console.post(address(two_states.source, "withdraw"), {"reason": REASON})
    assert Terms.objects.get(number=2).status == "draft"


def test_terms_in_force_stay_so_while_others_wait(console: Client, two_states: Sender) -> None:
    save(console, two_states.source, states="FL")
    submit(console, two_states.source, "A new site.")
    assert two_states.post(flat_lead(state="OK", trustedFormUrl=None)).status_code == 201


@pytest.mark.parametrize(("days", "shown"), [(13, True), (15, False)])
def test_an_approval_that_ends_is_announced_two_weeks_ahead(
    console: Client, source: Source, days: int, shown: bool
) -> None:
    Terms.objects.update(expires_at=timezone.now() + timedelta(days=days, minutes=1))
    front, page = console.get(reverse("console:index")).text, console.get(address(source, "change")).text
    assert ("Approvals that end soon" in front, "The approval ends on" in page) == (shown, shown)
    listed = console.get(reverse("console:sources_source_changelist"), {"state": "expiring"}).text
    assert (str(source.pk) in listed) is shown


def test_an_approval_that_ended_is_said_to_stop_every_lead(console: Client, source: Source) -> None:
    Terms.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    page = console.get(address(source, "change")).text
    assert "Every lead of this source is refused now." in page
    assert "Approval expired" in page
    listed = console.get(reverse("console:sources_source_changelist"), {"state": "stopped"}).text
    assert str(source.pk) in listed


def test_conditions_and_end_are_shown_wherever_the_terms_are(console: Client, source: Source) -> None:
    Terms.objects.update(conditions="Texas only.", expires_at=timezone.now() + timedelta(days=90))
    assert source.terms_in_force
    terms_page = reverse("console:sources_terms_change", args=[source.terms_in_force.pk])
    for where in (address(source, "change"), terms_page):
        assert "Texas only." in console.get(where).text


def test_history_of_the_terms_lists_their_decisions(console: Client, source: Source) -> None:
    change_terms(source, states=["TX"])
    first = source.terms.get(number=1)
    page = console.get(reverse("console:sources_terms_change", args=[first.pk])).text
    assert "Superseded" in page
    assert "Approved" in page


def test_the_page_that_submits_says_once_more_that_the_example_is_refused(
    console: Client, two_states: Sender
) -> None:
    example = json.dumps({"firstName": "Jordan", "phone": "+15125550123", "state": "WY"})
    save(console, two_states.source, states="TX", example_payload=example)
    page = console.get(address(two_states.source, "submit")).text
    assert "What intake makes of the example: Refused." in page
    assert "WY is not allowed" in page
