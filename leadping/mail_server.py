"""From EMAIL_URL and MAIL_FROM to what Django's mail knows them as. A wrong one stops the start with a
sentence, which never repeats the address: it holds the password."""

import sys
from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

# How TLS begins, and where servers usually listen for it.
PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
EXAMPLE = "smtp+tls://user:password@host:587"
# Seconds for each step of the conversation with the server.
PATIENCE = 10


def read_email_url(url: str) -> dict[str, Any]:
    """Django's settings for this address; without one mail goes to files."""
    if not url:
        return {"EMAIL_BACKEND": "leadping.mail_folder.MailFolder"}
    try:
        scheme, port = check_email_url(url)
    except ValueError as error:
        sys.exit(
            f"EMAIL_URL must be like {EXAMPLE}, with smtp+tls:// (STARTTLS), smtp+ssl:// (TLS from the "
            "start) or smtp:// (no TLS), and characters such as @ / # % percent-encoded in the password: "
            f"{error}"
        )
    found = environ.Env.email_url_config(url)
    return {
        "EMAIL_BACKEND": found["EMAIL_BACKEND"],
        "EMAIL_HOST": found["EMAIL_HOST"],
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": found["EMAIL_HOST_USER"] or "",
        "EMAIL_HOST_PASSWORD": found["EMAIL_HOST_PASSWORD"] or "",
        "EMAIL_USE_TLS": scheme == "smtp+tls",
        "EMAIL_USE_SSL": scheme == "smtp+ssl",
        "EMAIL_TIMEOUT": PATIENCE,
    }


def check_email_url(url: str) -> tuple[str, int]:
    """Scheme and port. Raises ValueError with a reason that shows nothing of the address."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        raise ValueError("it cannot be read as an address.") from None
    if scheme not in PORTS:
        raise ValueError("it begins with something else.")
    if not host or port == 0:
        raise ValueError("it names no server.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("something follows the server.")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("user and password come together.")
    return scheme, port or PORTS[scheme]


def check_mail_from(text: str) -> str:
    """`Name <address>` or an address alone."""
    address = parseaddr(text)[1]
    try:
        validate_email(address)
        if not text.isprintable():
            raise ValidationError("It holds control characters.")
    except ValidationError:
        sys.exit("MAIL_FROM must be an email address, such as: Leadping <leads@example.com>")
    return text


def check_public_url(url: str) -> str:
    """Where people reach this installation, without a closing slash."""
    try:
        parts = urlsplit(url)
        whole = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        whole = False
    if not whole or parts.scheme not in {"http", "https"} or parts.query or parts.fragment or parts.username:
        sys.exit("PUBLIC_URL must be the address under which people open Leadping: https://leads.example.com")
    return url.rstrip("/")


def describe_server(found: Mapping[str, Any], *, folder: str) -> str:
    """Where mail goes and as whom we come, without the password."""
    if not found.get("EMAIL_HOST"):
        return f"files in {folder}"
    scheme = "smtp+tls" if found["EMAIL_USE_TLS"] else "smtp+ssl" if found["EMAIL_USE_SSL"] else "smtp"
    user = f"{found['EMAIL_HOST_USER']}@" if found["EMAIL_HOST_USER"] else ""
    return f"{scheme}://{user}{found['EMAIL_HOST']}:{found['EMAIL_PORT']}"
