"""The web server, here and in production: gunicorn -c leadping/gunicorn_conf.py leadping.wsgi"""

import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger

from leadping import logs


class JsonLines(Logger):
    """gunicorn's own messages in our log's form."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        logs.configure(debug=False)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
logger_class = JsonLines

# A request that waits for the certificate service holds a thread and no database connection; half of the
# threads may wait for it at a time, see `compliance/trustedform/guard.py`.
worker_class = "leadping.web_worker.Worker"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "200"))
# Loaded once and shared by the workers; nothing of the product connects to anything while it is imported.
preload_app = True

# Longer than a proxy's usual 60 s, so that never we close a connection just as it sends.
keepalive = 75
graceful_timeout = 3
# The longest address that gunicorn can take; a longer one is answered 414.
limit_request_line = 8190

# Files touched all the time; on a disk that is busy a heartbeat would come late.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# It would lie in the user's home, shared by all that run there.
control_socket_disable = True

# The workers add up what they count for /metrics in a folder. Other processes may share one that is given.
own_counts = None
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    own_counts = tempfile.mkdtemp(prefix="leadping-counts-", dir=worker_tmp_dir)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = own_counts

# Not before, for it looks at once where the counts are kept.
from prometheus_client.multiprocess import mark_process_dead  # noqa: E402


def pre_fork(server: Arbiter, worker: object) -> None:
    """What is loaded by now lives as long as we do. Looked through again and again it costs requests their
    time, all of them at once, and the workers would no longer share its memory."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def child_exit(server: Arbiter, worker: Any) -> None:
    """What was true of that process alone is so no more."""
    mark_process_dead(worker.pid)


def on_exit(server: Arbiter) -> None:
    if own_counts:
        shutil.rmtree(own_counts)
