"""Letting people in: an operator's pages, and the command line."""

import re

import pytest

from syncd.accounts import people
from syncd.accounts.models import Role, User


class TestThePage:
    def test_who_is_added_gets_a_link_that_is_shown_once(self, omar, browser, sent):
        client = browser(omar, checks_forms=True)
        page = sent(client, "/people/", email="Ana@acme.example", name="Ana", role="pm").content.decode()
        link = re.search(r"http://127\.0\.0\.1:8642(/sign-in/link/[\w-]{43}/)", page)
        assert link
        assert browser().post(link[1]).status_code == 302
        assert User.objects.get(email="ana@acme.example").role == Role.PM
        assert "/sign-in/link/" not in client.get("/people/").content.decode()

    @pytest.mark.parametrize("email", ["ana", "omar@acme.example"])
    def test_a_wrong_address_is_told_at_its_field(self, omar, browser, email):
        answer = browser(omar).post("/people/", {"email": email, "role": "pm"})
        assert answer.status_code == 200
        assert 'id="id_email_error"' in answer.content.decode()
        assert User.objects.count() == 1

    def test_a_role_is_changed_and_holds_from_the_next_page_on(self, omar, ana, browser, happened):
        hers = browser(ana)
        assert hers.get("/people/").status_code == 403
        browser(omar).post(f"/people/{ana.pk}/role/", {"role": "operator"})
        assert hers.get("/people/").status_code == 200
        assert happened()[-1] == ("omar@acme.example", "role_changed", "ana@acme.example")

    def test_shutting_out_and_letting_in_again(self, omar, ana, browser, happened):
        hers = browser(ana)
        assert hers.get("/account/").status_code == 200
        browser(omar).post(f"/people/{ana.pk}/shut-out/")
        assert hers.get("/account/").status_code == 302
        browser(omar).post(f"/people/{ana.pk}/let-in/")
        assert hers.get("/account/").status_code == 302, "she signs in anew"
        assert [verb for _, verb, _ in happened()] == ["person_shut_out", "person_let_in"]

    @pytest.mark.parametrize("verb", ["role", "shut-out"])
    def test_the_last_operator_stays_one(self, omar, browser, verb):
        page = browser(omar).post(f"/people/{omar.pk}/{verb}/", {"role": "viewer"}, follow=True).content.decode()
        assert "There must be an operator" in page
        omar.refresh_from_db()
        assert (omar.role, omar.is_active) == (Role.OPERATOR, True)

    def test_a_name_is_text_and_nothing_else(self, omar, browser):
        browser(omar).post("/people/", {"email": "x@acme.example", "name": "<script>alert(1)</script>", "role": "pm"})
        page = browser(omar).get("/people/").content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page

    def test_the_number_of_queries_does_not_grow_with_the_people(self, omar, browser, django_assert_num_queries):
        client = browser(omar)
        client.get("/people/")
        with django_assert_num_queries(4):
            client.get("/people/")
        for number in range(20):
            User.objects.add(f"p{number}@acme.example", Role.VIEWER)
        with django_assert_num_queries(4):
            client.get("/people/")


class TestMyAccount:
    def test_one_sets_ones_own_name_time_zone_and_preferences(self, ana, browser, sent):
        client = browser(ana, checks_forms=True)
        sent(client, "/account/", name="Ana B", time_zone="Europe/Berlin", theme="dark")
        ana.refresh_from_db()
        assert (ana.name, ana.time_zone, ana.theme, ana.shortcuts) == ("Ana B", "Europe/Berlin", "dark", False)

    def test_nobody_gives_themselves_a_role(self, vera, browser):
        form = {"name": "V", "time_zone": "UTC", "theme": "auto", "role": "operator", "email": "omar@acme.example"}
        browser(vera).post("/account/", form)
        vera.refresh_from_db()
        assert (vera.name, vera.role, vera.email) == ("V", Role.VIEWER, "vera@acme.example")

    def test_times_are_in_ones_own_zone(self, ana, browser):
        ana.time_zone = "Pacific/Kiritimati"
        ana.save()
        client = browser(ana)
        client.get("/account/")
        assert "+1400" in client.get("/account/").content.decode()


def test_an_operator_may_become_something_else_once_there_is_another(omar, ana, db):
    people.set_role("syncd", ana, Role.OPERATOR)
    people.set_role("syncd", omar, Role.VIEWER)
    with pytest.raises(people.LastOperator):
        people.set_role("syncd", ana, Role.VIEWER)
