"""Fixtures that several files use. Situations with a twist of their own come from `tests.situations`."""

from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, TransactionTestCase, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings

from compliance.trustedform import guard
from compliance.trustedform.sandbox import running_sandbox
from leadping import http
from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from sources import authentication
from sources.credentials import Issued
from sources.models import Source
from tests.migrated import find_or_make_template
from tests.prepared import grouped, prepared, standing_on, take_away, wanted_by
from tests.senders import Sender
from tests.situations import BusinessFactory, MemberFactory, SenderFactory, sign_in

# How long an example takes says more about the machine than about us; and each run tries the same, so that it
# tells of a change and not of luck.
hypothesis_settings.register_profile(
    "unhurried", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("unhurried")


# Made with the tables, of the models and not of what anybody did.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def empty_tables(_: TransactionTestCase) -> None:
    """What a test committed goes, the queue's jobs too, or the next test's worker would do them. Django would
    truncate, which makes new files for all tables and indexes and takes fifty times as long."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = sorted({name for (name,) in cursor.fetchall()} - KEPT)
        # Only at the end of the transaction does each row that is pointed at have to be there.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("; ".join(f'DELETE FROM "{name}"' for name in tables))


# What pytest-django's own test cases do after a test that commits.
TransactionTestCase._fixture_teardown = empty_tables  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def for_speed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Static files from where they lie, without a manifest, and passwords hashed without toil."""
    static: Path = tmp_path_factory.mktemp("static")
    storages = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(STATIC_ROOT=static, STORAGES=storages, PASSWORD_HASHERS=hashers):
        yield


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process keeps in mind of one test, such as keys, codes that were used and whether the
    certificate service failed, it does not know in the next: there a row of the same id is another."""
    monkeypatch.setattr(guard, "GUARD", guard.Guard(100))
    monkeypatch.setattr(authentication, "kept", {})
    cache.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = find_or_make_template()


@pytest.fixture(scope="session")
def nothing_prepared_is_left(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        take_away()


@pytest.fixture
def standing(
    request: pytest.FixtureRequest, nothing_prepared_is_left: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Whatever this test wants of what is prepared."""
    with django_db_blocker.unblock():
        rows = standing_on(wanted_by(request.node), request.path, request.getfixturevalue)
        rows.__enter__()
    yield
    rows.__exit__(None, None, None)


@pytest.fixture
def _django_db_helper(standing: None, _django_db_helper: None) -> None:
    """Before pytest-django opens the transaction of the test."""


# So that none of them is left over for one worker while the other has nothing more to do.
LONGEST = (
    *("test_make_run.py", "test_schema.py", "test_tenants.py", "test_attempts.py", "test_verify_audit.py"),
    *("test_console_roles.py", "test_console_scope.py", "test_dossier.py", "test_storage_down.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = sorted(grouped(items), key=lambda item: (*LONGEST, item.path.name).index(item.path.name))


@prepared
def business() -> Business:
    return BusinessFactory.create()


@prepared
def other_business() -> Business:
    return BusinessFactory.create()


@pytest.fixture
def member(business: Business) -> Callable[[Role], User]:
    """Makes a user with a role in `business`; the password is `situations.PASSWORD`."""
    return lambda role: MemberFactory.create(business=business, role=role)


@prepared
def owner(business: Business) -> User:
    return MemberFactory.create(business=business, role=Role.OWNER)


@prepared
def signed_in(owner: User) -> SimpleCookie:
    """The cookies of a browser in which the owner just gave the password."""
    client = Client()
    sign_in(client, owner)
    return client.cookies


@pytest.fixture
def console(client: Client, signed_in: SimpleCookie) -> Client:
    """The console as the owner of `business` sees it."""
    client.cookies.update(signed_in)
    return client


@prepared
def sender(business: Business) -> Sender:
    """Whoever posts for `source`."""
    return SenderFactory.create(business=business)


@prepared
def source(sender: Sender) -> Source:
    """Approved for any state and product, TrustedForm required."""
    return sender.source


@prepared
def credentials(sender: Sender) -> Issued:
    """Those of `source`."""
    return sender.issued


@prepared
def waived_sender(business: Business) -> Sender:
    """Whoever posts for `waived_source`: no certificate is needed, so no `sandbox` either."""
    return SenderFactory.create(business=business, waived=True)


@prepared
def waived_source(waived_sender: Sender) -> Source:
    return waived_sender.source


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    with running_sandbox() as url:
        yield url
        http.POOLS.clear()


@pytest.fixture
def sandbox(sandbox_url: str, settings: Settings) -> str:
    """The certificate service's stand-in, in this process; gives its address."""
    settings.TRUSTEDFORM_URL = sandbox_url
    settings.PHONE_LOOKUP_URL = f"{sandbox_url}/phone-lookup"
    return sandbox_url
