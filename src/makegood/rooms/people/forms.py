"""How staff sign in: accounts are given, nobody signs up; the directory may only open accounts that are there."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect

from makegood.web.forms import PlainWords

from .models import User

_LABELS = {
    "login": "Email address",
    "email": "Email address",
    "oldpassword": "The password that you have now",
    "password1": "New password",
    "password2": "The new password again",
    "code": "Code",
}
_TOLD = {
    "account/messages/logged_out.txt": "You have signed out.",
    "account/messages/password_changed.txt": "Your password is changed.",
    "account/messages/password_set.txt": "Your password is set.",
    "mfa/messages/totp_activated.txt": "Two-step sign-in is on.",
    "mfa/messages/totp_deactivated.txt": "Two-step sign-in is off.",
    "mfa/messages/recovery_codes_generated.txt": "You have new recovery codes. Codes from before do not work any more.",
}


class InOurWords(PlainWords):
    """For the forms of sign-in: labels of ours, and no label a second time within the field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = _LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = "At least 12 characters. Not a common one, and not like your name."


class SignInForm(InOurWords, account.LoginForm):
    """Email address and password."""


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    """The old password, and the new one twice."""


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    """A first password, twice."""


class ForgottenForm(InOurWords, account.ResetPasswordForm):
    """Where to send the link for a new password."""


class NewPasswordForm(InOurWords, account.ResetPasswordKeyForm):
    """The new password, twice, after following the link."""


class PasswordAgainForm(InOurWords, account.ReauthenticateForm):
    """The password once more, before a change of how one signs in."""


class CodeForm(InOurWords, AuthenticateForm):
    """The second step."""


class CodeAgainForm(InOurWords, ReauthenticateForm):
    """The second step once more, before a change of how one signs in."""


class FirstCodeForm(InOurWords, ActivateTOTPForm):
    """The first code of an authenticator app."""


class StaffAdapter(DefaultAccountAdapter):
    """Accounts are given by an administrator."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed. Ask whoever looks after accounts.",
        "email_password_mismatch": "The email address or the password is not right",
        "enter_current_password": "This is not your password",
        "incorrect_password": "This is not your password",
        "incorrect_code": "The code is not right. Enter the one that your app shows now",
        "too_many_login_attempts": "There were too many tries. Wait a few minutes and try again",
        "rate_limited": "There were too many tries. Wait a few minutes and try again",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what was done, where it is worth a word."""
        if words := message or _TOLD.get(message_template or "", ""):
            messages.add_message(request, level, words, extra_tags=extra_tags)


class DirectoryAdapter(DefaultSocialAccountAdapter):
    """Signing in through the place's own directory (OpenID Connect)."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody signs up."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join the directory's account with ours by its verified e-mail address; refuse who has none here."""
        if sociallogin.is_existing:
            return
        addresses = [each.email.lower() for each in sociallogin.email_addresses if each.verified]
        user = User.objects.filter(email__in=addresses, is_active=True).first()
        if user is None:
            messages.error(request, "You have no account here yet. Ask your administrator for one.")
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.connect(request, user)
