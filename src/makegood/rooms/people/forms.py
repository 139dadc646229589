"""How staff sign in: accounts are given, nobody signs up; the directory may only open accounts that are there."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect

from .models import User


class StaffAdapter(DefaultAccountAdapter):
    """Accounts are given by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False


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
