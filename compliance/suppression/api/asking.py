"""Who asks, for which business and account, and about whom."""

from typing import cast

from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from compliance.suppression.api.shapes import Contacts
from compliance.suppression.contacts import ContactFault, ContactPoint, read_email, read_phone
from leadping.accounts.models import Account, Business, User
from leadping.accounts.roles import Deed
from leadping.sent_bodies import fault, invalid


def asking_user(request: Request) -> User:
    return cast(User, request.user)


def find_business(user: User, sent: Contacts, deed: Deed) -> Business:
    """The one that is named, or the only one in which the user may do it. A business of others is none.

    Raises ProblemError and PermissionDenied.
    """
    if sent.business_id is not None:
        named = Business.named(sent.business_id).filter(pk__in=user.businesses().values("pk")).first()
        if named is None:
            raise invalid([fault("businessId", "This is none of your businesses.")])
        if not user.may(deed, named):
            raise PermissionDenied
        return named
    allowed = list(user.businesses(deed).order_by("name")[:2])
    if not allowed:
        raise PermissionDenied
    if len(allowed) > 1:
        raise invalid([fault("businessId", "You belong to several businesses: say which one is meant.")])
    return allowed[0]


def find_account(business: Business, sent: Contacts) -> Account | None:
    """Raises ProblemError."""
    if sent.account_id is None:
        return None
    account = Account.named(sent.account_id).filter(business=business).first()
    if account is None:
        raise invalid([fault("accountId", "This is no account of the business.")])
    return account


def read_contacts(sent: Contacts) -> list[ContactPoint]:
    """At least one. Raises ProblemError."""
    contacts, faults = [], []
    for name, text, read in (("phone", sent.phone, read_phone), ("email", sent.email, read_email)):
        if text is None:
            continue
        try:
            contacts.append(read(text))
        except ContactFault as told:
            faults.append(fault(name, str(told)))
    if faults:
        raise invalid(faults)
    if not contacts:
        raise invalid([fault("phone", "Send a phone number or an email address.")])
    return contacts


def read_one_contact(sent: Contacts) -> ContactPoint:
    """Raises ProblemError."""
    contacts = read_contacts(sent)
    if len(contacts) > 1:
        raise invalid([fault("email", "Send either a phone or an email: each gets an entry of its own.")])
    return contacts[0]
