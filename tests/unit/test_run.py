"""What `make run` writes, posts and says, without anything running."""

import json
import shlex
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from leadping.management.commands.run import read_port
from leadping.run import dotenv
from leadping.run.announcement import announcement
from leadping.run.obstacles import Obstacle
from leadping.run.sample_source import SampleSource
from leadping.run.samples import sample_leads, sample_requests, to_query_door, to_structured_door

ADDRESS = "http://127.0.0.1:8000"
SOURCE = SampleSource("source_1", "lp_key", "lps_secret", "lead_1")
MAIL = "files in /srv/leadping/.leadping/mail"
OWNER = {"business": "Sample business", "email": "owner@example.com", "password": "hunter2"}


def test_a_new_dotenv_has_secrets_of_its_own_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    dotenv.write_when_missing(first)
    dotenv.write_when_missing(second)
    assert first.stat().st_mode & 0o777 == 0o600
    same = set(first.read_text().splitlines()) & set(second.read_text().splitlines())
    assert not any(line.startswith(("SECRET_KEY", "METRICS_TOKEN")) for line in same)


def test_a_dotenv_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("SECRET_KEY=mine\n")
    dotenv.write_when_missing(path)
    assert path.read_text() == "SECRET_KEY=mine\n"


def test_the_samples_are_posted_through_every_door_in_every_form() -> None:
    ways = Counter(
        (request.method, urlsplit(request.path).path, request.headers.get("Content-Type"))
        for request in sample_requests()
    )
    assert ways.keys() == {
        ("POST", "/leads", "application/json"),
        ("POST", "/leads/intake", "application/json"),
        ("POST", "/leads/intake", "application/x-www-form-urlencoded"),
        ("GET", "/leads/intake", None),
    }
    assert ways.total() == 40


def test_no_two_sample_people_share_a_contact_or_an_id() -> None:
    leads = list(sample_leads())
    for name in ("externalId", "email", "phone"):
        values = [lead[name] for lead in leads if lead[name]]
        assert len(values) == len(set(values))


def test_the_structured_payload_has_each_field_in_its_place() -> None:
    request = to_structured_door(
        {"phone": "+15125550100", "state": "TX", "gender": "Male", "product": "Auto"}
    )
    assert request.body is not None
    assert json.loads(request.body) == {
        "metadata": {"product": "Auto"},
        "contact": {"phone": {"number": "+15125550100"}, "streetAddress": {"state": "TX"}},
        "customer": {"gender": "Male"},
    }


def test_an_object_travels_in_a_query_as_its_json() -> None:
    request = to_query_door({"firstName": "Ada", "sourceMetadata": {"placement": "form"}})
    assert parse_qs(urlsplit(request.path).query) == {
        "firstName": ["Ada"],
        "sourceMetadata": ['{"placement": "form"}'],
    }


def test_the_first_announcement_shows_the_password_and_a_curl_for_each_door() -> None:
    text = announcement(ADDRESS, OWNER, SOURCE, mail=MAIL)
    assert "Sign in as owner@example.com with the password hunter2" in text
    assert f"{ADDRESS}/workspace/leads/lead_1/" in text
    assert [urlsplit(command[2]).path for command in curls(text)] == [
        "/leads",
        "/leads/intake",
        "/leads/intake",
    ]


def test_the_announcement_names_the_folder_into_which_mail_goes() -> None:
    assert MAIL in announcement(ADDRESS, OWNER, SOURCE, mail=MAIL)


def test_a_later_announcement_says_how_to_set_a_new_password() -> None:
    text = announcement(ADDRESS, {"exists": True}, None, mail=MAIL)
    assert "manage.py changepassword" in text
    assert "createsource" in text
    assert curls(text) == []


@pytest.mark.parametrize("text", ["", "abc", "0", "65536", "-1", "8000.5"])
def test_a_port_that_cannot_be_is_an_obstacle(text: str) -> None:
    with pytest.raises(Obstacle, match="PORT must be a number from 1 to 65535"):
        read_port(text)


def curls(text: str) -> list[Any]:
    return [shlex.split(line) for line in text.splitlines() if line.startswith("curl ")]
