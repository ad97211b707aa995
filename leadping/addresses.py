"""What every address of the API is made of."""

from typing import Any

from django.http import HttpResponse
from rest_framework.views import APIView


class Address(APIView):
    """What answers an address of the API."""

    def options(self, *_: Any, **__: Any) -> HttpResponse:  # type: ignore[override]
        """`Allow` says enough; what REST framework would tell of the view is ours to describe."""
        return HttpResponse(status=204)
