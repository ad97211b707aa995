from django.urls import include, path, re_path

from leads.doors import IntakeView, LeadsView

urlpatterns = [
    re_path(r"^leads/?$", LeadsView.as_view(), name="leads"),
    re_path(r"^leads/intake/?$", IntakeView.as_view(), name="intake"),
    path("", include("leads.api.urls")),
    path("docs", include("leads.docs.urls")),
    path("instructions/", include("leads.posting.urls")),
    path("workspace/", include("leads.pages.urls")),
]
