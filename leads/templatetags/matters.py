"""Whether the person reads of legal holds and erasures anywhere, so that the way there is shown."""

from typing import Any

from django import template

from leadping.accounts.models import User
from leadping.accounts.roles import Deed
from leadping.console.reach import reach

register = template.Library()


@register.simple_tag(takes_context=True)
def reads_matters(context: dict[str, Any]) -> bool:
    request = context["request"]
    return isinstance(request.user, User) and bool(reach(request, Deed.READ_MATTERS))
