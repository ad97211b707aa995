"""Who signs in with which password."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from leadping.accounts.guesses import PASSWORD, guess
from leadping.accounts.models import User


class PasswordBackend(ModelBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **credentials: Any,
    ) -> User | None:
        """Unknown email, inactive user and wrong password are alike, in time too. Raises TooManyAttempts."""
        email = credentials.get("email") or username
        if not email or password is None:
            return None
        user = User.objects.filter(email__iexact=email.strip()).first()

        def check() -> bool:
            if user is None:
                User().set_password(password)
                return False
            return user.check_password(password) and user.is_active

        return user if guess(PASSWORD, request, user, check, typed=email) else None
