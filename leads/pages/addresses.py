"""Where things are in the workspace."""

from django.urls import reverse


def lead_address(public_id: str) -> str:
    return reverse("workspace:lead", args=[public_id])


def submission_address(public_id: str) -> str:
    return reverse("workspace:submission", args=[public_id])


def source_address(public_id: str) -> str:
    """The leads of the source."""
    return f"{reverse('workspace:leads')}?source={public_id}"
