"""The codes with which a source's own state, terms and credentials answer a request."""

from leadping.problems import Problem

CREDENTIALS_MISSING = Problem(
    "credentials_missing",
    401,
    "Credentials missing",
    "The request carries no source id and key.",
    "Send the headers `X-Leadping-Source-Id` and `X-Leadping-Source-Key`. User tokens do "
    "not open the intake doors.",
)
CREDENTIALS_INVALID = Problem(
    "credentials_invalid",
    401,
    "Credentials invalid",
    "The source id and key do not belong to a live source, or the key was mistyped or revoked. "
    "The answer is the same for each of these on purpose.",
    "Copy both again from where they were issued. If the key is lost, ask for a new one: "
    "it is shown only once.",
)
CREDENTIALS_CONFLICT = Problem(
    "credentials_conflict",
    401,
    "Credentials conflict",
    "The request carries two different sets of credentials, for instance one in headers "
    "and another in the query.",
    "Send one set; the headers are the documented form.",
)
SOURCE_DISABLED = Problem(
    "source_disabled",
    403,
    "Source disabled",
    "The source exists and the key is right, but the source has been switched off.",
    "Stop sending and ask the business that runs this installation. Do not retry until it says so.",
)
SOURCE_PAUSED = Problem(
    "source_paused",
    403,
    "Source paused",
    "The source has been paused, by a person or by itself when too many of its leads were bad, until that is "
    "mended. The message says why.",
    "Stop sending, mend what the message names, and tell whoever gave you the key: they reopen the source.",
)
SOURCE_UNATTACHED = Problem(
    "source_unattached",
    403,
    "Source not attached to an account",
    "The source belongs to no customer account, so there is nobody its leads could be given to.",
    "Ask the business that runs this installation to attach the source to an account.",
)
RATE_EXCEEDED = Problem(
    "rate_exceeded",
    429,
    "Rate exceeded",
    "The source sent more requests this minute than its limit allows.",
    "Send again after the seconds in `Retry-After`, and spread requests over time.",
    retry=True,
)
SOURCE_NOT_APPROVED = Problem(
    "source_not_approved",
    400,
    "Source not approved",
    "Compliance has not approved what this source may send, or has withdrawn its approval.",
    "Wait for the approval. Until then `Leadping-Dry-Run: true` judges requests by the latest draft.",
)
STATE_MISSING = Problem(
    "state_missing",
    400,
    "State missing",
    "The source is approved for certain states only, and the lead names no state.",
    "Send the state of the person's address.",
)
STATE_NOT_ALLOWED = Problem(
    "state_not_allowed",
    400,
    "State not allowed",
    "The source is not approved for the state that the lead names.",
    "Send leads from the allowed states only; `GET /source` lists them.",
)
PRODUCT_MISSING = Problem(
    "product_missing",
    400,
    "Product missing",
    "The source is approved for certain products only, and the lead names no product.",
    "Send the product.",
)
PRODUCT_NOT_ALLOWED = Problem(
    "product_not_allowed",
    400,
    "Product not allowed",
    "The source is not approved for the product that the lead names.",
    "Send one of the allowed products; `GET /source` lists them. Case does not matter.",
)
APPROVAL_EXPIRED = Problem(
    "approval_expired",
    400,
    "Approval expired",
    "The approval of this source was given up to a certain moment, which has passed.",
    "Stop sending and ask the business that runs this installation to renew the approval. `GET /source` "
    "tells in `approvedUntil` when an approval ends.",
)
VERTICAL_MISSING = Problem(
    "vertical_missing",
    400,
    "Vertical missing",
    "The source is approved for certain verticals only, and the lead names no vertical.",
    "Send the vertical.",
)
VERTICAL_NOT_ALLOWED = Problem(
    "vertical_not_allowed",
    400,
    "Vertical not allowed",
    "The source is not approved for the vertical that the lead names.",
    "Send one of the allowed verticals; `GET /source` lists them. Case does not matter.",
)
OUTSIDE_SCHEDULE = Problem(
    "outside_schedule",
    400,
    "Outside the schedule",
    "The source takes leads on certain days or at certain hours only, counted in its own time zone. "
    "A source may hold such leads instead of refusing them.",
    "Send within the schedule; the message and `GET /source` name it.",
    retry=True,
)
IP_NOT_ALLOWED = Problem(
    "ip_not_allowed",
    403,
    "Address not allowed",
    "The request came from an IP address that is not on the source's list of posting systems. "
    "A source may hold such leads instead of refusing them.",
    "Post from a listed system, or ask the business that runs this installation to list the new address.",
)
CAP_REACHED = Problem(
    "cap_reached",
    429,
    "Cap reached",
    "The source has brought as many leads as it may in this hour, day or month, counted in its own time "
    "zone. A source may hold further leads instead of refusing them.",
    "Send again after the seconds in `Retry-After`, when the period is over. A dry run and `GET /source` "
    "tell how many leads are left.",
    retry=True,
)
SOURCE_DISPUTED = Problem(
    "source_disputed",
    400,
    "Source disputed",
    "A complaint or dispute about the source is open. As its settings say, leads are held for a person until "
    "it is settled, or taken with this warning.",
    "Nothing is wrong with the request. Ask the business that runs this installation what is held against "
    "the source, and help to settle it.",
)
PROBLEMS = (
    CREDENTIALS_MISSING,
    CREDENTIALS_INVALID,
    CREDENTIALS_CONFLICT,
    SOURCE_DISABLED,
    SOURCE_PAUSED,
    SOURCE_UNATTACHED,
    RATE_EXCEEDED,
    SOURCE_NOT_APPROVED,
    STATE_MISSING,
    STATE_NOT_ALLOWED,
    PRODUCT_MISSING,
    PRODUCT_NOT_ALLOWED,
    VERTICAL_MISSING,
    VERTICAL_NOT_ALLOWED,
    APPROVAL_EXPIRED,
    OUTSIDE_SCHEDULE,
    IP_NOT_ALLOWED,
    CAP_REACHED,
    SOURCE_DISPUTED,
)
