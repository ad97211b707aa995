from django.urls import re_path

from compliance.suppression.api.views import (
    CheckView,
    OptOutsView,
    ReleaseView,
    SuppressionsView,
    SuppressionView,
)

urlpatterns = [
    re_path(r"^suppressions/?$", SuppressionsView.as_view(), name="suppressions"),
    re_path(r"^suppressions/check/?$", CheckView.as_view(), name="check_suppression"),
    re_path(r"^suppressions/(?P<id>[^/]+)/?$", SuppressionView.as_view(), name="suppression"),
    re_path(r"^suppressions/(?P<id>[^/]+)/release/?$", ReleaseView.as_view(), name="release_suppression"),
    re_path(r"^opt-outs/?$", OptOutsView.as_view(), name="opt_outs"),
]
