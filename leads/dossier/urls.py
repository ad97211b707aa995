from django.urls import path

from leads.dossier.page import dossier, published_keys

app_name = "dossier"
urlpatterns = [
    path("workspace/leads/<str:public_id>/dossier/", dossier, name="take"),
    path(".well-known/leadping-dossier-key.pem", published_keys, name="keys"),
    path(".well-known/leadping-dossier-key/<str:key_id>.pem", published_keys, name="key"),
]
