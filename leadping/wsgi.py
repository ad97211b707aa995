import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.urls import get_resolver

from leadping.states import zip_table

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadping.settings")


class TolerantRequest(WSGIRequest):
    """Django fails outside all error handling on a Content-Type whose parameters it cannot decode."""

    def _set_content_type_params(self, meta: dict[str, str]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]  # the stubs leave it out
        except ValueError:
            self.content_type, self.content_params = "", {}


class Handler(WSGIHandler):
    request_class = TolerantRequest


def load_what_the_first_request_would() -> None:
    """Once for all workers, rather than side by side in each."""
    zip_table()
    get_resolver().url_patterns  # noqa: B018 (they are read when they are first looked at)


django.setup(set_prefix=False)
application = Handler()
load_what_the_first_request_would()
