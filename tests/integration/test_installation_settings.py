"""Changes of the installation's settings, which come from the environment and so past every verb."""

import re
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from leadping.audit.installation import PLAIN, SECRET, record_installation
from leadping.models import Event

README = Path(__file__).resolve().parents[2] / "README.md"
# Not the product's but the web server's, and the database, which is described without its password.
ELSEWHERE = {"DATABASE_URL", "PORT", "WEB_WORKERS", "WEB_THREADS", "PROMETHEUS_MULTIPROC_DIR"}


def note() -> Event | None:
    return record_installation(now=timezone.now())


@pytest.mark.django_db
def test_the_first_start_writes_down_what_is_set() -> None:
    event = note()
    assert event
    assert (event.kind, event.actor, event.business_id) == ("installation.changed", "system", None)
    assert event.data["before"] == {"SECRET_KEY": "not set", "TRUSTEDFORM_API_KEY": "not set"} | {
        "METRICS_TOKEN": "not set"
    }
    assert event.data["after"]["REFUSED_BODY_DAYS"] == 90


@pytest.mark.django_db
def test_a_start_with_the_same_settings_leaves_no_event() -> None:
    note()
    assert note() is None


@pytest.mark.django_db
def test_what_differs_is_told_with_before_and_after(settings: Settings) -> None:
    note()
    settings.REFUSED_BODY_DAYS = 30
    settings.ALLOWED_HOSTS = ["leads.example.com"]
    event = note()
    assert event
    assert event.data["before"]["REFUSED_BODY_DAYS"] == 90
    assert event.data["after"] == {"REFUSED_BODY_DAYS": 30, "ALLOWED_HOSTS": ["leads.example.com"]}


@pytest.mark.django_db
def test_of_a_secret_only_that_it_changed_is_kept(settings: Settings) -> None:
    note()
    settings.TRUSTEDFORM_API_KEY = "another-secret-value"
    settings.METRICS_TOKEN = ""
    event = note()
    assert event
    assert event.data["before"] == {"TRUSTEDFORM_API_KEY": "set", "METRICS_TOKEN": "set"}
    assert event.data["after"] == {"TRUSTEDFORM_API_KEY": "changed", "METRICS_TOKEN": "not set"}
    assert "another-secret-value" not in str(event.data)


@pytest.mark.django_db
def test_a_new_secret_key_does_not_make_all_secrets_look_changed(settings: Settings) -> None:
    note()
    settings.SECRET_KEY = "another-" + "1" * 50
    event = note()
    assert event
    assert event.data["after"] == {"SECRET_KEY": "changed"}


def test_every_setting_of_the_readme_is_watched() -> None:
    table = README.read_text().split("## Settings")[1].split("\n## ")[0]
    names = {
        name for row in re.findall(r"^\|([^|]+)\|", table, re.M) for name in re.findall(r"`([A-Z_]+)`", row)
    }
    assert names - ELSEWHERE <= {*PLAIN, *SECRET}


@pytest.mark.django_db
def test_the_database_is_named_without_its_password() -> None:
    event = note()
    assert event
    assert "leadping@" in event.data["after"]["DATABASE"]
