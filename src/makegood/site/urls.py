"""Every address of the service."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView

from makegood.rooms.people.views import directory_callback
from makegood.web.gallery import gallery

from . import health

handler400 = "makegood.web.errors.bad_request"
handler403 = "makegood.web.errors.forbidden"
handler404 = "makegood.web.errors.not_found"
handler500 = "makegood.site.faults.fault"

urlpatterns = [
    path("health", health.health),
    path("ready", health.ready),
    path("account/oidc/<provider_id>/login/callback/", directory_callback),  # before the library's own
    # Addresses of staff are given by an administrator: nobody changes their own.
    path("account/email/", RedirectView.as_view(url="/desk/"), name="account_email"),
    path("account/", include("allauth.urls")),
    path("", include("makegood.rooms.counter.urls")),
    path("desk/", include("makegood.rooms.desk.urls")),
    path("demonstration/", include("makegood.rooms.demonstration.urls")),  # each page of it is only there in a demo
]
if settings.PLACE_DEMO:
    urlpatterns.append(path("kit/", gallery))
