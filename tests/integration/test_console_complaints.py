"""Complaints, thresholds and pauses in the console and the workspace."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leads.models import Complaint, Lead
from leads.pausing import pause_bad_sources
from sources.lifecycle import change_settings, delete_source, pause_source
from sources.models import Source
from tests.console import address
from tests.integration.test_pausing import bad, sent
from tests.post import waiting_mails
from tests.prepared import prepared
from tests.senders import Sender
from tests.situations import BY, REASON, complain, take_in


@prepared
def lead(waived_sender: Sender) -> Lead:
    return take_in(waived_sender, firstName="Jordan", lastName="Doe", trustedFormUrl=None)


FORM = {"kind": "complaint", "raised_by": "A carrier", "details": "Calls at night."}


def set_to(source: Source, **settings: Any) -> None:
    change_settings(source.settings, settings, by=BY, reason=REASON, now=timezone.now())


def test_a_complaint_about_a_lead_is_seen_wherever_the_lead_is(console: Client, lead: Lead) -> None:
    console.post(address(Lead, "complain", lead.pk), FORM)
    complaint = Complaint.objects.get()
    assert (complaint.lead, complaint.source) == (lead, lead.source)
    places = [
        address(Lead, "change", lead.pk),
        address(Source, "change", lead.source_id),
        reverse("workspace:lead", args=[lead.public_id]),
        address(Complaint, "changelist"),
        address(Complaint, "change", complaint.pk),
    ]
    for place in places:
        assert "A carrier" in console.get(place).text, place
    assert "Complaint recorded" in console.get(address(Complaint, "history", complaint.pk)).text
    assert "Complaint recorded" in console.get(address(Source, "history", lead.source_id)).text


def test_it_is_closed_with_outcome_and_reason_and_opened_again(console: Client, source: Source) -> None:
    complaint = complain(source)
    where = address(Complaint, "close", complaint.pk)
    assert "This field is required" in console.post(where, {"outcome": "upheld", "reason": " "}).text
    console.post(where, {"outcome": "upheld", "reason": "They called at night."})
    page = console.get(address(Complaint, "change", complaint.pk)).text
    assert "Upheld" in page
    assert "They called at night." in page
    assert "closed already" in console.post(where, {"outcome": "upheld", "reason": "Again."}).text
    console.post(address(Complaint, "reopen", complaint.pk), {"reason": "They did it again."})
    assert Complaint.objects.get().closed_at is None


def test_the_first_page_names_the_open_ones_the_oldest_first(console: Client, source: Source) -> None:
    assert "Open complaints and disputes" not in console.get("/console/").text
    complain(source, raised_by="", details="One.")
    complain(source, kind="dispute", details="Two.")
    complain(source, kind="opt_out", details="Three.")
    page = console.get("/console/").text
    assert "Open complaints and disputes" in page
    assert page.index("Complaint about") < page.index("Dispute about")
    assert "Opt-out about" not in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"state": "open"}, {"Dispute"}),
        ({"state": "closed"}, {"Opt-out"}),
        ({"kind__exact": "dispute"}, {"Dispute"}),
        ({"q": "Verizon"}, {"Dispute"}),
        ({"q": "nobody said this"}, set()),
    ],
)
def test_the_list_is_narrowed(
    console: Client, source: Source, query: dict[str, str], shown: set[str]
) -> None:
    complain(source, kind="dispute", raised_by="Verizon")
    complain(source, kind="opt_out", raised_by="Jordan")
    page = console.get(address(Complaint, "changelist"), query).text
    assert {kind for kind in ("Dispute", "Opt-out") if f"{kind} of " in page} == shown


def test_the_open_ones_stand_first(console: Client, source: Source) -> None:
    complain(source, kind="opt_out", raised_by="closed one")
    complain(source, raised_by="open one")
    page = console.get(address(Complaint, "changelist")).text
    assert page.index("open one") < page.index("closed one")


def test_an_opt_out_says_on_the_leads_page_that_nobody_may_be_contacted(console: Client, lead: Lead) -> None:
    console.post(address(Lead, "complain", lead.pk), {**FORM, "kind": "opt_out"})
    page = console.get(reverse("workspace:lead", args=[lead.public_id])).text
    assert "An opt-out was recorded" in page
    assert '<p class="answer">No</p>' in page


def test_the_page_of_a_held_lead_says_that_its_source_is_disputed(
    console: Client, waived_sender: Sender
) -> None:
    set_to(waived_sender.source, dispute_effect="hold")
    complain(waived_sender.source)
    held = take_in(waived_sender, trustedFormUrl=None)
    page = console.get(reverse("workspace:lead", args=[held.public_id])).text
    assert "A complaint or dispute about this source has been open since" in page
    assert "Source disputed" in console.get(address(Lead, "change", held.pk)).text


def test_the_page_of_a_source_says_what_each_threshold_stands_at(console: Client, source: Source) -> None:
    page = console.get(address(Source, "change", source.pk)).text
    assert "No threshold is set" in page
    set_to(source, pause_complaints=2)
    complain(Source.objects.get(pk=source.pk))
    assert "1 of 2 in the last 30 days" in console.get(address(Source, "change", source.pk)).text


def test_recording_the_complaint_that_pauses_says_so(console: Client, source: Source) -> None:
    set_to(source, pause_complaints=1)
    page = console.post(address(Source, "complain", source.pk), FORM, follow=True).text
    assert "reached its threshold and is paused" in page
    assert "Paused by itself" in page
    assert "Reopen it" in page
    assert str(source.pk) in console.get(address(Source, "changelist"), {"state": "paused"}).text


def test_one_click_and_a_reason_reopen_it(console: Client, source: Source) -> None:
    set_to(source, support_contact="desk@vendor.example")
    pause_source(source, by=BY, reason="Wrong numbers.", now=timezone.now())
    console.post(address(Source, "resume", source.pk), {"reason": "Mended."})
    stored = Source.objects.get(pk=source.pk)
    assert stored.paused_at is None
    assert stored.resumed_at
    assert [mail["subject"].split(":")[0] for mail in waiting_mails()] == [
        "Your leads are refused for now",
        "Your leads are taken again",
    ]


@pytest.mark.parametrize("value", ["0", "101", "-1", "x", "1e3"])
def test_a_percentage_is_from_one_to_a_hundred(console: Client, source: Source, value: str) -> None:
    page = console.get(address(Source, "settings", source.pk))
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: "" if given is None else given for name, given in sent.items()}
    changed = {"pause_bad_certificates": value, "reason": REASON, "version": str(source.version)}
    assert console.post(address(Source, "settings", source.pk), {**sent, **changed}).status_code == 200
    source.settings.refresh_from_db()
    assert source.settings.pause_bad_certificates is None


@pytest.mark.parametrize("details", ["a\x00b", "x" * 5001, "   "])
def test_hostile_words_are_an_error_of_the_form(console: Client, source: Source, details: str) -> None:
    page = console.post(address(Source, "complain", source.pk), {**FORM, "details": details})
    assert page.status_code == 200
    assert not Complaint.objects.exists()


def test_markup_in_a_complaint_stays_text(console: Client, source: Source) -> None:
    complaint = complain(source, raised_by="<b>x</b>", details="<script>1</script>\nsecond line")
    page = console.get(address(Complaint, "change", complaint.pk)).text
    assert "<script>1" not in page
    assert "second line" in page
    assert "<b>x</b>" not in console.get(address(Source, "change", source.pk)).text


def test_a_complaint_about_a_lead_stands_in_the_leads_history(console: Client, lead: Lead) -> None:
    complain(lead.source, lead=lead)
    complain(lead.source, details="Another one, about the source.")
    page = console.get(address(Lead, "history", lead.pk)).text
    assert page.count("Complaint recorded") == 1


def test_a_deleted_source_can_still_be_complained_of(console: Client, source: Source) -> None:
    delete_source(source, by=BY, reason=REASON, now=timezone.now())
    page = console.get(address(Source, "change", source.pk)).text
    assert "Record a complaint" in page
    assert address(Source, "settings", source.pk) not in page
    console.post(address(Source, "complain", source.pk), FORM)
    assert Complaint.objects.get().source == source


def test_the_banner_of_a_pause_shows_what_was_found_beside_the_threshold(
    console: Client, source: Source
) -> None:
    set_to(source, pause_bad_certificates=20, pause_bad_certificates_of=5)
    sent(source, 5, bad())
    pause_bad_sources(now=timezone.now())
    page = " ".join(console.get(address(Source, "change", source.pk)).text.split())
    assert "<td>5 of the last 5 (100 %)</td><td>20 %</td>" in page
    assert "<code>certificate_not_found</code> 5" in page
