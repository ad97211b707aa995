"""The filters beside the lead list: a form, and what its values ask of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict

from leadping.accounts.models import Business
from leadping.ids import LATENESS, first_id_at, parse_public_id
from leadping.states import NAMES
from leads.models import Lead
from leads.pages.search import search_condition
from sources.models import Source


@dataclass(frozen=True, slots=True)
class Criteria:
    """`quick` is answered by an index, in the order of the list; for `slow` each lead has to be looked at."""

    businesses: Sequence[Business]
    quick: Q
    slow: Q


def pick(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False)


def day(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


def text(label: str, length: int, **attributes: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attributes})
    return forms.CharField(label=label, required=False, max_length=length, widget=widget)


class LeadFilter(forms.Form):
    """The choices are those of the user's own businesses; nothing else can be asked for."""

    q = text("Search", 400, type="search", placeholder="Phone, email, external id, or any Leadping id")
    status = pick("Status")
    business = pick("Business")
    source = pick("Source")
    state = pick("State")
    product = text("Product", 200, list="products")
    tag = text("Tag", 50)
    since = day("From (UTC)")
    until = day("To (UTC)")

    def __init__(self, data: QueryDict, *, businesses: Sequence[Business], sources: Sequence[Source]) -> None:
        super().__init__(data)
        self.businesses = businesses
        self.sources = sources
        self.offer("status", "Any status", Lead.Status.choices)
        self.offer("business", "All businesses", [(one.public_id, one.name) for one in businesses])
        self.offer("source", "Any source", [(one.public_id, str(one)) for one in sources])
        self.offer("state", "Any state", NAMES.items())
        if len(businesses) < 2:
            del self.fields["business"]

    def offer(self, name: str, anything: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", anything), *choices]

    @property
    def in_use(self) -> bool:
        """Whether anything narrows the list."""
        return any(self.data.get(name) for name in self.fields)

    def criteria(self) -> Criteria:
        """Of a valid form."""
        told = self.cleaned_data
        quick = search_condition(told["q"]) if told["q"] else Q()
        if told["source"]:
            quick &= Q(source=parse_public_id(Source.PREFIX, told["source"]))
        quick &= time_condition(told["since"], told["until"])
        slow = Q()
        if told["status"] == Lead.Status.ACCEPTED:
            slow &= Q(status=Lead.Status.ACCEPTED)
        elif told["status"]:
            quick &= Q(status=told["status"])
        if told["state"]:
            slow &= Q(state=told["state"])
        if told["product"]:
            slow &= Q(product__iexact=told["product"])
        if told["tag"]:
            slow &= Q(tags__contains=[told["tag"]])
        return Criteria(self.chosen_businesses(), quick, slow)

    def chosen_businesses(self) -> Sequence[Business]:
        """Those in which a lead can be found at all: that of a chosen source is the only one."""
        business, source = self.cleaned_data.get("business"), self.cleaned_data["source"]
        owners = {one.business_id for one in self.sources if one.public_id == source}
        return [
            one
            for one in self.businesses
            if business in {None, "", one.public_id} and (not source or one.pk in owners)
        ]


def time_condition(since: date | None, until: date | None) -> Q:
    """Both days included. The ids, which sort by time, find the place; `created_at` is exact."""
    condition = Q()
    if since:
        condition &= Q(id__gte=first_id_at(midnight(since)), created_at__gte=midnight(since))
    if until:
        end = midnight(until) + timedelta(days=1)
        condition &= Q(id__lt=first_id_at(end + LATENESS), created_at__lt=end)
    return condition


def midnight(of: date) -> datetime:
    return datetime(of.year, of.month, of.day, tzinfo=UTC)
