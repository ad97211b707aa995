"""The settings that tests run with; a pytest plugin, loaded before Django reads its settings.

Nothing of the shell's or of the checkout's `.env` but DATABASE_URL reaches a test.
"""

import os
import shutil
import tempfile
from pathlib import Path

# Where prometheus_client keeps what it counts, so that /metrics works as it does behind several processes.
COUNTS = tempfile.mkdtemp(prefix="leadping-counts-")
# Where processes that tests start publish the heads of their databases.
HEADS = tempfile.mkdtemp(prefix="leadping-heads-")
# Where the key is made that dossiers are signed with.
KEYS = tempfile.mkdtemp(prefix="leadping-keys-")

SETTINGS = {
    "SECRET_KEY": "tests-only-" + "0" * 50,
    "DEBUG": "0",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "TRUSTED_PROXIES": "",
    "METRICS_TOKEN": "metrics-token-of-the-tests",
    "SECURITY_CONTACT": "security@example.com",
    # Nobody answers there: a test that needs the certificate service asks for the fixture `sandbox`.
    "TRUSTEDFORM_URL": "http://127.0.0.1:9",
    "TRUSTEDFORM_API_KEY": "key-of-the-tests",
    "TRUSTEDFORM_TIMEOUT": "1,2",
    "ALLOW_TRUSTEDFORM_SANDBOX": "1",
    "PHONE_LOOKUP_URL": "",
    "PHONE_LOOKUP_CLIENT": "leads.phone_lookup.ask_json_service",
    "PUBLIC_URL": "https://leads.example.com",
    "MAIL_FROM": "Leadping <leadping@leads.example.com>",
    "EMAIL_URL": "",
    "REFUSED_BODY_DAYS": "90",
    "AUDIT_HEADS_FILE": f"{HEADS}/heads.jsonl",
    "DOSSIER_KEY_FILE": f"{KEYS}/dossier-key.pem",
    "REQUIRE_SECOND_FACTOR": "0",
    "SESSION_IDLE_MINUTES": "60",
    "SESSION_HOURS": "12",
    "SECURE_HSTS_SECONDS": "0",
    "PROMETHEUS_MULTIPROC_DIR": COUNTS,
}
os.environ.update(SETTINGS)


def pytest_configure() -> None:
    # WhiteNoise warns of its absence, and a warning is a failure here.
    (Path(__file__).parent.parent / ".leadping" / "static").mkdir(parents=True, exist_ok=True)


def pytest_unconfigure() -> None:
    for folder in (COUNTS, HEADS, KEYS):
        shutil.rmtree(folder, ignore_errors=True)
