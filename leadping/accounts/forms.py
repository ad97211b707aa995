"""The forms of sign-in. What they ask is compared under the limits of `attempts.py`."""

from datetime import timedelta
from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from cryptography.fernet import InvalidToken
from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from leadping.accounts.attempts import Counter, take
from leadping.accounts.guesses import CODE, PASSWORD, guess
from leadping.accounts.models import User
from leadping.accounts.people import change_password

# Longer than any code of an authenticator app is good for.
CODE_LIFE = timedelta(minutes=5)


class SignInForm(LoginForm):
    password = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label="Email", widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
        )
        self.order_fields(["login", "password"])


class PasswordForm(ReauthenticateForm):
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class CountedCode(forms.Form):
    """Mixed into the forms that compare a code of an app or a recovery code."""

    user: User
    authenticator: Authenticator
    code = forms.CharField(
        label="Code",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )

    def clean_code(self) -> str:
        if not guess(CODE, context.request, self.user, self.is_right):
            raise ValidationError("This code is not right, or it was used already.")
        code: str = self.cleaned_data["code"]
        return code

    def is_right(self) -> bool:
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            return False
        return is_first_use(self.user, self.authenticator, code)


def is_first_use(user: User, authenticator: Authenticator, code: str) -> bool:
    """A code of an app is good for a minute or so, but once only, in whichever process it is entered."""
    if authenticator.type != Authenticator.Type.TOTP:
        return True
    digits = "".join(filter(str.isdigit, code))
    return take(Counter(f"used {user.pk} {digits}", 1), now=timezone.now(), span=CODE_LIFE)


class CodeForm(CountedCode, AuthenticateForm):
    """At sign-in."""


class CodeAgainForm(CountedCode, CodeReauthenticateForm):
    """Before a deed that cannot be taken back."""


class NewAppForm(ActivateTOTPForm):
    """The library keeps the secret of an app that is being set up in the session as it is; here encrypted."""

    secret: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        session, adapter = context.request.session, get_adapter()
        try:
            self.secret = adapter.decrypt(self.secret)
        except InvalidToken:
            # The library has just made it.
            session[SECRET_SESSION_KEY] = adapter.encrypt(self.secret)


class ChangePasswordForm(PasswordChangeForm):
    """The old password is a guess like any other; the other sessions of the person end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Current password"

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        if not guess(PASSWORD, context.request, self.user, lambda: self.user.check_password(old)):
            raise ValidationError("This is not your password.")
        return old

    def save(self, commit: bool = True) -> User:
        change_password(self.user, make_password(self.cleaned_data["new_password1"]), now=timezone.now())
        return self.user
