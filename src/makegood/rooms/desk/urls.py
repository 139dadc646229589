"""The addresses of the desk, below /desk/."""

from __future__ import annotations

from django.urls import path

from .views import acts, caller, case, crew, home, post, publishing, remedies, staff

app_name = "desk"

urlpatterns = [
    path("", home.first, name="home"),
    path("list/<slug:show>/", home.group, name="group"),
    path("find/", home.find, name="find"),
    path("hand-overs/", home.hand_overs, name="hand-overs"),
    path("tasks/", home.tasks, name="tasks"),
    path("new/", caller.begin, name="new"),
    path("new/<slug:code>/", caller.new, name="new-case"),
    path("crew/", crew.find, name="crew"),
    path("crew/<str:reference>/", crew.crew_case, name="crew-case"),
    path("cases/<str:reference>/", case.case, name="case"),
    path("cases/<str:reference>/photo/", case.photo, name="photo"),
    path("cases/<str:reference>/contact/", case.contact, name="contact"),
    path("cases/<str:reference>/dealt/", case.dealt, name="dealt"),
    path("cases/<str:reference>/take/", case.take, name="take"),
    path("cases/<str:reference>/resume/", case.resume, name="resume"),
    path("cases/<str:reference>/link/", case.link, name="link"),
    path("cases/<str:reference>/code/", case.code, name="code"),
    path("cases/<str:reference>/links/end/", case.end_links, name="end-links"),
    path("cases/<str:reference>/same/<str:original>/unlink/", case.unlink, name="unlink"),
    path("cases/<str:reference>/hand-overs/<int:number>/accept/", case.accept, name="accept"),
    path("cases/<str:reference>/hand-overs/<int:number>/decline/", acts.decline, name="decline"),
    path("cases/<str:reference>/facts/<int:number>/", acts.correct, name="correct"),
    path("cases/<str:reference>/write/", acts.write, name="write"),
    *(
        path(f"cases/<str:reference>/{act.name}/", acts.act_view(act), name=act.name.replace("/", "-"))
        for act in acts.ACTS
    ),
    *(
        path(f"remedies/<int:number>/{act.name}/", remedies.remedy_view(act), name=f"remedy-{act.name}")
        for act in remedies.REMEDY_ACTS
    ),
    path("pay/", remedies.pay, name="pay"),
    path("payments/", remedies.payments, name="payments"),
    path("payments/<int:number>/", remedies.payment_batch, name="payment-batch"),
    path("payments/<int:number>/file/", remedies.payment_file, name="payment-file"),
    path("payments/<int:number>/<int:line>/returned/", remedies.payment_returned, name="payment-returned"),
    path("letters/", post.letters, name="letters"),
    path("letters/<int:number>/", post.letter, name="letter"),
    path("mails/", post.mails, name="mails"),
    path("mails/<int:number>/", post.settle, name="mail"),
    path("promises/", publishing.promises, name="promises"),
    path("promises/publish/", publishing.publish_promise, name="publish-promise"),
    path("promises/<slug:name>/", publishing.promise, name="promise"),
    path("services/", publishing.services_list, name="services"),
    path("services/publish/", publishing.publish_service, name="publish-service"),
    path("services/<slug:name>/", publishing.service_page, name="service"),
    path("calendars/", publishing.calendars, name="calendars"),
    path("calendars/publish/", publishing.publish_calendar, name="publish-calendar"),
    path("wordings/", publishing.wordings, name="wordings"),
    path("wordings/<slug:name>/<slug:language>/", publishing.wording, name="wording"),
    path("shops/", publishing.shops, name="shops"),
    path("shops/<slug:code>/end/", publishing.end_shop, name="end-shop"),
    path("people/", staff.people, name="people"),
    path("people/add/", staff.add, name="add-person"),
    path("people/team/", staff.team, name="team"),
    path("people/<int:number>/", staff.change, name="change-person"),
    path("journal/", staff.journal, name="journal"),
    path("journal/verify/", staff.verify_journal, name="verify"),
    path("numbers/", staff.numbers, name="numbers"),
]
