import pytest

from tests.senders import Sender, flat_lead


@pytest.mark.django_db
def test_smoke(waived_sender: Sender) -> None:
    response = waived_sender.post(flat_lead())
    assert response.status_code == 201, response.content


def test_smoke2(sender: Sender, sandbox: str) -> None:
    response = sender.post_structured()
    assert response.status_code == 201, response.content
