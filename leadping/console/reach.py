"""Who asks, and of which businesses they may see or do something."""

from uuid import UUID

from django.http import HttpRequest

from leadping.accounts.models import Business, User
from leadping.accounts.roles import ALLOWED, Deed, Role


def person(request: HttpRequest) -> User:
    """Whoever is signed in; the console lets nobody else come this far."""
    assert isinstance(request.user, User)
    return request.user


def reach(request: HttpRequest, deed: Deed = Deed.READ) -> frozenset[UUID]:
    """The businesses in which the person may do `deed`; their roles are asked for once in a request."""
    if "roles" not in request.__dict__:
        memberships = person(request).memberships.values_list("business_id", "role")
        request.__dict__["roles"] = [(business_id, Role(role)) for business_id, role in memberships]
    allowed = ALLOWED[deed]
    return frozenset(business_id for business_id, role in request.__dict__["roles"] if role in allowed)


def is_owner(request: HttpRequest, business: Business) -> bool:
    """An admin may do nearly everything with members, but may not rise above an owner."""
    return person(request).memberships.filter(business=business, role=Role.OWNER).exists()
