import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from leadping.states import zip_table

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadping.settings")

application = get_wsgi_application()

# Read now and once for all workers, what the first requests would otherwise read side by side.
zip_table()
get_resolver().url_patterns  # noqa: B018 (they are read when they are first looked at)
