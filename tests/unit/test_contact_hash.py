"""What stands for a phone or an email once the value itself may be gone."""

from hypothesis import given
from hypothesis import strategies as st

from leadping.contact_hash import contact_hash, contact_hashes

PHONE = "+15125550123"


def test_the_same_contact_has_the_same_hash_of_32_bytes():
    assert contact_hash("phone", PHONE) == contact_hash("phone", PHONE)
    assert len(contact_hash("phone", PHONE)) == 32


def test_a_phone_and_an_email_of_the_same_text_differ():
    assert contact_hash("phone", PHONE) != contact_hash("email", PHONE)


def test_another_installation_has_other_hashes(settings):
    ours = contact_hash("phone", PHONE)
    settings.SECRET_KEY = "of another installation"
    assert contact_hash("phone", PHONE) != ours


def test_what_was_stored_under_the_key_before_is_still_found(settings):
    stored = contact_hash("email", "jordan@example.com")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the new one"
    assert stored in contact_hashes("email", "jordan@example.com")


def test_what_is_written_from_now_on_is_looked_for_first():
    assert contact_hashes("phone", PHONE)[0] == contact_hash("phone", PHONE)


@given(st.emails(), st.emails())
def test_no_two_contacts_share_a_hash(one, other):
    assert (contact_hash("email", one) == contact_hash("email", other)) == (one == other)


def test_the_key_can_be_kept_when_the_secret_of_sessions_is_changed(settings):
    stored = contact_hash("phone", PHONE)
    settings.CONTACT_HASH_KEY = settings.SECRET_KEY
    settings.SECRET_KEY = "the new one"
    assert contact_hash("phone", PHONE) == stored
