"""Dossiers as people take them, by web and command, and as others check them, with tools of their own."""

import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from time import process_time

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from time_machine import travel

from leadping.accounts.models import Business, User
from leadping.accounts.roles import ALLOWED, Deed, Role
from leadping.models import Event
from leads.dossier.archive import unpack
from leads.dossier.keys import public_keys
from leads.dossier.make import TAKEN, make_dossier
from leads.dossier.signing import key_id, read_public_keys
from leads.dossier.verification import verify
from leads.models import Lead
from tests.acceptance.test_workspace_in_browser import browsing
from tests.acceptance.test_workspace_in_browser import sign_in as sign_in_by_hand
from tests.dossiers import eventful_lead, unpacked_into
from tests.senders import Sender
from tests.situations import BY, MemberFactory, sign_in, take_in

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def lead(waived_sender: Sender) -> Lead:
    return take_in(waived_sender, trustedFormUrl=None)


def workspace(lead: Lead) -> str:
    return reverse("dossier:take", args=[lead.public_id])


def console(lead: Lead) -> str:
    return reverse("console:leads_lead_dossier", args=[lead.pk])


DOORS = pytest.mark.parametrize("door", [workspace, console])


def browser_of(user: User) -> Client:
    client = Client()
    sign_in(client, user)
    return client


# --- over the web


@DOORS
@pytest.mark.parametrize("role", Role)
def test_whoever_may_export_gets_it_with_one_click(
    member: Callable[[Role], User], lead: Lead, role: Role, door: Callable[[Lead], str]
) -> None:
    user = member(role)
    answer = browser_of(user).post(door(lead))
    if role not in ALLOWED[Deed.EXPORT]:
        assert answer.status_code == 403
        assert not Event.objects.filter(kind=TAKEN).exists()
        return
    assert is_dossier_of(answer, lead)
    assert Event.objects.get(kind=TAKEN).actor == user.public_id


def is_dossier_of(answer: HttpResponse, lead: Lead) -> bool:
    assert answer.headers["Content-Type"] == "application/zip"
    name = f"dossier-{lead.public_id}.zip"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "no-store" in answer.headers["Cache-Control"]
    return verify(answer.content, read_public_keys(public_keys())).faults == []


@pytest.mark.parametrize("role", Role)
def test_only_whoever_may_export_is_offered_it(
    member: Callable[[Role], User], lead: Lead, role: Role
) -> None:
    client = browser_of(member(role))
    ours = client.get(reverse("workspace:lead", args=[lead.public_id])).text
    consoles = client.get(reverse("console:leads_lead_change", args=[lead.pk])).text
    offered = [workspace(lead) in ours, console(lead) in consoles]
    assert offered == [role in ALLOWED[Deed.EXPORT]] * 2


@DOORS
def test_looking_at_the_page_takes_nothing_and_shows_the_key(
    owner: User, lead: Lead, door: Callable[[Lead], str]
) -> None:
    client = browser_of(owner)
    assert client.get(door(lead)).status_code == 200
    assert not Event.objects.filter(kind=TAKEN).exists()
    client.post(door(lead))
    page = client.get(door(lead)).text
    assert key_id(read_public_keys(public_keys())[0]) in page
    assert "/.well-known/leadping-dossier-key.pem" in page


@DOORS
def test_who_gave_no_password_for_a_while_is_asked_first(
    owner: User, lead: Lead, door: Callable[[Lead], str]
) -> None:
    client = browser_of(owner)
    with travel(timezone.now() + timedelta(minutes=16)):
        answer = client.post(door(lead))
    assert answer.status_code == 302
    assert "/account/confirm/" in answer.headers["Location"]
    assert not Event.objects.filter(kind=TAKEN).exists()


@DOORS
def test_a_lead_of_another_business_is_no_lead(
    other_business: Business, lead: Lead, door: Callable[[Lead], str]
) -> None:
    client = browser_of(MemberFactory.create(business=other_business))
    for answer in (client.get(door(lead)), client.post(door(lead))):
        assert answer.status_code == 404
    assert not Event.objects.filter(kind=TAKEN).exists()


@DOORS
def test_strangers_and_forged_forms_get_nothing(owner: User, lead: Lead, door: Callable[[Lead], str]) -> None:
    assert Client().post(door(lead)).status_code == 302
    client = Client(enforce_csrf_checks=True)
    client.cookies = browser_of(owner).cookies
    assert client.post(door(lead)).status_code == 403
    assert not Event.objects.filter(kind=TAKEN).exists()


@DOORS
def test_a_key_that_cannot_be_used_is_told_on_the_page(
    owner: User, lead: Lead, settings: Settings, tmp_path: Path, door: Callable[[Lead], str]
) -> None:
    settings.DOSSIER_KEY_FILE = str(tmp_path / "open.pem")
    client = browser_of(owner)
    client.post(door(lead))
    Path(settings.DOSSIER_KEY_FILE).chmod(0o644)
    answer = client.post(door(lead))
    assert "chmod 600" in answer.text
    assert Event.objects.filter(kind=TAKEN).count() == 1


def test_the_public_keys_are_there_for_everybody(owner: User, lead: Lead) -> None:
    browser_of(owner).post(workspace(lead))
    answer = Client().get("/.well-known/leadping-dossier-key.pem")
    assert answer.content == public_keys()
    assert b"PRIVATE" not in answer.content
    named = key_id(read_public_keys(answer.content)[0])
    assert Client().get(f"/.well-known/leadping-dossier-key/{named}.pem").content == answer.content
    assert Client().get(f"/.well-known/leadping-dossier-key/{'0' * 64}.pem").status_code == 404


def test_in_a_real_browser_the_button_downloads_it(
    live_server: LiveServer, owner: User, waived_sender: Sender, tmp_path: Path
) -> None:
    lead = take_in(waived_sender, trustedFormUrl=None)
    pages = [reverse("workspace:lead", args=[lead.public_id]), f"/console/leads/lead/{lead.pk}/change/"]
    saved = []
    with browsing(live_server) as page:
        sign_in_by_hand(page, owner.email)
        for number, address in enumerate(pages):
            page.goto(address)
            with page.expect_download() as download:
                page.get_by_role("button", name="Dossier").click()
            download.value.save_as(tmp_path / f"{number}.zip")
            saved.append(tmp_path / f"{number}.zip")
    assert [verify(path.read_bytes(), read_public_keys(public_keys())).faults for path in saved] == [[], []]


def test_the_report_opens_in_a_browser_without_a_complaint(
    live_server: LiveServer, sender: Sender, owner: User, sandbox: str, tmp_path: Path
) -> None:
    lead = eventful_lead(sender, owner)
    folder = unpacked_into(
        tmp_path / "dossier", unpack(make_dossier(lead, by=BY, now=timezone.now()).content)
    )
    with browsing(live_server) as page:
        page.goto(f"file://{folder}/report.html")
        expect(page.get_by_role("heading", name="Findings")).to_be_visible()
        expect(page.get_by_role("note").first).to_contain_text("proves nothing")
        for link in page.get_by_role("link").all():
            assert (folder / str(link.get_attribute("href"))).is_file()


# --- by command


def test_the_command_writes_a_file_that_only_its_owner_reads(lead: Lead, tmp_path: Path) -> None:
    path, said = tmp_path / "out.zip", StringIO()
    call_command("dossier", lead.public_id, output=path, stdout=said)
    assert path.stat().st_mode & 0o777 == 0o600
    assert verify(path.read_bytes(), read_public_keys(public_keys())).faults == []
    assert Event.objects.get(kind=TAKEN).actor == "cli"
    assert "personal data" in said.getvalue()


def test_the_command_says_what_is_wrong_and_leaves_nothing(
    lead: Lead, tmp_path: Path, settings: Settings
) -> None:
    there = tmp_path / "there.zip"
    there.write_text("Mine.")
    with pytest.raises(CommandError, match="is there already"):
        call_command("dossier", lead.public_id, output=there)
    assert there.read_text() == "Mine."
    with pytest.raises(CommandError, match="There is no lead"):
        call_command("dossier", "lead_nonsense", output=tmp_path / "other.zip")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("dossier", lead.public_id, output=tmp_path / "no" / "folder.zip")
    settings.DOSSIER_KEY_FILE = str(there / "in-a-file.pem")
    with pytest.raises(CommandError, match="DOSSIER_KEY_FILE"):
        call_command("dossier", lead.public_id, output=tmp_path / "other.zip")
    assert not (tmp_path / "other.zip").exists()
    assert not Event.objects.filter(kind=TAKEN).exists()


# --- checked by others


@pytest.fixture
def taken(lead: Lead, tmp_path: Path) -> Path:
    """A dossier as a file, and beside it the public key."""
    path = tmp_path / "dossier.zip"
    path.write_bytes(make_dossier(lead, by=BY, now=timezone.now()).content)
    (tmp_path / "public.pem").write_bytes(public_keys())
    return path


def verified(path: Path) -> subprocess.CompletedProcess[str]:
    """As somebody runs it who has the code, and neither settings nor a database."""
    return subprocess.run(
        [sys.executable, "-m", "leads.dossier", "verify", path, "--key", path.parent / "public.pem"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


def test_verify_needs_no_settings_and_says_which_lead_it_is(taken: Path, lead: Lead) -> None:
    outcome = verified(taken)
    assert outcome.returncode == 0, outcome
    assert outcome.stdout.startswith("Unchanged")
    assert lead.public_id in outcome.stdout


def test_verify_names_what_was_changed(taken: Path) -> None:
    data = taken.read_bytes()
    taken.write_bytes(data.replace(b'"first_name": "Jordan"', b'"first_name": "Jorden"'))
    outcome = verified(taken)
    assert outcome.returncode == 1
    assert "- lead.json was changed." in outcome.stdout


def test_verify_says_what_it_cannot_read(taken: Path) -> None:
    (taken.parent / "public.pem").write_text("nothing")
    assert verified(taken).returncode == 2
    (taken.parent / "public.pem").unlink()
    outcome = verified(taken)
    assert (outcome.returncode, "cannot be read" in outcome.stderr) == (2, True)


@pytest.mark.django_db(transaction=True)
def test_a_thousand_random_flips_in_a_whole_dossier_are_all_found(
    sender: Sender, owner: User, sandbox: str
) -> None:
    data = make_dossier(eventful_lead(sender, owner), by=BY, now=timezone.now()).content
    keys = read_public_keys(public_keys())
    assert verify(data, keys).faults == []
    chance, missed = random.Random(5), []
    for _ in range(1000):
        place, value = chance.randrange(len(data)), chance.randrange(1, 256)
        changed = bytearray(data)
        changed[place] ^= value
        if not verify(bytes(changed), keys).faults:
            missed.append((place, value))
    assert missed == []


def test_openssl_and_sha256sum_check_it_as_its_readme_says(taken: Path) -> None:
    folder = taken.parent / "unpacked"
    with zipfile.ZipFile(taken) as archive:
        archive.extractall(folder)
    readme = (folder / "README.txt").read_text()
    commands = [
        line.strip() for line in readme.splitlines() if line.startswith(("    openssl", "    sha256sum"))
    ]
    assert len(commands) == 3
    said = [run(command.replace("public.pem", "../public.pem"), folder) for command in commands]
    assert said[0].split()[0] in readme
    assert "Signature Verified Successfully" in said[1]
    assert said[2].count(": OK") == len(unpack(taken.read_bytes())) - 2
    (folder / "lead.json").write_text("{}")
    with pytest.raises(subprocess.CalledProcessError):
        run(commands[2], folder)
    (folder / "SHA256SUMS").write_text("")
    with pytest.raises(subprocess.CalledProcessError):
        run(commands[1].replace("public.pem", "../public.pem"), folder)


def run(command: str, folder: Path) -> str:
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def test_unzip_and_python_s_own_reader_find_nothing_wrong(taken: Path) -> None:
    with zipfile.ZipFile(BytesIO(taken.read_bytes())) as archive:
        assert archive.testzip() is None


# --- soon


@pytest.mark.django_db(transaction=True)
def test_a_dossier_takes_less_than_a_second(sender: Sender, owner: User, sandbox: str) -> None:
    """Of the processor, for the machine of the tests does other things too; the first one loads the fonts."""
    lead = eventful_lead(sender, owner)
    make_dossier(lead, by=BY, now=timezone.now())
    begun = process_time()
    make_dossier(lead, by=BY, now=timezone.now())
    assert process_time() - begun < 1
