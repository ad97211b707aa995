from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class LeadpingConfig(AppConfig):
    name = "leadping"


class ConsoleConfig(AdminConfig):
    """Django's admin under our own site."""

    default_site = "leadping.console.site.ConsoleSite"
