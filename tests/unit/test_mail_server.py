"""What EMAIL_URL, MAIL_FROM and PUBLIC_URL may be."""

import pytest

from leadping.mail_server import check_mail_from, check_public_url, describe_server, read_email_url

FOLDER = "/srv/mail"


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.com", 25, False, False),
        ("smtp+tls://me:secret@mail.example.com", 587, True, False),
        ("smtp+tls://me:secret@mail.example.com:2525", 2525, True, False),
        ("smtp+ssl://me:secret@mail.example.com", 465, False, True),
    ],
)
def test_an_address_names_server_port_and_how_tls_begins(url: str, port: int, tls: bool, ssl: bool) -> None:
    found = read_email_url(url)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example.com", port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)
    assert found["EMAIL_TIMEOUT"] == 10


def test_a_password_may_hold_any_character_percent_encoded() -> None:
    found = read_email_url("smtp+tls://me%40example.com:p%40ss%2Fw%23rd%25@mail.example.com")
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("me@example.com", "p@ss/w#rd%")


@pytest.mark.parametrize(
    "url",
    [
        *("mail.example.com", "http://mail.example.com", "smtps://mail.example.com", "smtp://", "smtp://:25"),
        *("smtp://mail.example.com:port", "smtp://mail.example.com:99999", "smtp://mail.example.com/x?tls=1"),
        *("smtp://me@mail.example.com", "smtp+tls://me:se/cret@mail.example.com", "smtp://[::1"),
    ],
)
def test_any_other_stops_the_start_with_a_sentence_that_does_not_repeat_it(url: str) -> None:
    with pytest.raises(SystemExit, match="EMAIL_URL must be like smtp") as caught:
        read_email_url(url)
    assert "cret" not in str(caught.value)


def test_a_server_is_described_without_its_password() -> None:
    found = read_email_url("smtp+tls://me:secret@mail.example.com")
    assert describe_server(found, folder=FOLDER) == "smtp+tls://me@mail.example.com:587"
    assert describe_server(read_email_url(""), folder=FOLDER) == "files in /srv/mail"


@pytest.mark.parametrize("text", ["", "Leadping", "Leadping <leads>", "a@example.com\nBcc: b@example.com"])
def test_who_mail_comes_from_is_an_address(text: str) -> None:
    with pytest.raises(SystemExit, match="MAIL_FROM must be an email address"):
        check_mail_from(text)


def test_a_name_may_stand_before_the_address() -> None:
    assert check_mail_from("Leadping <leads@example.com>") == "Leadping <leads@example.com>"


@pytest.mark.parametrize(
    "url", ["", "leads.example.com", "ftp://x", "https://", "https://x:y", "https://x/?a=1"]
)
def test_links_begin_with_a_whole_address(url: str) -> None:
    with pytest.raises(SystemExit, match="PUBLIC_URL must be"):
        check_public_url(url)


def test_a_closing_slash_is_taken_away() -> None:
    assert check_public_url("https://leads.example.com/") == "https://leads.example.com"
