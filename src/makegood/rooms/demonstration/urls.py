"""The addresses of the demonstration, under /demonstration/."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "demonstration"

urlpatterns = [
    path("", views.front, name="front"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("resident/", views.be_resident, name="resident"),
    path("shop/", views.be_shop, name="shop"),
    path("clock/", views.move, name="clock"),
    path("clock/then/", views.then, name="then"),
    path("post/", views.post, name="post"),
    path("post/<int:number>/", views.one_message, name="message"),
]
