"""Coming back from the directory: what it says about somebody is believed only when it is signed, and for us."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponseBase


class SignedDirectory(OpenIDConnectOAuth2Adapter):
    """The directory, believed more slowly than the library does: it leaves out the signature where TLS was used."""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Who it is. Without an identity token, or with one about somebody else than the details, nobody."""
        login = super().complete_login(request, app, token, **kwargs)
        told = login.account.extra_data
        if not told.get("id_token") or told["id_token"].get("sub") != told.get("userinfo", told["id_token"]).get("sub"):
            raise OAuth2Error("The identity token is missing, or about somebody else.")
        return login

    def _decode_id_token(self, app: Any, id_token: str) -> Any:
        """What the token says, if the directory signed it, for this client, and it is still good."""
        try:
            return jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except (KeyError, TypeError, ValueError) as unreadable:  # signed in a way that the directory's key is not for
            raise OAuth2Error("The identity token cannot be read.") from unreadable


def directory_callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Where the directory sends people back to."""
    try:
        answer: HttpResponseBase = OAuth2CallbackView.adapter_view(SignedDirectory(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return answer
