"""One set of credentials out of the four forms."""

from base64 import b64encode

import pytest

from sources.authentication import Presented, Stranger, read_credentials

ID = "source_1"
KEY = "lp_AbCd0123_" + "0" * 38
SECRET = "lps_AbCd0123_" + "1" * 38


def in_headers(source_id: str = ID, key: str = KEY) -> dict[str, str]:
    return {"X-Leadping-Source-Id": source_id, "X-Leadping-Source-Key": key}


def basic(key: str = KEY, secret: str = SECRET) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{key}:{secret}'.encode()).decode()}"}


def bearer(key: str = KEY) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


QUERY = [("sourceId", ID), ("apiKey", KEY)]


@pytest.mark.parametrize(
    ("headers", "query", "presented"),
    [
        (in_headers(), [], Presented(KEY, ID)),
        (in_headers(f" {ID} ", f" {KEY} "), [], Presented(KEY, ID)),
        ({}, QUERY, Presented(KEY, ID, in_query=True)),
        ({}, [("SOURCEID", ID), ("apikey", KEY)], Presented(KEY, ID, in_query=True)),
        (bearer(), [], Presented(KEY)),
        ({"Authorization": f"bearer   {KEY}"}, [], Presented(KEY)),
        (basic(), [], Presented(KEY, api_secret=SECRET)),
        (basic(secret=""), [], Presented(KEY)),
        # The same set in several forms is one set.
        (in_headers() | bearer(), [], Presented(KEY, ID)),
        (in_headers() | basic(), QUERY, Presented(KEY, ID, SECRET, in_query=True)),
        ({}, [*QUERY, *QUERY], Presented(KEY, ID, in_query=True)),
    ],
)
def test_each_form_is_read(
    headers: dict[str, str], query: list[tuple[str, str]], presented: Presented
) -> None:
    assert read_credentials(headers, query) == presented


@pytest.mark.parametrize(
    ("headers", "query", "code"),
    [
        ({}, [], "credentials_missing"),
        ({"Authorization": ""}, [], "credentials_missing"),
        ({"Authorization": "Digest x"}, [], "credentials_missing"),
        ({"Authorization": "Bearer"}, [], "credentials_missing"),
        ({"Authorization": "Basic"}, [], "credentials_missing"),
        ({"Authorization": "Basic !!!"}, [], "credentials_missing"),
        ({"Authorization": "Basic /////w=="}, [], "credentials_missing"),
        ({"Authorization": "Basic é"}, [], "credentials_missing"),
        ({"X-Leadping-Source-Id": ID}, [], "credentials_missing"),
        ({"X-Leadping-Source-Key": KEY}, [], "credentials_missing"),
        ({}, [("sourceId", ID)], "credentials_missing"),
        ({}, [("apiKey", KEY)], "credentials_missing"),
        ({}, [("sourceId", ""), ("apiKey", "")], "credentials_missing"),
        (in_headers(), [("sourceId", ID), ("apiKey", "other")], "credentials_conflict"),
        (in_headers(), [("sourceId", "source_2"), ("apiKey", KEY)], "credentials_conflict"),
        (in_headers() | bearer("other"), [], "credentials_conflict"),
        ({}, [*QUERY, ("apiKey", "other")], "credentials_conflict"),
        ({}, [*QUERY, ("sourceId", "source_2")], "credentials_conflict"),
    ],
)
def test_what_is_not_one_whole_set_is_refused(
    headers: dict[str, str], query: list[tuple[str, str]], code: str
) -> None:
    stranger = read_credentials(headers, query)
    assert isinstance(stranger, Stranger)
    assert stranger.problem.code == code
