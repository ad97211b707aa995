"""Every column that could hold what somebody says of themselves is classified."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from leads.models import Lead
from leads.retention.inventory import LEFT_OF_LEAD, OURS, PERSONAL, WITHOUT_LEADS

# What these hold is a reference, a moment, a number or a switch.
WITHOUT_TEXT = (
    *(models.ForeignKey, models.UUIDField, models.DateTimeField, models.BooleanField),
    *(models.IntegerField, models.DecimalField, models.FloatField, models.AutoField),
    models.CompositePrimaryKey,
)


def columns() -> Iterator[tuple[str, str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if not isinstance(field, WITHOUT_TEXT):
                yield model._meta.label, field.name


def is_classified(table: str, column: str) -> bool:
    return table in WITHOUT_LEADS or column in PERSONAL.get(table, ()) or column in OURS.get(table, ())


def test_every_table_and_column_is_classified() -> None:
    unclassified = [f"{table}.{column}" for table, column in columns() if not is_classified(table, column)]
    assert unclassified == [], (
        "Can these hold what somebody says of themselves? Name them in leads/retention/inventory.py: under "
        "PERSONAL with what is left after an erasure, which leads/retention/erasing.py then has to do; under "
        "OURS; or the whole table under WITHOUT_LEADS."
    )


def test_nothing_is_classified_that_is_not_there() -> None:
    there = set(columns())
    named = [
        (table, column) for kinds in (PERSONAL, OURS) for table, named in kinds.items() for column in named
    ]
    assert [pair for pair in named if pair not in there] == []
    assert set(WITHOUT_LEADS) <= {model._meta.label for model in apps.get_models()}


def test_nothing_is_classified_twice() -> None:
    twice = [
        (table, column)
        for table, named in PERSONAL.items()
        for column in named
        if column in OURS.get(table, ())
    ]
    assert twice == []


@pytest.mark.parametrize("name", LEFT_OF_LEAD)
def test_what_is_left_of_a_lead_fits_its_column(name: str) -> None:
    field = Lead._meta.get_field(name)
    assert field.null if LEFT_OF_LEAD[name] is None else LEFT_OF_LEAD[name] in ("", [], {})  # type: ignore[union-attr]
