from django.contrib.admin import AdminSite


class ConsoleSite(AdminSite):
    site_header = "Leadping"
    name = "console"
