from django.urls import re_path

from leads.docs import views

app_name = "docs"
urlpatterns = [
    re_path(r"^/?$", views.guide, name="guide"),
    re_path(r"^/errors/?$", views.errors, name="errors"),
    re_path(r"^/errors/(?P<code>[a-z_]+)/?$", views.error, name="error"),
]
