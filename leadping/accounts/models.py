"""Who uses this installation, and for which business."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from leadping.accounts.roles import ALLOWED, Deed, Role
from leadping.rows import Row


class Business(Row):
    """The tenant. Every tenant row carries its id."""

    PREFIX = "business"

    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "businesses"
        constraints = [models.UniqueConstraint(Lower("name"), name="business_name_once")]

    def __str__(self) -> str:
        return self.name


class Account(Row):
    """A customer account inside a business; a source is attached to one."""

    PREFIX = "account"

    business = models.ForeignKey(Business, models.PROTECT, related_name="accounts")
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("business", Lower("name"), name="account_name_once")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(Row, AbstractBaseUser):
    """A person who signs in by email. What the person may do comes from memberships alone."""

    PREFIX = "user"
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Django's console asks this of whoever signs in."""
        return self.is_active and self.memberships.exists()

    def businesses(self, deed: Deed = Deed.READ) -> "models.QuerySet[Business]":
        """The businesses in which the user may do `deed`; every query made for a person starts here."""
        return Business.objects.filter(memberships__user=self, memberships__role__in=ALLOWED[deed])

    def may(self, deed: Deed, business: Business) -> bool:
        return self.is_active and self.businesses(deed).filter(pk=business.pk).exists()


class Membership(Row):
    """A user's role in a business."""

    PREFIX = "member"

    business = models.ForeignKey(Business, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business", "user"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()} of {self.business}"


class UserToken(Row):
    """A hashed, expiring token with which a user's own program reads the user API."""

    PREFIX = "token"

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=8, unique=True, editable=False)
    token_hash = models.BinaryField(max_length=32, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return self.name
