"""Fixtures that several files use. Situations with a twist of their own come from `tests.situations`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

from compliance.trustedform import guard
from compliance.trustedform.sandbox import running_sandbox
from leadping import http
from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from sources.credentials import Issued
from sources.models import Source
from tests.senders import Sender
from tests.situations import BusinessFactory, MemberFactory, SenderFactory

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
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """That the certificate service failed in one test keeps none from asking in the next."""
    monkeypatch.setattr(guard, "GUARD", guard.Guard(100))


@pytest.fixture
def business(db: None) -> Business:
    return BusinessFactory.create()


@pytest.fixture
def other_business(db: None) -> Business:
    return BusinessFactory.create()


@pytest.fixture
def member(business: Business) -> Callable[[Role], User]:
    """Makes a user with a role in `business`; the password is `situations.PASSWORD`."""
    return lambda role: MemberFactory.create(business=business, role=role)


@pytest.fixture
def owner(member: Callable[[Role], User]) -> User:
    return member(Role.OWNER)


@pytest.fixture
def sender(business: Business) -> Sender:
    """Whoever posts for `source`."""
    return SenderFactory.create(business=business)


@pytest.fixture
def source(sender: Sender) -> Source:
    """Approved for any state and product, TrustedForm required."""
    return sender.source


@pytest.fixture
def credentials(sender: Sender) -> Issued:
    """Those of `source`."""
    return sender.issued


@pytest.fixture
def waived_sender(business: Business) -> Sender:
    """Whoever posts for `waived_source`: no certificate is needed, so no `sandbox` either."""
    return SenderFactory.create(business=business, waived=True)


@pytest.fixture
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
