"""Pages on a person's own second factor, where the library's are not quite ours."""

from typing import Any

from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy

from leadping.accounts.second_factor import lacks_second_factor, may_remove


class SecondFactorView(IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "needed": lacks_second_factor(self.request.user)}


class RemoveKeyView(RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.refuse() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.refuse() or super().post(request, *args, **kwargs)

    def refuse(self) -> HttpResponse | None:
        if may_remove(self.get_object()):
            return None
        messages.error(self.request, "Everybody needs a second factor here. Add another one first.")
        return redirect("mfa_index")
