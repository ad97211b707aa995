"""Which roles a person may give to others: none that may do what they may not do themselves."""

from leadping.accounts.models import Business, Membership, User
from leadping.accounts.roles import Deed, Role, deeds_of

BEYOND = "Nobody gives a role that may do what they may not do themselves."
PERSON = f"{User.PREFIX}_"


def grantable_roles(business: Business, *, by: str) -> list[Role]:
    """Whoever runs the installation may give all; of people, active members who may manage members."""
    if not by.startswith(PERSON):
        return list(Role)
    members = Membership.objects.filter(business=business, user__in=User.named(by), user__is_active=True)
    own = members.values_list("role", flat=True).first()
    deeds = deeds_of(Role(own)) if own else frozenset()
    return [role for role in Role if Deed.MANAGE_MEMBERS in deeds and deeds_of(role) <= deeds]
