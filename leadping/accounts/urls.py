"""Sign-in and the person's own affairs. Of django-allauth's addresses only those that we have pages for."""

from allauth.account.views import LoginView, LogoutView, ReauthenticateView
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as key
from django.urls import include, path

from leadping.accounts.invitation_page import InvitationView
from leadping.accounts.views import RemoveKeyView, SecondFactorView, SecondStepView, download, know_browser

factors = [
    path("", SecondFactorView.as_view(), name="mfa_index"),
    path("authenticate/", SecondStepView.as_view(), name="mfa_authenticate"),
    path("confirm/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("app/add/", app.activate_totp, name="mfa_activate_totp"),
    path("app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("key/add/", key.add_webauthn, name="mfa_add_webauthn"),
    path("key/confirm/", key.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("key/<int:pk>/remove/", RemoveKeyView.as_view(), name="mfa_remove_webauthn"),
    path("recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/make/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]

urlpatterns = [
    path("sign-in/", LoginView.as_view(), name="account_login"),
    path("sign-out/", LogoutView.as_view(http_method_names=["post"]), name="account_logout"),
    path("confirm/", ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("download/", download, name="account_download"),
    path("known-browser/", know_browser, name="known_browser"),
    path("invitation/", InvitationView.as_view(), name="invitation"),
    path("second-factor/", include(factors)),
]
