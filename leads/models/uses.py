"""Which certificate came with whom, and through which source; and who came from which IP address."""

from django.db import models
from django.db.models import Q

from leadping.accounts.models import Business
from leadping.rows import Row
from leads.models.lead import Lead
from sources.models import Source


class CertificateUse(Row):
    """One lead that came with a certificate. Only hashes, of which none names the person, so that it can stay
    when the lead's contact data is erased: a certificate stays used."""

    PREFIX = "use"

    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, db_index=False, related_name="+")
    # Should the lead itself be gone one day, the row stays.
    lead = models.ForeignKey(
        Lead, models.DO_NOTHING, db_index=False, db_constraint=False, related_name="certificate_uses"
    )
    # SHA-256 of the certificate's URL as we write it.
    certificate_hash = models.BinaryField(max_length=32)
    # As `leadping/contact_hash.py` makes them.
    phone_hash = models.BinaryField(max_length=32, null=True)
    email_hash = models.BinaryField(max_length=32, null=True)
    at = models.DateTimeField()
    # Whether it was found then that another person or source had used it.
    again = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["certificate_hash", "id"], name="use_of_certificate"),
            models.Index(fields=["business", "id"], name="use_again", condition=Q(again=True)),
        ]

    def __str__(self) -> str:
        return self.public_id


class AddressUse(Row):
    """One lead that came from an IP address, where its source watches for addresses from which many come.
    Only hashes, of which none names the person or the address, and only for as long as a source may look
    back."""

    PREFIX = "ipuse"

    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, db_index=False, related_name="+")
    lead = models.ForeignKey(
        Lead, models.DO_NOTHING, db_index=False, db_constraint=False, related_name="address_uses"
    )
    # As `leadping/contact_hash.py` makes them.
    ip_hash = models.BinaryField(max_length=32)
    phone_hash = models.BinaryField(max_length=32, null=True)
    email_hash = models.BinaryField(max_length=32, null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["business", "ip_hash", "id"], name="use_of_address")]

    def __str__(self) -> str:
        return self.public_id
