from django.urls import re_path

from sources.api import SourceView

urlpatterns = [re_path(r"^source/?$", SourceView.as_view(), name="source")]
