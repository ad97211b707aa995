"""Two businesses side by side, and everything of the product that can be asked about them.

What exists is read from the registry of the console, the URLconf and the models, so that whatever is added
is asked too. Each table with a business gets a row of the foreign one: by the product's verbs where they make
one, else planted field by field.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from compliance.retaining import want
from leadping.accounts.models import Business, Membership, User, UserToken
from leadping.accounts.roles import Role
from leadping.accounts.tokens import issue_token
from leadping.console.scoped import ScopedAdmin
from leadping.rows import Row
from leads.certificates.claiming import wanted
from leads.retention.holds import place_hold
from leads.retention.people import read_person
from tests.importing import as_csv, check, upload
from tests.senders import Sender, certificate
from tests.situations import (
    BY,
    REASON,
    AccountFactory,
    BusinessFactory,
    MemberFactory,
    SenderFactory,
    complain,
    take_in,
)
from tests.suppressing import check_list, suppress_contact, upload_list

# In every name, address and text of the foreign business, and nowhere else.
MARK = "fremdling"
OUR_APPS = {"leadping", "accounts", "sources", "compliance", "conversations", "leads"}


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OUR_APPS]


def count_rows() -> dict[str, int]:
    """How many rows each table of ours has."""
    return {model._meta.db_table: model._default_manager.count() for model in our_models()}


def way_to_business(model: type[models.Model]) -> str | None:
    """The lookup from a row to its business or, for what is a person's own, to the person."""
    if model is Business:
        return "pk"
    names = {field.name: field for field in model._meta.get_fields() if field.many_to_one}
    if "business" in names:
        return "business"
    return "user__memberships__business" if "user" in names else None


@dataclass
class Tenant:
    """A business with at least one row in every table, and what would give each row away."""

    business: Business
    sender: Sender
    rows: dict[type[models.Model], models.Model]

    def ids(self) -> set[str]:
        every = (row for row in self.rows.values() if isinstance(row, Row))
        return {text for row in every for text in (str(row.pk), row.pk.hex, row.public_id)}

    def row(self, model: type[models.Model]) -> models.Model:
        return self.rows[model]


def make_tenant(mark: str) -> Tenant:
    """Every text that people enter carries the mark."""
    business = BusinessFactory.create(name=f"{mark} business")
    account = AccountFactory.create(business=business, name=f"{mark} account")
    sender = SenderFactory.create(
        business=business, account=account, name=f"{mark} source", settings={"tags": [f"{mark} tag"]}
    )
    user = MemberFactory.create(business=business, email=f"{mark}@example.com")
    issue_token(user, f"{mark} token", reason=REASON, now=timezone.now())
    person = {"firstName": mark, "email": f"{mark}-lead@example.com", "externalId": f"{mark}-1"}
    lead = take_in(sender, **person, trustedFormUrl=certificate("mismatch"))
    want([wanted(lead)], now=timezone.now())
    file = as_csv([[f"{mark} name", f"{mark}-row@example.com", "Nowhere"]], ["First name", "Email", "State"])
    check(upload(sender.source, file, name=f"{mark}.csv", by=user.public_id))
    listed = as_csv([[f"{mark}-listed@example.com"]], ["Email"])
    check_list(upload_list(business, listed, note=f"{mark} note", by=user.public_id))
    suppress_contact(business, f"{mark}-left@example.com", note=f"{mark} words", account=account)
    complain(sender.source, raised_by=f"{mark} person", details=f"{mark} words")
    place_hold(
        business, on=read_person("", f"{mark}@example.com"), by=BY, reason=f"{mark} suit", now=timezone.now()
    )
    tenant = Tenant(business, sender, {})
    for model in our_models():
        if way_to_business(model):
            tenant.rows[model] = first_row(model, business) or plant(model, tenant, mark)
    # The newest, for what is told of one thing must not be told of another.
    tenant.rows[User] = user
    return tenant


def first_row(model: type[models.Model], business: Business) -> models.Model | None:
    way = way_to_business(model)
    assert way
    return model._default_manager.filter(**{way: business.pk}).order_by("pk").first()


def plant(model: type[models.Model], tenant: Tenant, mark: str) -> models.Model:
    """A row of a table that no verb filled, with a value for each column that needs one."""
    columns: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        own_key = field.primary_key and not field.one_to_one
        if own_key or (field.null and not field.many_to_one) or field.has_default():
            continue
        columns[field.name] = planted(field, tenant, mark)
    return model._default_manager.create(**columns)


def planted(field: models.Field, tenant: Tenant, mark: str) -> Any:
    if field.many_to_one or field.one_to_one:
        model: Any = field.related_model
        if model is Business:
            return tenant.business
        row = tenant.rows.get(model) or (way_to_business(model) and first_row(model, tenant.business))
        return row or (None if field.null else plant(model, tenant, mark))
    if field.choices:
        return field.choices[0][0]
    kinds: dict[type[models.Field], Any] = {
        models.DateTimeField: timezone.now(),
        models.DateField: timezone.now().date(),
        models.BooleanField: False,
        models.IntegerField: 1,
        models.BinaryField: os.urandom(32),
        models.JSONField: {},
        models.EmailField: f"{mark}-{model_name(field)}@example.com",
        models.GenericIPAddressField: "203.0.113.9",
        ArrayField: [],
    }
    known = next((value for kind, value in kinds.items() if isinstance(field, kind)), None)
    return known if known is not None else f"{mark} {field.name}"[: field.max_length]


def model_name(field: models.Field) -> str:
    return str(field.model._meta.model_name)


def make_members(tenant: Tenant) -> dict[Role, User]:
    return {
        role: MemberFactory.create(business=tenant.business, email=f"own-{role}@example.com", role=role)
        for role in Role
    }


# --- what can be asked


@dataclass(frozen=True)
class Place:
    """An address with names where ids go, such as `console/leads/lead/{object_id}/change/`."""

    route: str
    parameters: tuple[str, ...]
    app: str

    def filled(self, values: Mapping[str, str]) -> str:
        return "/" + self.route.format(**values)


def all_places() -> list[Place]:
    return [place for place in walk(get_resolver(), "", "") if not place.route.startswith("console/jsi18n")]


def walk(resolver: URLResolver, before: str, app: str) -> Iterator[Place]:
    for pattern in resolver.url_patterns:
        route = before + readable(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, route, pattern.namespace or app)
        elif isinstance(pattern, URLPattern):
            yield Place(route, tuple(re.findall(r"{(\w+)}", route)), app)


def readable(pattern: str) -> str:
    """Both ways of writing a route, as a format string."""
    named = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"{\1}", pattern)
    named = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", named)
    return named.replace("/?$", "").replace("$", "").replace("^", "").replace("\\Z", "").replace("\\", "")


def screens() -> dict[type[models.Model], ScopedAdmin]:
    found = admin.site._registry
    assert all(isinstance(screen, ScopedAdmin) for screen in found.values())
    return found  # type: ignore[return-value]


def model_at(place: Place) -> type[models.Model] | None:
    """The model whose screen of the console this is."""
    parts = place.route.split("/")
    if parts[0] != "console" or len(parts) < 3:
        return None
    return next(
        (
            model
            for model in screens()
            if (model._meta.app_label, model._meta.model_name) == (parts[1], parts[2])
        ),
        None,
    )


def addresses_of(place: Place, tenant: Tenant) -> list[str]:
    """The address with the ids of a tenant: on a screen that of its row, elsewhere of every kind of row."""
    if model := model_at(place):
        row = tenant.rows.get(model)
        return [place.filled(dict.fromkeys(place.parameters, str(row.pk)))] if row else []
    named = [row.public_id for row in tenant.rows.values() if isinstance(row, Row)]
    return [place.filled(dict.fromkeys(place.parameters, text)) for text in named]


# --- what must not be


def giveaways(body: str, tenant: Tenant, *, asked: str = "") -> list[str]:
    """What of the tenant stands in a page, but for what was asked for itself."""
    asked = asked.lower()
    secrets = {MARK, *tenant.ids()}
    return [text for text in secrets if text.lower() in body.lower() and text.lower() not in asked]


def stored_of(business: Business) -> str:
    """A digest over every row of a business in every table, its people included."""
    parts = [digest_of(model, business.pk) for model in our_models() if way_to_business(model)]
    parts.append(digest_query(User._meta.db_table, f"id IN ({people(business.pk)})"))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return "\n".join(f"{table} {count} {digest}" for table, count, digest in cursor.fetchall())


def digest_of(model: type[models.Model], business_id: UUID) -> str:
    columns = {"pk": "id", "business": "business_id"}
    way = way_to_business(model) or ""
    where = f"{columns[way]} = '{business_id}'" if way in columns else f"user_id IN ({people(business_id)})"
    return digest_query(model._meta.db_table, where)


def people(business_id: UUID) -> str:
    return f"SELECT user_id FROM {Membership._meta.db_table} WHERE business_id = '{business_id}'"


def digest_query(table: str, where: str) -> str:
    rows = f"(SELECT t::text AS said FROM {table} t WHERE {where}) rows"
    digest = "md5(coalesce(string_agg(said, '' ORDER BY said), ''))"
    return f"SELECT '{table}', count(*), {digest} FROM {rows}"


def crossings() -> list[str]:
    """Rows of one business that point at rows of another, whatever the foreign key."""
    found = []
    for model in our_models():
        if way_to_business(model) != "business":
            continue
        for field in model._meta.concrete_fields:
            target: Any = field.related_model
            if target and target is not Business and way_to_business(target) == "business":
                across = model._default_manager.filter(**{f"{field.name}__isnull": False}).exclude(
                    **{f"{field.name}__business": models.F("business")}
                )
                found += [f"{model.__name__}.{field.name} {row.pk}" for row in across]
    return found


def foreign_keys_named(fields: Iterable[str], tenant: Tenant) -> dict[str, str]:
    """For fields named like kinds of rows, such as `source` or `account_id`: ids of the tenant's."""
    by_name = {str(model._meta.model_name): str(row.pk) for model, row in tenant.rows.items()}
    return {
        field: by_name[kind]
        for field in fields
        for kind in [field.rpartition("-")[2].removesuffix("_id")]
        if kind in by_name
    }


def form_fields(page: Any) -> dict[str, Any]:
    """What the forms of a page would send as they stand; nothing where the page has none."""
    found: dict[str, Any] = {}
    for form in forms_of(page):
        for name, field in form.fields.items():
            value = form.get_initial_for_field(field, name)
            found[form.add_prefix(name)] = "" if value is None else field.prepare_value(value)
    return {name: value for name, value in found.items() if not isinstance(value, dict)}


def forms_of(page: Any) -> list[Any]:
    context = page.context or {}
    named = [context.get("form")] if "form" in context else []
    if context.get("adminform"):
        named.append(context["adminform"].form)
    return [form for form in named if hasattr(form, "get_initial_for_field")]


def bearer(user: User) -> Client:
    token = issue_token(user, "a test", reason=REASON, now=timezone.now())
    UserToken.objects.filter(user=user).update(name="own")
    return Client(headers={"Authorization": f"Bearer {token}"})
