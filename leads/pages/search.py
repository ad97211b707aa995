"""The search box: one text, and whatever of ours it may name.

What is compared has an index: phone, email, external id, and the ids that we give. Names have none.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q, QuerySet

from leadping.accounts.models import Business
from leadping.ids import id_after, parse_public_id
from leadping.models import Event
from leads.intake.payload.phones import Phone, read_phone
from leads.models import Lead, Submission
from leads.pages.addresses import lead_address, source_address, submission_address
from sources.models import Source

# A batch whose certificates have to be asked about takes its time.
LONGEST_REQUEST = timedelta(hours=1)

# The ids by which several leads can be meant.
COLUMNS = {"conv": "conversation", "cert": "certificate"}


def search_condition(text: str) -> Q:
    """The leads that the text may mean."""
    for prefix, column in COLUMNS.items():
        if row_id := parse_public_id(prefix, text):
            return Q((column, row_id))
    condition = Q(external_id=text)
    if "@" in text:
        condition |= Q(email_key=text.lower())
    phone = read_phone(text)
    if isinstance(phone, Phone):
        condition |= Q(phone=phone.number)
    return condition


def find_page(text: str, businesses: Sequence[Business]) -> str | None:
    """The address of the one thing that the id names, if it is of these businesses."""
    if event := Event.named(text).filter(business__in=businesses).first():
        text = event.subject
    if lead := Lead.named(text).filter(business__in=businesses).only("id").first():
        return lead_address(lead.public_id)
    if source := Source.named(text).filter(business__in=businesses).only("id").first():
        return source_address(source.public_id)
    for named in (Submission.named(text), named_submissions(text)):
        if submission := named.filter(business__in=businesses).only("id").first():
            return submission_address(submission.public_id)
    return None


def named_submissions(request_id: str) -> QuerySet[Submission]:
    """By the id of a request, which says when it was made, so that few submissions are looked at."""
    row_id = parse_public_id("req", request_id)
    if row_id is None:
        return Submission.objects.none()
    latest = id_after(row_id, LONGEST_REQUEST)
    return Submission.objects.filter(request_id=request_id.strip().lower(), id__range=(row_id, latest))
