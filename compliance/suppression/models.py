"""Phones and emails that are not to be contacted."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from leadping.accounts.models import Account, Business
from leadping.file_imports import FileImport
from leadping.rows import Row


class SuppressionImport(FileImport):
    """One CSV file of phones and emails: uploaded, mapped, checked, taken over. Its columns hold phones,
    emails, notes, or nothing."""

    PREFIX = "suppimport"

    class Status(models.TextChoices):
        UPLOADED = "uploaded", "Uploaded"
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Checked"
        IMPORTING = "importing", "Being imported"
        IMPORTED = "imported", "Imported"
        FAILED = "failed", "Failed"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"

    # None stands for the whole business.
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.UPLOADED)
    # Of the phones of the file; emails know one channel.
    channel = models.CharField(max_length=5, default="all")
    note = models.TextField(blank=True)
    # How many contacts are new, known already, twice in the file; how many rows cannot be used.
    counts = models.JSONField(default=dict)
    # What is wrong, by row; the first of them, without what the cells hold.
    findings = models.JSONField(default=list)
    imported_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)
    undone_reason = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "imported suppression lists"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        *("uploaded", "checking", "checked", "importing", "imported", "failed"),
                        *("undoing", "undone"),
                    ]
                ),
                name="suppression_import_status_known",
            ),
        ]
        indexes = [models.Index(fields=["business", "id"], name="suppression_import_of_business")]


class Suppression(Row):
    """One phone or email that is not to be contacted, from when it is recorded until somebody releases it.

    Rows are never deleted: a contact that is suppressed again gets a new one, and both tell the history.
    """

    PREFIX = "suppression"

    class Kind(models.TextChoices):
        PHONE = "phone", "Phone"
        EMAIL = "email", "Email"

    class Channel(models.TextChoices):
        """An email address knows one channel alone, a phone two: `all` stands for calls and texts."""

        ALL = "all", "Calls and texts"
        CALL = "call", "Calls"
        SMS = "sms", "Texts"
        EMAIL = "email", "Emails"

    class Origin(models.TextChoices):
        OPT_OUT = "opt_out", "Opt-out"
        COMPLAINT = "complaint", "Complaint"
        IMPORT = "import", "Import"
        API = "api", "API"
        MANUAL = "manual", "By hand"

    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="suppressions")
    # None stands for the whole business.
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=5, choices=Kind.choices)
    # Phone in E.164, email in lower case. Empty once the person was erased: what is looked for is the hash.
    value = models.CharField(max_length=320, blank=True)
    contact_hash = models.BinaryField(max_length=32)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    origin = models.CharField(max_length=9, choices=Origin.choices)
    note = models.TextField(blank=True)
    # The prefixed id of the lead or complaint that it is from.
    about = models.CharField(max_length=40, blank=True)
    imported_in = models.ForeignKey(
        SuppressionImport, models.PROTECT, null=True, db_index=False, related_name="entries"
    )
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.CharField(max_length=80)
    # Of an entry of a file: that somebody else demanded the same since, so that undoing the file leaves it.
    also_origin = models.CharField(max_length=9, blank=True, default="", db_default="")
    also_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=80, blank=True)
    release_reason = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "suppression list"
        constraints = [
            # Also the index of every look-up, which asks for business and hash.
            models.UniqueConstraint(
                fields=["business", "contact_hash", "channel", "account"],
                name="suppression_live_once",
                condition=Q(released_at=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(kind="phone", channel__in=["all", "call", "sms"])
                | Q(kind="email", channel="email"),
                name="suppression_channel_of_kind",
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["opt_out", "complaint", "import", "api", "manual"]),
                name="suppression_origin_known",
            ),
            models.CheckConstraint(
                condition=Q(origin="import", imported_in__isnull=False)
                | (~Q(origin="import") & Q(imported_in=None)),
                name="suppression_import_named",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by="", release_reason="")
                | (Q(released_at__isnull=False) & ~Q(released_by="") & ~Q(release_reason="")),
                name="suppression_released_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["business", "id"], name="suppression_of_business"),
            # The lists as they are narrowed.
            models.Index(fields=["business", "origin", "id"], name="suppression_by_origin"),
            models.Index(fields=["business", "channel", "id"], name="suppression_by_channel"),
            models.Index(
                fields=["business", "id"],
                name="suppression_released",
                condition=Q(released_at__isnull=False),
            ),
            # The whole history of a contact, released entries too.
            models.Index(fields=["business", "contact_hash"], name="suppression_of_contact"),
            models.Index(
                fields=["imported_in", "id"],
                name="suppression_of_import",
                condition=Q(imported_in__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.value or f"Erased {self.get_kind_display().lower()}"
