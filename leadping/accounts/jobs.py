"""What the worker does about sign-in by itself."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from leadping.accounts.attempts import forget_attempts


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="forget_attempts")
def forget_old_attempts(timestamp: int) -> None:
    forget_attempts(now=datetime.fromtimestamp(timestamp, UTC))
