"""The installation's key for dossiers: made once, read by us alone, changed without losing the old one."""

from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from leadping.models import Event
from leads.dossier.keys import MADE, ROTATED, KeyFileError, public_key, public_keys, rotate_key, signing_key
from leads.dossier.make import make_dossier
from leads.dossier.signing import key_id, read_public_keys
from leads.dossier.verification import verify
from tests.senders import Sender
from tests.situations import BY, REASON, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(tmp_path: Path, settings: Settings) -> Path:
    """Where no key is yet, in a folder that is not there either."""
    path = tmp_path / "keys" / "dossier-key.pem"
    settings.DOSSIER_KEY_FILE = str(path)
    return path


def fingerprint() -> str:
    return key_id(signing_key(by=BY, now=timezone.now()).public_key())


def test_the_first_use_makes_a_key_that_only_we_read(place: Path) -> None:
    made = fingerprint()
    assert place.stat().st_mode & 0o777 == 0o600
    assert fingerprint() == made
    event = Event.objects.get(kind=MADE)
    assert (event.data["after"], event.business) == ({"key": made}, None)


@pytest.mark.django_db(transaction=True)
def test_processes_that_need_the_first_key_at_once_get_the_same(place: Path) -> None:
    def race(_: int) -> str:
        try:
            return fingerprint()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(race, range(24)))
    assert len(found) == 1
    assert Event.objects.filter(kind=MADE).count() == 1


def test_before_the_first_key_there_is_nothing_to_publish(place: Path) -> None:
    assert public_keys() == b""
    assert public_key("0" * 64) == b""


def test_a_key_that_others_may_read_is_not_used(place: Path) -> None:
    fingerprint()
    place.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        fingerprint()


def other_kind() -> bytes:
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize("content", [b"", b"not a key", other_kind()], ids=["empty", "text", "other kind"])
def test_what_is_no_ed25519_key_is_said_to_be_none(place: Path, content: bytes) -> None:
    place.parent.mkdir()
    place.write_bytes(content)
    place.chmod(0o600)
    with pytest.raises(KeyFileError, match="is not usable"):
        fingerprint()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, settings: Settings) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    settings.DOSSIER_KEY_FILE = str(blocked / "key.pem")
    with pytest.raises(KeyFileError, match="DOSSIER_KEY_FILE"):
        fingerprint()


def test_dossiers_of_before_a_rotation_are_still_verified(place: Path, waived_sender: Sender) -> None:
    lead = take_in(waived_sender, trustedFormUrl=None)
    old = make_dossier(lead, by=BY, now=timezone.now()).content
    before = fingerprint()
    rotate_key(by=BY, reason=REASON, now=timezone.now())
    new = make_dossier(lead, by=BY, now=timezone.now()).content
    keys = read_public_keys(public_keys())
    assert [key_id(key) for key in keys] == [fingerprint(), before]
    assert [verify(data, keys).faults for data in (old, new)] == [[], []]
    assert verify(old, keys[:1]).faults
    assert verify(old, read_public_keys(public_key(before))).faults == []


def test_each_rotation_keeps_all_keys_of_before(place: Path) -> None:
    found = [fingerprint()]
    for _ in range(3):
        rotate_key(by=BY, reason=REASON, now=timezone.now())
        found.insert(0, fingerprint())
    assert [key_id(key) for key in read_public_keys(public_keys())] == found
    events = Event.objects.filter(kind=ROTATED).order_by("id")
    assert [event.data["after"]["key"] for event in events] == found[2::-1]
    assert events[0].data["before"] == {"key": found[3]}
    assert {path.name for path in place.parent.iterdir()} == {
        "dossier-key.pem", "dossier-key.retired.pem", "dossier-key.lock",
    }  # fmt: skip


def test_the_command_shows_the_public_key_and_rotates_it_with_a_reason(place: Path) -> None:
    said = StringIO()
    call_command("dossierkey", stdout=said)
    assert public_keys().decode().strip() in said.getvalue()
    assert "PRIVATE" not in said.getvalue()
    before = fingerprint()
    with pytest.raises(CommandError, match="Say why"):
        call_command("dossierkey", rotate=" ")
    call_command("dossierkey", rotate="The old one was on a lost disk.", stdout=said)
    assert fingerprint() != before
    assert Event.objects.get(kind=ROTATED).reason == "The old one was on a lost disk."
