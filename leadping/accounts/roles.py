"""What each role may do. The README's table of roles is made from these two."""

from enum import StrEnum

from django.db import models


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    COMPLIANCE = "compliance", "Compliance"
    OPERATOR = "operator", "Operator"
    VIEWER = "viewer", "Viewer"


class Deed(StrEnum):
    READ = "read leads, submissions and sources"
    DECIDE_HELD = "release or refuse held leads, have submissions judged again"
    RECORD_COMPLAINTS = "record complaints, disputes and opt-outs, and close them"
    SUPPRESS = "add phones and emails to the suppression list"
    RELEASE_SUPPRESSED = "release entries of the suppression list, import files into it"
    IMPORT_LEADS = "import leads from files, and undo it"
    EXPORT = "export figures, lists and dossiers"
    MANAGE_SOURCES = "create sources, change settings, issue and revoke credentials"
    APPROVE_TERMS = "approve and revoke a source's terms"
    READ_MATTERS = "read legal holds and erasures"
    ERASE = "erase people who ask for it"
    HOLD = "place and release legal holds"
    MANAGE_MEMBERS = "invite, change and remove members"
    MANAGE_BUSINESS = "change the rules of the business, reset a member's second factor"


ALLOWED: dict[Deed, frozenset[Role]] = {
    Deed.READ: frozenset(Role),
    Deed.DECIDE_HELD: frozenset({Role.OWNER, Role.ADMIN, Role.COMPLIANCE}),
    Deed.RECORD_COMPLAINTS: frozenset({Role.OWNER, Role.ADMIN, Role.COMPLIANCE, Role.OPERATOR}),
    Deed.SUPPRESS: frozenset({Role.OWNER, Role.ADMIN, Role.COMPLIANCE, Role.OPERATOR}),
    Deed.RELEASE_SUPPRESSED: frozenset({Role.OWNER, Role.ADMIN, Role.COMPLIANCE}),
    Deed.IMPORT_LEADS: frozenset({Role.OWNER, Role.ADMIN}),
    Deed.EXPORT: frozenset({Role.OWNER, Role.ADMIN, Role.COMPLIANCE}),
    Deed.MANAGE_SOURCES: frozenset({Role.OWNER, Role.ADMIN}),
    Deed.APPROVE_TERMS: frozenset({Role.OWNER, Role.COMPLIANCE}),
    # They name people who ask for something and matters that are before a court.
    Deed.READ_MATTERS: frozenset({Role.OWNER, Role.ADMIN, Role.COMPLIANCE}),
    Deed.ERASE: frozenset({Role.OWNER, Role.COMPLIANCE}),
    Deed.HOLD: frozenset({Role.OWNER, Role.COMPLIANCE}),
    Deed.MANAGE_MEMBERS: frozenset({Role.OWNER, Role.ADMIN}),
    Deed.MANAGE_BUSINESS: frozenset({Role.OWNER}),
}


def deeds_of(role: Role) -> frozenset[Deed]:
    return frozenset(deed for deed, roles in ALLOWED.items() if role in roles)
