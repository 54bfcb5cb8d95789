"""Who is signed in, for how long, and by what cookie."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from syncd.partners.desk.models import Asked, Session
from tests.partners import world

pytestmark = world.SIDE


def test_the_cookie_is_strict_ours_alone_and_not_for_scripts(globex):
    client = world.signed_in(globex)
    cookie = client.cookies["syncd-partner"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "Strict", "/p/", "")
    assert set(client.cookies) == {"syncd-partner"}


def test_behind_https_the_cookie_is_this_hosts_alone(globex, settings):
    settings.PARTNER_HTTPS, settings.PARTNER_COOKIE_NAME, settings.PARTNER_COOKIE_PATH = (
        True,
        "__Host-syncd-partner",
        "/",
    )
    cookie = world.signed_in(globex).cookies["__Host-syncd-partner"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_a_session_ends_after_eight_hours_or_half_an_hour_without_a_page(globex):
    for change in ({"expires_at": timedelta(0)}, {"seen_at": -timedelta(minutes=30)}):
        client = world.signed_in(globex)
        now = timezone.now()
        [(field, by)] = change.items()
        Session.objects.filter(ended_at=None).update(**{field: now + by})
        assert client.get("/p/changes/").status_code == 303
    client = world.signed_in(globex)
    session = Session.objects.order_by("-began_at")[0]
    assert session.expires_at - session.began_at == timedelta(hours=8)
    Session.objects.filter(digest=session.digest).update(seen_at=now - timedelta(minutes=20))
    assert client.get("/p/changes/").status_code == 200
    assert Session.objects.get(digest=session.digest).seen_at >= now, "reading keeps it alive"


def test_signing_out_ends_it_for_good(globex):
    client = world.signed_in(globex)
    cookie = client.cookies["syncd-partner"].value
    assert world.send(client, "/p/", "/p/out/").status_code == 303
    assert client.cookies["syncd-partner"].value == ""
    thief = Client()
    thief.cookies["syncd-partner"] = cookie
    assert thief.get("/p/changes/").status_code == 303


def test_a_made_up_cookie_opens_nothing(globex):
    stranger = Client()
    stranger.cookies["syncd-partner"] = "x" * 43
    assert stranger.get("/p/changes/").status_code == 303
    assert "Send me a link" in stranger.get("/p/").content.decode()


class TestAsking:
    def test_known_or_not_the_answer_is_the_same_and_only_written_down(self, globex):
        pages = []
        for email in ("pia@globex.example", "zoe@globex.example"):
            client = Client(enforce_csrf_checks=True)
            client.cookies["syncd-partner-form"] = "the same for both"
            pages.append(world.send(client, "/p/", email=email.upper()).content.decode().replace(email, ""))
        assert pages[0] == pages[1]
        assert sorted(Asked.objects.values_list("email", flat=True)) == ["pia@globex.example", "zoe@globex.example"]

    def test_what_is_no_address_is_said_to_be_none(self, globex):
        for email in ("", "pia", "pia@", "a b@c.example", "x" * 300 + "@c.example", "a\0@c.example"):
            answer = world.send(
                Client(enforce_csrf_checks=True, REMOTE_ADDR=f"10.0.0.{len(email) % 250}"), "/p/", email=email
            )
            assert answer.status_code == 422
            assert "This is no e-mail address" in answer.content.decode()
        assert not Asked.objects.exists()

    def test_who_asks_ten_times_waits(self, globex):
        client = Client(enforce_csrf_checks=True)
        codes = [world.send(client, "/p/", email=f"{n}@globex.example").status_code for n in range(11)]
        assert codes == [200] * 10 + [429]


class TestFromElsewhere:
    def test_a_link_on_another_site_is_followed_by_asking_once_more_from_here(self, globex):
        client = Client()
        first = client.get("/p/changes/", headers={"Sec-Fetch-Site": "cross-site"})
        assert (first.status_code, first.headers["Refresh"]) == (200, "0")
        assert client.get("/p/changes/", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303

    def test_a_form_from_another_site_changes_nothing(self, globex):
        client = world.signed_in(globex, as_contact=True)
        token = world.token(client.get("/p/talk/"))
        form = {"csrfmiddlewaretoken": token, "text": "hello"}
        for headers in (
            {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
            {"Origin": "null"},
        ):  # fmt: skip
            assert client.post("/p/talk/comments/", form, headers=headers).status_code == 403
        for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}):
            assert client.post("/p/talk/comments/", form, headers=headers).status_code == 303

    def test_anothers_token_is_none(self, globex):
        one, other = world.signed_in(globex), world.signed_in(globex)
        stolen = world.token(one.get("/p/talk/"))
        assert other.post("/p/talk/comments/", {"csrfmiddlewaretoken": stolen, "text": "x"}).status_code == 403
