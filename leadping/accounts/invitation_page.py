"""Where the link of an invitation leads to. Whoever holds it needs no sign-in to see it."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from leadping.accounts.invitations import InvitationError, find_open
from leadping.accounts.joining import join, join_as_new
from leadping.accounts.models import Invitation, User


class NewPersonForm(SetPasswordMixin, forms.Form):
    name = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password1, password2 = SetPasswordMixin.create_password_fields(label2="Password again")

    def __init__(self, *args: Any, email: str) -> None:
        super().__init__(*args)
        self.email = email

    def clean(self) -> dict[str, Any]:
        self.validate_passwords()
        self.validate_password_for_user(User(email=self.email, name=self.cleaned_data.get("name", "")))
        return self.cleaned_data


class InvitationView(View):
    """The secret travels in the query, which no log of ours holds."""

    @method_decorator(never_cache)
    @method_decorator(sensitive_post_parameters())
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        invitation = find_open(request.GET.get("secret", ""), now=timezone.now())
        if invitation is None:
            return render(request, "account/invitation_gone.html", status=404)
        self.invitation = invitation
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(NewPersonForm(email=self.invitation.email))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewPersonForm(request.POST, email=self.invitation.email)
        try:
            if isinstance(request.user, User):
                join(self.invitation, request.user, now=timezone.now())
                return redirect("console:index")
            return self.come_in(form) if form.is_valid() else self.show(form)
        except InvitationError as refusal:
            form.add_error(None, str(refusal))
            return self.show(form)

    def come_in(self, form: NewPersonForm) -> HttpResponse:
        fields = form.cleaned_data
        user = join_as_new(
            self.invitation, name=fields["name"], password=fields["password1"], now=timezone.now()
        )
        login = Login(user=user, email=user.email, redirect_url="/console/")
        response: HttpResponse = perform_password_login(self.request, {"email": user.email}, login)
        return response

    def show(self, form: NewPersonForm) -> HttpResponse:
        invitation: Invitation = self.invitation
        context = {
            "invitation": invitation,
            "form": form,
            "is_known": User.objects.filter(email__iexact=invitation.email).exists(),
            "is_invited": self.request.user.is_authenticated
            and self.request.user.email.casefold() == invitation.email.casefold(),
        }
        return render(self.request, "account/invitation.html", context)
