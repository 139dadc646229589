"""The addresses of the counter."""

from __future__ import annotations

from django.urls import path

from .rest import api_routes
from .views import case, front, promises, report, shop, track

app_name = "counter"

_REPORT = "report/<slug:code>/"

urlpatterns = [
    path("", front.home, name="home"),
    path("help/", front.help_page, name="help"),
    path("accessibility/", front.accessibility, name="accessibility"),
    path("privacy/", front.privacy, name="privacy"),
    path("robots.txt", front.robots, name="robots"),
    path("promises/", promises.all_promises, name="promises"),
    path("promises/<slug:name>/", promises.one_promise, name="promise"),
    path("promises/<slug:name>/poster/", promises.poster, name="poster"),
    path("promises/<slug:name>/versions/<int:number>/", promises.one_version, name="promise-version"),
    path("report/", report.find, name="report"),
    path("report/sent/", report.sent, name="report-sent"),
    path(_REPORT, report.begin, name="report-begin"),
    path(_REPORT + "question/<slug:name>/", report.one_question, name="report-question"),
    path(_REPORT + "place/", report.where, name="report-place"),
    path(_REPORT + "place/which/", report.which_place, name="report-which-place"),
    path(_REPORT + "photo/", report.photo, name="report-photo"),
    path(_REPORT + "photo/photo.jpg", report.draft_photo, name="report-draft-photo"),
    path(_REPORT + "name/", report.who, name="report-name"),
    path(_REPORT + "reach/", report.reach, name="report-reach"),
    path(_REPORT + "address/", report.reach_at, name="report-address"),
    path(_REPORT + "check/", report.check, name="report-check"),
    path(_REPORT + "forget/", report.forget, name="report-forget"),
    path("track/", track.track, name="track"),
    path("track/code/", track.code, name="code"),
    path("track/code-we-read-out/", track.told_code, name="told-code"),
    path("track/<str:token>/", track.open_link, name="open"),
    path("case/", case.case, name="case"),
    path("case/photo.jpg", case.photo, name="photo"),
    path("case/write/", case.write, name="write"),
    path("case/not-fixed/", case.not_fixed, name="not-fixed"),
    path("case/ease/", case.ease, name="ease"),
    path("case/link/", case.link, name="link"),
    path("case/leave/", track.leave, name="leave"),
    path("case/remedies/<int:number>/accept/", case.accept, name="remedy-accept"),
    path("case/remedies/<int:number>/choose/", case.choose, name="remedy-choose"),
    path("case/remedies/<int:number>/decline/", case.decline, name="remedy-decline"),
    path("case/vouchers/<int:number>/", case.voucher, name="case-voucher"),
    path("voucher/", shop.about, name="vouchers"),
    path("voucher/<slug:code>/", shop.one_voucher, name="voucher"),
    path("shop/", shop.shop, name="shop"),
    path("shop/sign-out/", shop.sign_out, name="shop-sign-out"),
    *api_routes("api/v1/"),
]
