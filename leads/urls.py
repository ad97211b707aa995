from django.urls import include, path, re_path

from leads.doors import LeadsView
from leads.intake.doors import FlatDoor

urlpatterns = [
    re_path(r"^leads/?$", LeadsView.as_view(), name="leads"),
    re_path(r"^leads/intake/?$", FlatDoor.as_view(), name="intake"),
    path("workspace/", include("leads.pages.urls")),
]
