"""A resident's own case: opened by its link or a code, told in plain words, and hidden from everybody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases import queries as case_queries
from makegood.rooms.cases.events import Resident
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.messages.models import Message
from makegood.rooms.remedies import queries as remedies
from makegood.rooms.remedies.actions import add_shop, replace_voucher

from .place import ADVISER, MANAGER, hear, late, opened, token_of, with_case, words_of

SECRET = "Xylophone-Quagga-7731"


def seen(browser: Client, address: str = "/case/") -> str:
    return words_of(browser.get(address).content.decode())


def test_a_private_link_opens_the_case_and_leaves_the_address_bar(browser: Client) -> None:
    token = token_of(opened())
    answer = browser.get(f"/track/{token}/")
    assert answer.headers["Location"] == "/case/"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert browser.get("/case/").headers["Referrer-Policy"] == "same-origin"
    for response in (answer, browser.get("/case/")):
        assert response.headers["Cache-Control"] == "no-store"
        assert "noindex" in response.headers["X-Robots-Tag"]
    assert token not in browser.get("/case/").content.decode()


def test_a_wrong_link_says_nothing_of_whether_there_is_such_a_case(browser: Client) -> None:
    first, second = browser.get(f"/track/{'a' * 32}/"), browser.get("/track/x/")
    assert first.status_code == second.status_code == 404
    assert words_of(first.content.decode()) == words_of(second.content.decode())


def test_without_a_case_its_pages_lead_to_where_one_can_open_it(browser: Client) -> None:
    pages = ("", "write/", "not-fixed/", "ease/", "link/", "photo.jpg", "vouchers/1/", "remedies/1/decline/")
    for page in pages:
        assert browser.get(f"/case/{page}").headers["Location"] == "/track/"
        if page != "photo.jpg" and page:
            assert browser.post(f"/case/{page}").status_code in (302, 405)


def test_the_page_says_who_has_it_what_is_next_and_until_when(browser: Client) -> None:
    words = seen(with_case(opened()))
    assert "Waste and Recycling" in words
    assert "We come back for a bin that we missed" in words
    assert "We do it by 6pm" in words
    assert "Day 1" in words
    assert "You get a voucher for £5" in words


def code_sent() -> str:
    see_as(SYSTEM)
    body = Message.objects.filter(wording__contains="code").latest("id").body
    return next(word for word in body.split() if word.isdigit() and len(word) == 8)


def test_a_code_that_was_sent_to_her_opens_the_case(browser: Client) -> None:
    reference = opened()
    asked = browser.post("/track/", {"reference": reference.lower(), "email": "Rosa@example.org"})
    assert asked.headers["Location"] == "/track/code/"
    wrong = browser.post("/track/code/", {"code": "00000000"})
    assert "This code is not right" in wrong.content.decode()
    assert browser.post("/track/code/", {"code": code_sent()}).headers["Location"] == "/case/"
    assert reference in seen(browser)


def test_a_code_that_was_read_out_to_her_opens_the_case_without_an_email_address(browser: Client) -> None:
    reference = opened()
    code = cases.make_code(By(actor=SYSTEM), case=reference)
    assert "/track/code-we-read-out/" in browser.get("/track/").content.decode()
    wrong = browser.post("/track/code-we-read-out/", {"reference": reference, "code": "00000000"})
    assert "This code is not right" in wrong.content.decode()
    unknown = browser.post("/track/code-we-read-out/", {"reference": "MG-2222-2222", "code": "00000000"})
    assert "This code is not right" in unknown.content.decode()
    right = browser.post("/track/code-we-read-out/", {"reference": reference, "code": code})
    assert right.headers["Location"] == "/case/"
    assert reference in seen(browser)


@pytest.mark.parametrize("email", ["rosa@example.org", "somebody@example.org"])
def test_asking_for_a_code_answers_the_same_whether_or_not_there_is_such_a_case(browser: Client, email: str) -> None:
    reference = opened()
    pages = []
    for asked in (reference, "MG-2222-2222"):
        other = Client()
        answer = other.post("/track/", {"reference": asked, "email": email})
        assert answer.headers["Location"] == "/track/code/"
        pages.append(words_of(other.get("/track/code/").content.decode()))
    assert pages[0] == pages[1]


def test_what_we_need_is_said_and_her_answer_lets_the_clock_run(browser: Client) -> None:
    reference = opened()
    cases.pause_for_resident(
        By(actor=ADVISER), case=reference, reason="There are two gates.", needed="Which gate is it?"
    )
    own = with_case(reference)
    assert "Which gate is it?" in seen(own)
    assert "There are two gates." in seen(own)
    answer = own.post("/case/write/", {"words": "The green one", "once": "one"})
    assert answer.headers["Location"] == "/case/"
    see_as(SYSTEM)
    assert case_queries.case_of(reference).waiting is False
    words = seen(own)
    assert "The clock runs again" in words
    assert "The green one" in words


def test_a_message_sent_twice_is_kept_once(browser: Client) -> None:
    reference = opened()
    own = with_case(reference)
    for _ in range(2):
        own.post("/case/write/", {"words": "It is still there", "once": "the-same"})
    see_as(SYSTEM)
    assert len(case_queries.conversation(reference)) == 1


def test_a_message_on_a_closed_case_is_not_lost(browser: Client) -> None:
    reference = opened()
    cases.close_case(By(actor=ADVISER), case=reference, closing="tagged")
    own = with_case(reference)
    assert "We do not count this as fixed" in seen(own)
    own.post("/case/write/", {"words": "There was no tag", "once": "m"})
    see_as(SYSTEM)
    assert [each.words for each in case_queries.conversation(reference)] == ["There was no tag"]
    assert case_queries.case_of(reference).unread


def test_what_is_not_fixed_is_opened_again_within_the_window(browser: Client) -> None:
    reference = opened()
    cases.close_case(By(actor=ADVISER), case=reference, closing="emptied")
    own = with_case(reference)
    assert "Is it not fixed?" in seen(own)
    answer = own.post("/case/not-fixed/", {"words": "It is still full", "once": "n"})
    assert answer.headers["Location"] == "/case/"
    see_as(SYSTEM)
    assert case_queries.case_of(reference).open


def test_one_question_of_ease_is_asked_at_the_end(browser: Client) -> None:
    reference = opened()
    cases.close_case(By(actor=ADVISER), case=reference, closing="emptied")
    own = with_case(reference)
    assert "How easy was it" in seen(own)
    own.post("/case/ease/", {"score": "4", "once": "e"})
    see_as(SYSTEM)
    assert case_queries.ease_of(reference) == 4
    assert "Thank you for telling us how easy it was" in seen(own)


def test_she_can_see_her_link_again_and_stop_it_everywhere(browser: Client) -> None:
    reference = opened()
    token = token_of(reference)
    own, other = Client(), Client()
    for each in (own, other):
        each.get(f"/track/{token}/")
    assert token in own.get("/case/link/").content.decode()
    assert "Your links are stopped" in words_of(own.post("/case/link/").content.decode())
    for each in (own, other):
        assert each.get("/case/").headers["Location"] == "/track/"
    assert Client().get(f"/track/{token}/").status_code == 404


# --- remedies --------------------------------------------------------------------------------------------------------


def test_a_broken_promise_is_told_with_what_we_owe(browser: Client) -> None:
    words = seen(with_case(late()))
    assert "We are sorry that we did not do it." in words
    assert "Promise broken" in words
    assert "A voucher for £" in words
    assert "It grows until the work is done" in words


def settled() -> tuple[Client, remedies.VoucherSeen]:
    """Somebody whose bin came late, and the voucher that she got."""
    reference = late()
    cases.record_fact(By(actor=ADVISER), case=reference, fact="bin_collected")
    hear()
    see_as(SYSTEM)
    found = [v for each in remedies.remedies_of(reference, now()) for v in each.vouchers]
    return with_case(reference), found[0]


def test_what_she_has_already_is_not_asked_about_again(browser: Client) -> None:
    own, _voucher = settled()
    assert "Show your voucher" in seen(own)
    assert "No, thank you" not in seen(own)
    growing = with_case(late())
    assert "No, thank you" in seen(growing)


def test_what_she_has_already_is_not_told_as_owed(browser: Client) -> None:
    assert "We owe you £" in seen(with_case(late()))
    own, _voucher = settled()
    assert "We owe you £" not in seen(own)
    assert "You get a voucher for £" in seen(own)


def test_a_page_that_only_takes_a_form_says_so(browser: Client) -> None:
    answer = browser.get("/case/leave/")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "It only takes what a button or a form sends" in words_of(answer.content.decode())


def test_she_can_show_her_voucher(browser: Client) -> None:
    own, voucher = settled()
    assert voucher.code in seen(own, f"/case/vouchers/{voucher.id}/")
    page = own.get(f"/case/vouchers/{voucher.id}/").content.decode()
    assert "<svg" in page
    assert "style=" not in page


def test_a_remedy_is_declined_only_after_a_page_that_says_what_that_means(browser: Client) -> None:
    own, voucher = settled()
    address = f"/case/remedies/{voucher.remedy}/decline/"
    assert "You are owed this" in seen(own, address)
    assert own.post(address, {"once": "d"}).headers["Location"] == "/case/"
    assert "You said no" in seen(own)


def test_a_remedy_that_changed_while_she_looked_is_not_declined(browser: Client) -> None:
    own, voucher = settled()
    address = f"/case/remedies/{voucher.remedy}/decline/"
    [mark] = re.findall(r'name="seen" value="(\d+)"', own.get(address).content.decode())
    replace_voucher(By(actor=ADVISER), voucher=voucher.id)
    answer = own.post(address, {"once": "d", "seen": mark})
    assert "This changed while you had it open" in words_of(answer.content.decode())
    see_as(SYSTEM)
    assert remedies.remedy(voucher.remedy, now()).vouchers[-1].state == "live"


def test_she_chooses_among_remedies(browser: Client) -> None:
    reference = late("damp-repair", days=40)
    own = with_case(reference)
    see_as(SYSTEM)
    remedy = next(each for each in remedies.remedies_of(reference, now()) if each.choices)
    address = f"/case/remedies/{remedy.id}/choose/"
    assert "as a voucher" in seen(own, address)
    assert own.post(address, {"choice": "1", "once": "c"}).headers["Location"] == "/case/"
    see_as(SYSTEM)
    assert remedies.remedy(remedy.id, now()).chosen == 1


def test_what_she_chose_is_what_we_say_that_we_owe(browser: Client) -> None:
    reference = late("damp-repair", days=40)
    own = with_case(reference)
    see_as(SYSTEM)
    remedy = next(each for each in remedies.remedies_of(reference, now()) if each.choices)
    money, voucher = (f"£{each.amount:.0f}" for each in remedy.choices)
    assert f"We owe you {money}." in seen(own)
    assert own.post(f"/case/remedies/{remedy.id}/choose/", {"choice": "1", "once": "c"}).headers["Location"] == "/case/"
    page = seen(own)
    assert f"We owe you {voucher}." in page
    assert f"We say sorry. We tell you what went wrong: why it took so long. You get a voucher for {voucher}." in page
    assert f"You get {money}." not in page


def test_nobody_can_answer_for_another_case(browser: Client) -> None:
    _, voucher = settled()
    other = with_case(opened())
    for page in (
        f"vouchers/{voucher.id}/",
        f"remedies/{voucher.remedy}/decline/",
        f"remedies/{voucher.remedy}/accept/",
    ):
        assert other.get(f"/case/{page}").status_code == 404
    assert other.post(f"/case/remedies/{voucher.remedy}/decline/", {"once": "x"}).status_code == 404


# --- shops -----------------------------------------------------------------------------------------------------------


def shop() -> tuple[Client, str]:
    key = add_shop(By(actor=MANAGER), code="corner-shop", name="The Corner Shop")
    till = Client()
    assert till.post("/shop/", {"key": key}).headers["Location"] == "/shop/"
    return till, key


def test_a_shop_takes_a_voucher_once(browser: Client) -> None:
    own, voucher = settled()
    till, _ = shop()
    found = till.post("/shop/", {"code": voucher.code.lower()})
    address = found.headers["Location"]
    assert "This voucher is good" in seen(till, address)
    assert "Voucher taken" in words_of(till.post(address, {"once": "sale-1"}).content.decode())
    again = till.post(address, {"once": "sale-2"})
    assert again.status_code == 409
    assert "This voucher was used already" in words_of(again.content.decode())
    assert "You used your voucher" in seen(own)


def test_a_button_pressed_twice_takes_a_voucher_once_and_says_so_both_times(browser: Client) -> None:
    _, voucher = settled()
    till, _ = shop()
    pages = [till.post(f"/voucher/{voucher.code}/", {"once": "sale"}) for _ in range(2)]
    assert [each.status_code for each in pages] == [200, 200]


def test_a_wrong_key_is_no_shop(browser: Client) -> None:
    assert "This key is not right" in words_of(browser.post("/shop/", {"key": "no"}).content.decode())
    _, voucher = settled()
    assert "Take this voucher" not in browser.get(f"/voucher/{voucher.code}/").content.decode()
    assert "Voucher taken" not in browser.post(f"/voucher/{voucher.code}/", {"once": "x"}).content.decode()


def test_the_way_back_after_the_key_leads_nowhere_else(browser: Client) -> None:
    key = add_shop(By(actor=MANAGER), code="corner-shop", name="The Corner Shop")
    for bad in ("https://evil.example/", "//evil.example/voucher/", "/desk/"):
        assert Client().post("/shop/", {"key": key, "next": bad}).headers["Location"] == "/shop/"


def test_a_promise_that_does_not_cover_a_report_says_why_and_names_no_deadline(browser: Client) -> None:
    reference = opened(
        answers={"bin": "recycling", "collection_date": (now() - timedelta(days=9)).date().isoformat(), "tag": "no"}
    )
    told = words_of(with_case(reference).get("/case/").content.decode())
    assert "Does not apply" in told
    assert "The promise does not cover this case: you told us more than two working days after" in told
    assert "Until when" not in told
    assert " left" not in told


def test_one_message_is_not_all_of_them(browser: Client) -> None:
    case = with_case(opened())
    case.post("/case/write/", {"words": "It is the green one", "once": "m"})
    assert "Read the message so far" in words_of(case.get("/case/").content.decode())


# --- a secret --------------------------------------------------------------------------------------------------------


def test_what_one_resident_wrote_is_on_no_page_of_anybody_else(browser: Client) -> None:
    rosa = Resident(name=f"Rosa {SECRET}", email=f"{SECRET}@example.org", wants="email")
    reference = opened("street-light", resident=rosa, words=f"Look for {SECRET}")
    with_case(reference).post("/case/write/", {"words": f"I said {SECRET}", "once": "s"})
    other = with_case(opened("street-light"))
    pages = ["/", "/promises/", "/promises/street-light/", "/help/", "/privacy/", "/track/", "/voucher/", "/shop/"]
    pages += [f"/report/?words={SECRET}", "/report/street-light/", "/api/v1/promises", "/api/v1/promises/street-light"]
    pages += [
        "/api/v1/services",
        "/api/v1/openapi.json",
        f"/track/{reference}/",
        "/case/",
        "/case/write/",
        "/robots.txt",
    ]
    for reader in (browser, other):
        for page in pages:
            told = reader.get(page).content.decode().replace(f"words={SECRET}", "")
            if page.startswith("/report/?"):
                told = told.replace(f"“{SECRET}”", "").replace(f'value="{SECRET}"', "")
            assert SECRET not in told, page
            assert reference not in told, page
