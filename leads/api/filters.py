"""What a list of leads can be narrowed by: only what an index serves, so that no filter ever reads a million
rows to find a few."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from leadping.ids import LATENESS, first_id_at, parse_public_id
from leads.intake.payload.phones import PhoneFault, read_phone
from leads.models import Lead
from sources.models import Source

EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC) - LATENESS


def in_utc(moment: datetime) -> datetime:
    """PostgreSQL knows no offsets of sixteen hours and more, which RFC 3339 allows."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return EARLIEST if moment.year == EARLIEST.year else LATEST


class SourceIdField(forms.CharField):
    def clean(self, value: Any) -> UUID | None:
        text = super().clean(value)
        source_id = parse_public_id(Source.PREFIX, text)
        if text and source_id is None:
            raise ValidationError("This is not the id of a source.")
        return source_id


class PhoneField(forms.CharField):
    def clean(self, value: Any) -> str:
        text = super().clean(value)
        reading = read_phone(text) if text else None
        if isinstance(reading, PhoneFault):
            raise ValidationError(reading.message)
        return reading.number if reading else ""


class EmailField(forms.EmailField):
    def clean(self, value: Any) -> str:
        return super().clean(value).lower()


class SourceFilter(django_filters.Filter):
    field_class = SourceIdField


class PhoneFilter(django_filters.Filter):
    field_class = PhoneField


class EmailFilter(django_filters.Filter):
    field_class = EmailField


class LeadFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(choices=Lead.Status.choices)
    source = SourceFilter(field_name="source_id")
    phone = PhoneFilter()
    email = EmailFilter(field_name="email_key")
    externalId = django_filters.CharFilter(field_name="external_id", max_length=200)  # noqa: N815
    createdFrom = django_filters.IsoDateTimeFilter(method="created_from")  # noqa: N815
    createdTo = django_filters.IsoDateTimeFilter(method="created_to")  # noqa: N815

    def created_from(self, leads: QuerySet[Lead], _: str, moment: datetime) -> QuerySet[Lead]:
        moment = in_utc(moment)
        return leads.filter(id__gte=first_id_at(moment), created_at__gte=moment)

    def created_to(self, leads: QuerySet[Lead], _: str, moment: datetime) -> QuerySet[Lead]:
        moment = in_utc(moment)
        latest = first_id_at(min(moment, LATEST) + LATENESS)
        return leads.filter(id__lt=latest, created_at__lt=moment)
