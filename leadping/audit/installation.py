"""The installation's own settings. They come from the environment, so nobody changes them through us; but the
worker, whenever it starts, writes down what differs from the last time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from leadping.events import SYSTEM, record_event
from leadping.models import Event

CHANGED = "installation.changed"
SALT = "leadping.audit.installation"
# Settings of Django's and ours that no installation chooses by itself are not looked at. EMAIL_URL is kept
# without its password.
PLAIN = (
    *("DEBUG", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "SECURITY_CONTACT", "SECURE_HSTS_SECONDS"),
    *("TRUSTEDFORM_URL", "TRUSTEDFORM_TIMEOUT", "ALLOW_TRUSTEDFORM_SANDBOX"),
    *("PHONE_LOOKUP_URL", "PHONE_LOOKUP_CLIENT", "REFUSED_BODY_DAYS", "AUDIT_HEADS_FILE"),
    "USER_API_RATE_PER_MINUTE",
    "DOSSIER_KEY_FILE",
    *("PUBLIC_URL", "MAIL_FROM", "EMAIL_URL"),
    *("REQUIRE_SECOND_FACTOR", "SESSION_IDLE_MINUTES", "SESSION_HOURS"),
)
# The first one keys the fingerprints of all.
SECRET = ("SECRET_KEY", "TRUSTEDFORM_API_KEY", "METRICS_TOKEN", "EMAIL_HOST_PASSWORD", "CONTACT_HASH_KEY")
NOT_SET, SET, CHANGED_SECRET = "not set", "set", "changed"


def record_installation(*, now: datetime) -> Event | None:
    """An event with what differs from the last one, if anything does."""
    plain, prints = plain_settings(), fingerprints()
    last = Event.objects.filter(kind=CHANGED, business=None).order_by("-id").first()
    known: Mapping[str, Any] = last.data if last else {}
    before, after = compare(known.get("settings", {}), plain)
    secrets = compare_secrets(known.get("fingerprints", {}), prints)
    if last and not after and not secrets:
        return None
    return record_event(
        CHANGED,
        subject="",
        by=SYSTEM,
        business_id=None,
        now=now,
        before={**before, **{name: pair[0] for name, pair in secrets.items()}},
        after={**after, **{name: pair[1] for name, pair in secrets.items()}},
        settings=plain,
        fingerprints=prints,
    )


def plain_settings() -> dict[str, Any]:
    """As JSON keeps them, so that they compare with what was read back."""
    found = {name: simple(getattr(settings, name)) for name in PLAIN}
    return {**found, "DATABASE": describe_database()}


def simple(value: Any) -> Any:
    return [simple(item) for item in value] if isinstance(value, list | tuple) else value


def describe_database() -> str:
    """Where the tables are and as whom we come, without the password."""
    given = connection.settings_dict
    return f"{given['USER']}@{given['HOST']}:{given['PORT']}/{settings.DATABASES['default']['NAME']}"


def fingerprints() -> dict[str, str]:
    """Enough to see that a secret is another one, and of no use to whoever reads it without SECRET_KEY."""
    return {name: fingerprint(name, getattr(settings, name)) for name in SECRET}


def fingerprint(name: str, value: str) -> str:
    return salted_hmac(f"{SALT}.{name}", value, algorithm="sha256").hexdigest()[:16] if value else ""


def compare(known: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after of what differs; a setting that is new was nothing before."""
    names = [name for name in found if name not in known or known[name] != found[name]]
    return {name: known.get(name) for name in names if name in known}, {name: found[name] for name in names}


def compare_secrets(known: Mapping[str, str], found: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Before and after in words. Under another SECRET_KEY only that a secret came or went can be told."""
    comparable = known.get(SECRET[0]) == found[SECRET[0]]
    said = {}
    for name, print_now in found.items():
        print_before = known.get(name, "")
        if bool(print_before) != bool(print_now):
            said[name] = (say(print_before), say(print_now))
        elif print_before != print_now and (comparable or name == SECRET[0]):
            said[name] = (SET, CHANGED_SECRET)
    return said


def say(print_: str) -> str:
    return SET if print_ else NOT_SET
