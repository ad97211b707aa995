"""Where mail goes while no server is set: into files that only we may read."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.filebased import EmailBackend


class MailFolder(EmailBackend):
    def __init__(self, *args: Any, file_path: str | None = None, **kwargs: Any) -> None:
        folder = Path(file_path or settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        super().__init__(*args, file_path=str(folder), **kwargs)
