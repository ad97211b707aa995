"""Who uses this installation, and for which business."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from leadping.accounts.roles import ALLOWED, Deed, Role, deeds_of
from leadping.rows import Row


class Business(Row):
    """The tenant. Every tenant row carries its id."""

    PREFIX = "business"

    name = models.CharField(max_length=200)
    separate_reviewer = models.BooleanField(
        "the reviewer of terms is not who submitted them",
        default=True,
        help_text="Nobody decides on terms that they submitted themselves.",
    )
    second_person = models.BooleanField(
        "passing over failed evidence takes a second person",
        default=True,
        help_text="Nobody alone releases a held lead whose evidence failed.",
    )
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
        return self.create(email=email.strip(), password=make_password(password), **fields)

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
    # Part of every session's signature: one more, and all sessions of the user have ended.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
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

    def get_session_auth_hash(self) -> str:
        return self.sign_sessions(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self.sign_sessions, settings.SECRET_KEY_FALLBACKS)

    def sign_sessions(self, secret: str | bytes | None) -> str:
        facts = f"{self.session_epoch} {self.password}"
        return salted_hmac("leadping.session", facts, secret=secret, algorithm="sha256").hexdigest()

    def businesses(self, deed: Deed = Deed.READ) -> "models.QuerySet[Business]":
        """The businesses in which the user may do `deed`; every query made for a person starts here."""
        return Business.objects.filter(memberships__user=self, memberships__role__in=ALLOWED[deed])

    def deeds_in(self, business: Business) -> frozenset[Deed]:
        """All at once, for a page that offers several."""
        role = self.memberships.filter(business=business).values_list("role", flat=True).first()
        return deeds_of(Role(role)) if role and self.is_active else frozenset()

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


class Invitation(Row):
    """An open door into a business for one email address; what opens it is shown once, as a link."""

    PREFIX = "invite"

    business = models.ForeignKey(Business, models.PROTECT, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=20, choices=Role.choices)
    token_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    invited_by = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="invitation_role_known"),
            models.UniqueConstraint(
                "business",
                Lower("email"),
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.email


class Attempts(models.Model):
    """When somebody lately tried a password or a code, for one account, browser or address."""

    # A hash, so that what strangers typed is kept nowhere.
    key = models.CharField(primary_key=True, max_length=64)
    taken = ArrayField(models.DateTimeField())
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "attempts"

    def __str__(self) -> str:
        return self.key


class UserRequestCount(models.Model):
    """How often a user's programs asked in one minute."""

    pk = models.CompositePrimaryKey("user_id", "minute")
    user = models.ForeignKey(User, models.CASCADE, db_index=False, related_name="+")
    minute = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.user_id} {self.minute}: {self.count}"
