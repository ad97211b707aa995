from django.urls import re_path

from leads.api.schema import SchemaView
from leads.api.views import LeadView, SubmissionView

urlpatterns = [
    re_path(r"^leads/(?P<id>[^/]+)/?$", LeadView.as_view(), name="lead"),
    re_path(r"^submissions/(?P<id>[^/]+)/?$", SubmissionView.as_view(), name="submission"),
    re_path(r"^schema/?$", SchemaView.as_view(), name="schema"),
]
