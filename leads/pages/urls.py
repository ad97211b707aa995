from django.urls import path

from leads.pages.lead_list import lead_list
from leads.pages.lead_page import decide, lead_page
from leads.pages.submission_page import submission_page

app_name = "workspace"
urlpatterns = [
    path("leads/", lead_list, name="leads"),
    path("leads/<str:public_id>/", lead_page, name="lead"),
    path("leads/<str:public_id>/decision/", decide, name="decide"),
    path("submissions/<str:public_id>/", submission_page, name="submission"),
]
