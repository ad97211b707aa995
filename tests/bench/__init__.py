"""`make bench`: the speed of the product as deployed, beside what its database could do without it.

    python -m tests.bench [--quick] [--only STAGE]    the measurements, as a table and a JSON file
    python -m tests.bench --only watching --stored 10000000    its pages with so many submissions
    python -m tests.bench profile                     where the milliseconds of one intake request go

Importing the package sets Django up for the benchmark's own database. Nothing of the shell's or of the
checkout's `.env` changes what is measured, but WEB_WORKERS and WEB_THREADS.
"""

import atexit
import os
import shutil
import tempfile

import django

from leadping.embedded_postgres import BENCH

# As in production, what is counted for /metrics lies in files.
COUNTS = tempfile.mkdtemp(prefix="leadping-counts-")
atexit.register(shutil.rmtree, COUNTS)

SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "leadping.settings",
    # What measures in a process of its own says of which database.
    "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL", BENCH.url()),
    "SECRET_KEY": "known-to-everybody-and-so-for-benchmarks-only",
    "DEBUG": "0",
    "ALLOWED_HOSTS": "127.0.0.1",
    "TRUSTED_PROXIES": "",
    "METRICS_TOKEN": "",
    "SECURITY_CONTACT": "",
    "TRUSTEDFORM_API_KEY": "sandbox",
    "TRUSTEDFORM_TIMEOUT": "1,2",
    "ALLOW_TRUSTEDFORM_SANDBOX": "1",
    # Not set in a new installation either; a look-up for each lead would be measured as well.
    "PHONE_LOOKUP_URL": "",
    "PROMETHEUS_MULTIPROC_DIR": COUNTS,
}
os.environ.update(SETTINGS)
django.setup()
