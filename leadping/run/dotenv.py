"""The first .env of a checkout: settings under which the product runs here, with secrets of its own."""

import os
import secrets
from pathlib import Path

PATH = Path(__file__).resolve().parent.parent.parent / ".env"

TEXT = """\
# Made by the first `make run`, and yours to change; the README's table says what each setting does.
SECRET_KEY={secret_key}
DEBUG=0
ALLOWED_HOSTS=localhost,127.0.0.1,[::1]
METRICS_TOKEN={metrics_token}

# Certificates and phones are looked up at the sandbox that `make run` starts. For the real certificate
# service remove the four lines, and set TRUSTEDFORM_API_KEY to the key of your account.
TRUSTEDFORM_URL=http://127.0.0.1:8099
ALLOW_TRUSTEDFORM_SANDBOX=1
TRUSTEDFORM_API_KEY=sandbox
PHONE_LOOKUP_URL=http://127.0.0.1:8099/phone-lookup
"""


def write_when_missing(path: Path) -> None:
    """Write the file, readable by its owner alone, unless there is one."""
    if path.exists():
        return
    text = TEXT.format(secret_key=secrets.token_urlsafe(48), metrics_token=secrets.token_urlsafe(24))
    with open(path, "x", opener=lambda name, flags: os.open(name, flags, mode=0o600)) as file:
        file.write(text)
