"""Pages of sign-in and of the second factor, where the library's are not quite ours."""

from typing import Any

from allauth.account.internal.stagekit import get_pending_stage
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from leadping.accounts.browsers import remember_browser, take_up_link
from leadping.accounts.forms import ChangePasswordForm
from leadping.accounts.second_factor import has_second_factor, lacks_second_factor, may_remove


def know_browser(request: HttpRequest) -> HttpResponse:
    """Where the link leads that an owner or admin hands over; see `browsers.py`."""
    response = redirect("account_login")
    if take_up_link(request, response, request.GET.get("secret", "")):
        messages.success(request, "This browser has attempts of its own now. Sign in.")
    else:
        messages.error(request, "This link is no good any more. Ask for a new one.")
    return response


@login_required
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """Begins the download that a person was asked to confirm, and leads back to where they asked for it."""
    file, back = request.GET.get("file", ""), request.GET.get("back", "")
    if not file.startswith("/") or not is_ours(file, set()):
        return redirect("console:index")
    if not is_ours(back, {request.get_host()}):
        back = reverse("console:index")
    return render(request, "account/download.html", {"file": file, "back": back})


def is_ours(address: str, hosts: set[str]) -> bool:
    """Browsers leave out control characters such as tabs, and so may find a host where none seemed to be."""
    return address.isprintable() and url_has_allowed_host_and_scheme(address, allowed_hosts=hosts)


class ChangePasswordView(PasswordChangeView):
    form_class = ChangePasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        """All browsers of the person are forgotten, but for this one."""
        response = super().form_valid(form)
        remember_browser(self.request, response, form.user)
        return response


class SecondStepView(AuthenticateView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Whoever waits here for a reset begins again, where the library would send them round in circles."""
        stage = get_pending_stage(request)
        if stage and not has_second_factor(stage.login.user):
            return stage.abort()
        return super().dispatch(request, *args, **kwargs)


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
