"""How far leads have been looked through for certificates to retain."""

from django.db import models
from django.db.models import Q


class RetainingReach(models.Model):
    """One row, and none before the first time; `leads/certificates/claiming.py` alone writes it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    until = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="retaining_reach_one")]

    def __str__(self) -> str:
        return f"until {self.until}"
