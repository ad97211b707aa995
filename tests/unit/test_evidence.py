"""Evidence beside the certificate: how its tokens are known among what was sent, and what their shape is
worth."""

from typing import Any

import pytest

from compliance.evidence.registry import MOST, find_claims, judge_claim, suggest_name
from leads.docs.fields import field_rows
from leads.intake.problems import CATALOGUE

LEADID = "063A3537-2A60-890C-5F89-D2435448FD1D"


@pytest.mark.parametrize(
    "name",
    [
        *("universal_leadid", "leadid_token", "jornaya_leadid", "jornaya_lead_id", "jornaya_token"),
        *("leadIDToken", "leadid_id", "JornayaLeadiD", "jornayaLeadID", "UNIVERSAL-LEADID"),
        *("metadata.universal_leadid", "sourceMetadata.leadid_token"),
    ],
)
def test_a_leadid_is_known_by_its_names(name: str) -> None:
    [claim] = find_claims([(name, LEADID)])
    assert (claim.kind.key, claim.token, claim.field, claim.well_formed) == (
        "jornaya_leadid",
        LEADID,
        name,
        True,
    )


@pytest.mark.parametrize(
    "name", ["leadid", "sellerLeadId", "externalId", "lead", "universal", "x" * 5000, ""]
)
def test_other_names_are_not_a_leadid(name: str) -> None:
    assert find_claims([(name, LEADID)]) == []


@pytest.mark.parametrize("token", [LEADID, LEADID.lower(), "00000000-0000-0000-0000-000000000000"])
def test_the_shape_is_what_counts_and_not_a_version(token: str) -> None:
    [claim] = find_claims([("universal_leadid", token)])
    verdict = judge_claim(claim)
    assert (verdict.passed, "Nobody verified it" in verdict.detail) == (True, True)


@pytest.mark.parametrize(
    "token",
    [
        LEADID[:-1],
        LEADID + "0",
        LEADID.replace("-", ""),
        "undefined",
        f"{LEADID}\n",
        7,
        True,
        {"a": 1},
        ["x"],
    ],
)
def test_what_has_another_shape_is_kept_with_a_warning(token: Any) -> None:
    [claim] = find_claims([("universal_leadid", token)])
    verdict = judge_claim(claim)
    assert (verdict.passed, verdict.code, verdict.effect) == (False, "leadid_malformed", "warn")
    assert claim.token == str(token)


def test_one_token_under_two_names_is_one_claim() -> None:
    claims = find_claims([("universal_leadid", LEADID), ("leadid_token", LEADID)])
    assert [claim.field for claim in claims] == ["universal_leadid"]


def test_a_sender_who_sends_dozens_fills_no_table() -> None:
    sent = [(f"a{number}.leadid_token", f"{number}" * 5000) for number in range(10)]
    claims = find_claims(sent)
    assert (len(claims), {len(claim.token) for claim in claims}) == (MOST, {200})


def test_a_name_with_other_meanings_is_only_hinted_at() -> None:
    assert suggest_name("leadId", LEADID) == "universal_leadid"
    assert suggest_name("leadId", "partner-88391") is None


def test_each_kind_has_its_problem_page_and_its_row_in_the_table_of_fields() -> None:
    assert "leadid_malformed" in CATALOGUE
    assert ("universal_leadid", "metadata.universal_leadid") in {
        (row.flat, row.structured) for row in field_rows()
    }
