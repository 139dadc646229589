"""Its addresses, at the root."""

from django.urls import include, path

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk")), path("", include("django.contrib.auth.urls"))]
