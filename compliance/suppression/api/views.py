"""The suppression list for users' own programs: reading it, adding to it, releasing, asking, opting out."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from compliance.problems import SUPPRESSION_RELEASED
from compliance.suppression.api import contract
from compliance.suppression.api.asking import (
    asking_user,
    find_account,
    find_business,
    read_contacts,
    read_one_contact,
)
from compliance.suppression.api.descriptions import describe, describe_answer, describe_heard
from compliance.suppression.api.listing import read_parameters
from compliance.suppression.api.shapes import (
    ContactQuestion,
    NewSuppression,
    Release,
    SaidWords,
    SuppressionPage,
)
from compliance.suppression.hearing import hear_opt_out
from compliance.suppression.looking import entries_of
from compliance.suppression.models import Suppression
from compliance.suppression.verbs import (
    CHANNELS,
    SuppressionError,
    release_suppression,
    suppress,
)
from leadping.accounts.roles import Deed
from leadping.addresses import Address
from leadping.api import ProblemError
from leadping.bodies import json_response
from leadping.paging import take_page
from leadping.parameters import address_beside
from leadping.problems import PARAMETER_INVALID
from leadping.sent_bodies import fault, invalid, read_body

# Of one contact, of what was released.
MOST_TOLD = 100


def find_entry(request: Request, id: str) -> Suppression:
    """Raises Http404, for another business's entry as for none."""
    entry = Suppression.named(id).filter(business__in=asking_user(request).businesses()).first()
    if entry is None:
        raise Http404
    return entry


class SuppressionsView(Address):
    @contract.LIST
    def get(self, request: Request) -> HttpResponse:
        wanted = read_parameters(request.query_params)
        if wanted.faults:
            raise ProblemError(PARAMETER_INVALID, wanted.faults)
        found = Suppression.objects.filter(wanted.condition)
        scopes = [found.filter(business=business) for business in asking_user(request).businesses()]
        page = take_page(scopes, wanted.cursor, wanted.size)
        return json_response(
            SuppressionPage(
                results=[describe(entry) for entry in page.rows],
                next=address_beside(request, page.older),
                previous=address_beside(request, page.newer),
            )
        )

    @contract.CREATE
    def post(self, request: Request) -> HttpResponse:
        sent = read_body(request, NewSuppression)
        user = asking_user(request)
        business = find_business(user, sent, Deed.SUPPRESS)
        contact = read_one_contact(sent)
        try:
            made = suppress(
                business,
                contact,
                channel=sent.channel or CHANNELS[contact.kind][0],
                account=find_account(business, sent),
                origin=Suppression.Origin.API,
                note=sent.note,
                by=user.public_id,
                now=timezone.now(),
            )
        except SuppressionError as refusal:
            raise invalid([fault("channel", str(refusal))]) from refusal
        response = json_response(describe(made.entry))
        response.status_code = 201 if made.added else 200
        return response


class SuppressionView(Address):
    @contract.READ
    def get(self, request: Request, id: str) -> HttpResponse:
        return json_response(describe(find_entry(request, id)))


class ReleaseView(Address):
    @contract.RELEASE
    def post(self, request: Request, id: str) -> HttpResponse:
        entry, user = find_entry(request, id), asking_user(request)
        if not user.may(Deed.RELEASE_SUPPRESSED, entry.business):
            raise PermissionDenied
        sent = read_body(request, Release)
        try:
            release_suppression(entry, by=user.public_id, reason=sent.reason, now=timezone.now())
        except SuppressionError as refusal:
            raise ProblemError(SUPPRESSION_RELEASED) from refusal
        return json_response(describe(entry))


class CheckView(Address):
    """By POST, so that no phone or email stands in an address, which proxies write down."""

    @contract.CHECK
    def post(self, request: Request) -> HttpResponse:
        sent = read_body(request, ContactQuestion)
        business = find_business(asking_user(request), sent, Deed.READ)
        contacts, account = read_contacts(sent), find_account(business, sent)
        known = entries_of(business.pk, account.pk if account else None, contacts)
        live, released = known.filter(released_at=None), known.exclude(released_at=None)
        return json_response(
            describe_answer(contacts, list(live.order_by("id")), list(released.order_by("-id")[:MOST_TOLD]))
        )


class OptOutsView(Address):
    """For whatever system receives what people write: it need not know which words count."""

    # Whoever asks us to stop is heard, however much the same user's programs ask for otherwise.
    throttle_classes = ()

    @contract.OPT_OUT
    def post(self, request: Request) -> HttpResponse:
        sent = read_body(request, SaidWords)
        user = asking_user(request)
        business = find_business(user, sent, Deed.SUPPRESS)
        heard = hear_opt_out(
            business,
            sent.text,
            heard_by=sent.heard_by,
            contacts=read_contacts(sent),
            account=find_account(business, sent),
            by=user.public_id,
            now=timezone.now(),
        )
        return json_response(describe_heard(heard))
