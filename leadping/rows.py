"""What every table of ours has in common, and a look-up for many of its rows."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from leadping.ids import new_id, parse_public_id, public_id


class Row(models.Model):
    """A row keyed by a UUIDv7 and named outside by its prefix and that key."""

    PREFIX: ClassVar[str]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True

    @property
    def public_id(self) -> str:
        return public_id(self.PREFIX, self.id)

    @classmethod
    def named(cls, text: str) -> "models.QuerySet[Self]":
        """The row with this public id, as a queryset of one or none; of any business, so scope it."""
        row_id = parse_public_id(cls.PREFIX, text)
        return cls._default_manager.filter(pk=row_id) if row_id else cls._default_manager.none()


@models.Field.register_lookup
class AnyOf(models.Lookup):
    """`column__any=[...]` sends a list as one array. Of `column__in` each value becomes a parameter of its
    own, and writing and reading hundreds of them takes longer than finding the rows."""

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*parameters, list(self.rhs)]
