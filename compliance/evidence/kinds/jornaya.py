"""Jornaya LeadiD: 36 characters that a script of Verisk's writes into a form.

The token by itself is only an identifier. Whether it is authentic, and what the person saw, its service tells
to who has an account there; we ask nobody, so it is never called verified.
"""

import re

from compliance.evidence.kind import Kind
from leadping.problems import Problem

KIND = Kind(
    key="jornaya_leadid",
    title="Jornaya LeadiD",
    about="A Jornaya LeadiD, as its script wrote it into the form. Kept with the lead and not verified.",
    names=(
        "universal_leadid",
        "leadid_token",
        "jornaya_leadid",
        "jornaya_lead_id",
        "jornaya_token",
        "leadid_id",
    ),
    hinted=("leadid",),
    # Not made by RFC 4122, so its version and variant say nothing.
    shape=re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
    problem=Problem(
        "leadid_malformed",
        400,
        "LeadiD malformed",
        "What was sent as a Jornaya LeadiD has another shape than a LeadiD. It was kept with the lead as it "
        "came. A warning only.",
        "Send the value of the form's hidden field `universal_leadid` as Jornaya's script wrote it: 36 "
        "characters, such as `063A3537-2A60-890C-5F89-D2435448FD1D`.",
    ),
)
