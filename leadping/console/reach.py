"""Who asks, and of which businesses they may see or do something."""

from uuid import UUID

from django.http import HttpRequest

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Deed, Role


def person(request: HttpRequest) -> User:
    """Whoever is signed in; the console lets nobody else come this far."""
    assert isinstance(request.user, User)
    return request.user


def reach(request: HttpRequest, deed: Deed = Deed.READ) -> frozenset[UUID]:
    """The businesses in which the person may do `deed`; asked once in a request."""
    known = request.__dict__.setdefault("reach", {})
    if deed not in known:
        known[deed] = frozenset(person(request).businesses(deed).values_list("pk", flat=True))
    return known[deed]


def is_owner(request: HttpRequest, business: Business) -> bool:
    """An admin may do nearly everything with members, but may not rise above an owner."""
    return person(request).memberships.filter(business=business, role=Role.OWNER).exists()
