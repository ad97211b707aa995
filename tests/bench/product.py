"""The product as deployed: gunicorn, the job worker and the certificate sandbox, each in its own process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from leadping.embedded_postgres import BENCH
from leadping.run.children import WITH_PARENT, Child, end
from leadping.run.obstacles import HOST, free_port
from leadping.run.product import wait_until_ready

# The product's log is part of the measurement, so it is written, but nobody needs to see it pass.
LOG = Path(settings.BASE_DIR, ".leadping", "bench.log")
WEB = ["-m", "gunicorn", "-c", "leadping/gunicorn_conf.py", "leadping.wsgi"]


@dataclass(frozen=True, slots=True)
class Product:
    """`address` is that of the web server, without a path."""

    address: str
    database: str


@contextmanager
def running_product(database: str) -> Iterator[Product]:
    """Ready to serve, for as long as the block runs. Raises Obstacle when it cannot start."""
    port, sandbox_port = free_port(0), free_port(0)
    environment = os.environ | {
        "DATABASE_URL": BENCH.url(database),
        "PORT": str(port),
        # One user asks in the place of many.
        "USER_API_RATE_PER_MINUTE": "0",
        "TRUSTEDFORM_URL": f"http://{HOST}:{sandbox_port}",
    }
    # The web server makes a folder of its own.
    del environment["PROMETHEUS_MULTIPROC_DIR"]
    commands = {
        "the web server": WEB,
        "the job worker": ["manage.py", "worker"],
        "the certificate sandbox": ["manage.py", "trustedform_sandbox", f"--port={sandbox_port}"],
    }
    product = Product(f"http://{HOST}:{port}", database)
    children: list[Child] = []
    with LOG.open("ab") as log:
        try:
            for name, words in commands.items():
                process = subprocess.Popen(
                    [*WITH_PARENT, sys.executable, *words],
                    env=environment,
                    cwd=settings.BASE_DIR,
                    stdout=log,
                    stderr=log,
                )
                children.append(Child(name, process))
            wait_until_ready(product.address, children)
            yield product
        finally:
            end(children)
