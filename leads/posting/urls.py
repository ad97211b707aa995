from django.urls import re_path

from leads.posting import views

app_name = "instructions"
urlpatterns = [
    re_path(r"^(?P<token>[^/]+)/?$", views.page, name="page"),
    re_path(r"^(?P<token>[^/]+)/openapi\.json$", views.openapi, name="openapi"),
]
