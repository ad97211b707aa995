"""What django-allauth asks of us: who may come in, and what is written down."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leadping.accounts.browsers import remember_browser
from leadping.accounts.models import User
from leadping.accounts.people import record_about
from leadping.accounts.reauthentication import recently_authenticated
from leadping.accounts.second_factor import may_remove
from leadping.accounts.sessions import begin_session
from leadping.middleware import client_ip

# The library's notices to a person, as events of ours.
NOTICES: dict[str, tuple[str, dict[str, str]]] = {
    "mfa/messages/totp_activated.txt": ("user.second_factor_added", {"factor": "authenticator app"}),
    "mfa/messages/totp_deactivated.txt": ("user.second_factor_removed", {"factor": "authenticator app"}),
    "mfa/messages/webauthn_added.txt": ("user.second_factor_added", {"factor": "security key"}),
    "mfa/messages/webauthn_removed.txt": ("user.second_factor_removed", {"factor": "security key"}),
    "mfa/messages/recovery_codes_generated.txt": ("user.recovery_codes_made", {}),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Email and password do not match.",
        "incorrect_password": "This is not your password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user = authenticate(request, **credentials)
        assert user is None or isinstance(user, User)
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        return self.authenticate(context.request, email=user.email, password=password) == user

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        return not recently_authenticated(context.request)

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **facts)
        now = timezone.now()
        begin_session(request, now=now)
        remember_browser(request, response, user)
        record_about("user.signed_in", user, by=user.public_id, now=now, address=self.get_client_ip(request))
        return response

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """The library's only word about what a person did with their second factor."""
        if message_template in NOTICES:
            kind, facts = NOTICES[message_template]
            user = request.user
            assert isinstance(user, User)
            record_about(kind, user, by=user.public_id, now=timezone.now(), **facts)
        super().add_message(request, level, message_template, *args, **kwargs)

    def send_notification_mail(self, *_: Any, **__: Any) -> None:
        """We send no mail; what happened is an event."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Everybody needs a second factor here. Add another one first.",
        "incorrect_code": "This code is not right.",
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return may_remove(authenticator)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        return f"Key {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def encrypt(self, text: str) -> str:
        return ciphers().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return ciphers().decrypt(encrypted_text.encode()).decode()


def ciphers() -> MultiFernet:
    """A stolen copy of the database alone must not make anybody's codes."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    keys = (hashlib.sha256(f"leadping.second_factor {secret!s}".encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
