"""The whole address space, by whom it is for."""

from django.contrib import admin
from django.urls import include, path

from leadping.health import healthz, readyz
from leadping.metrics import metrics
from leadping.pages import home, security_txt

urlpatterns = [
    path("", home),
    path("", include("leads.urls")),
    path("", include("sources.urls")),
    path("", include("compliance.urls")),
    path("account/", include("leadping.accounts.urls")),
    path("console/", admin.site.urls),
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path(".well-known/security.txt", security_txt),
]

handler400 = "leadping.api.bad_request"
handler403 = "leadping.api.not_permitted"
handler404 = "leadping.api.not_found"
handler500 = "leadping.api.internal_error"
