"""What the worker does by itself for the files of imports."""

from datetime import UTC, datetime

import structlog
from procrastinate.contrib.django import app

from leads.importing.course import forget_old_files

log = structlog.get_logger("leads.importing")


@app.periodic(cron="29 3 * * *")
@app.task(queueing_lock="forget_unfinished_imports")
def forget_unfinished_imports(timestamp: int) -> None:
    forgotten = forget_old_files(datetime.fromtimestamp(timestamp, UTC))
    log.info("files of unfinished imports deleted", count=forgotten)
