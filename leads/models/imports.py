"""Files of leads that people bring in."""

from django.db import models
from django.db.models import Q

from leadping.accounts.models import Business
from leadping.file_imports import FileImport
from sources.models import Source


class Import(FileImport):
    """One CSV file for one source: uploaded, mapped, checked, imported, and perhaps undone.

    Its columns lead to names of the flat door, offered again for the source's next file; one kept as extra
    leads to `+`, one that is left out to nothing.
    """

    PREFIX = "import"
    UNREAD = ("findings",)

    class Status(models.TextChoices):
        UPLOADED = "uploaded", "Uploaded"
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Checked"
        IMPORTING = "importing", "Being imported"
        IMPORTED = "imported", "Imported"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"
        FAILED = "failed", "Failed"

    business = models.ForeignKey(Business, models.PROTECT, editable=False, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, related_name="imports")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.UPLOADED)
    # Outcomes with their numbers of rows; of the check until it is imported.
    outcomes = models.JSONField(default=dict)
    # Codes with their numbers of rows.
    codes = models.JSONField(default=dict)
    # What the check found, as `leads/importing/faults.py` writes it: the first for the page, and all of them,
    # one a line. What the import finds stands in the submissions.
    faults = models.JSONField(default=list)
    findings = models.TextField(blank=True)
    # Of taking the rows in, not of the check before it.
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)
    undone_reason = models.TextField(blank=True)
    # Whether leads go too that a person worked with since.
    undoes_worked = models.BooleanField(default=False)
    withdrawn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        *("uploaded", "checking", "checked", "importing", "imported"),
                        *("undoing", "undone", "failed"),
                    ]
                ),
                name="import_status_known",
            ),
        ]
        indexes = [models.Index(fields=["business", "id"], name="import_of_business")]
