from django.urls import include, path, re_path

from leads.doors import BatchView, IntakeView, LeadsView

urlpatterns = [
    re_path(r"^leads/?$", LeadsView.as_view(), name="leads"),
    re_path(r"^leads/intake/?$", IntakeView.as_view(), name="intake"),
    re_path(r"^leads/batch/?$", BatchView.as_view(), name="batch"),
    path("", include("leads.api.urls")),
    path("docs", include("leads.docs.urls")),
    path("", include("leads.dossier.urls")),
    path("instructions/", include("leads.posting.urls")),
    path("workspace/", include("leads.pages.urls")),
]
