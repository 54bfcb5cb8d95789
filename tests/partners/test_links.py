"""Letters' links work once, share links until they end; whatever opens nothing answers alike, and guessing is slow."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from syncd.partners.databases import partner_side
from syncd.partners.desk.models import Redemption, Session, Try
from syncd.partners.entrance import links, secret, sessions
from syncd.partners.models import Link, Partner
from tests.partners import world

pytestmark = world.SIDE


def enter(client, opens):
    page = client.get(f"/p/enter/{opens}")
    return client.post(f"/p/enter/{opens}", {"csrfmiddlewaretoken": world.token(page)})


def is_in(client) -> bool:
    return "Sign out" in client.get("/p/").content.decode()


class TestLetter:
    def test_looking_at_it_uses_nothing_up_and_the_button_signs_in(self, globex):
        _, opens = world.magic_link(globex.contact, timezone.now())
        client = Client(enforce_csrf_checks=True)
        for _ in range(3):
            assert "Sign in" in client.get(f"/p/enter/{opens}").content.decode()
        assert not Session.objects.exists()
        answer = enter(client, opens)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/p/")
        assert "Signed in as pia@globex.example" in client.get("/p/").content.decode()

    def test_it_works_once(self, globex):
        _, opens = world.magic_link(globex.contact, timezone.now())
        one, other = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
        hers = other.get(f"/p/enter/{opens}")  # open in another tab before it is used
        enter(one, opens)
        late = other.post(f"/p/enter/{opens}", {"csrfmiddlewaretoken": world.token(hers)})
        assert late.status_code == 404
        assert not is_in(other)
        assert Redemption.objects.count() == Session.objects.count() == 1

    def test_of_two_at_the_same_time_one_is_refused(self, globex, monkeypatch):
        _, opens = world.magic_link(globex.contact, timezone.now())
        with partner_side():
            found = links._found(Link.MAGIC, opens, timezone.now())
            monkeypatch.setattr(links, "_found", lambda *_: found)  # both have looked before either used it
            links.redeem(opens, timezone.now())
            with pytest.raises(links.Refused):
                links.redeem(opens, timezone.now())
        assert Session.objects.count() == 1

    def test_a_contact_who_is_none_any_more_is_out_at_once(self, globex):
        client = world.signed_in(globex, as_contact=True)
        assert is_in(client)
        globex.contact.delete()
        assert not is_in(client)


class TestShare:
    def test_it_is_exchanged_for_a_cookie_at_once(self, globex):
        client = Client()
        answer = client.get(globex.share)
        assert answer.headers["Refresh"] == "0; url=/p/"
        assert globex.secret not in answer.content.decode() + str(answer.headers)
        assert is_in(client)
        assert "Opened by a share link" in client.get("/p/").content.decode()

    def test_asking_about_it_opens_nothing(self, globex):
        client = Client()
        assert client.head(globex.share).status_code == 200
        assert not is_in(client)

    @pytest.mark.parametrize("how", ["revoked", "expired", "closed"])
    def test_what_ends_the_link_ends_its_sessions(self, globex, how):
        client = world.signed_in(globex)
        assert is_in(client)
        now = timezone.now()
        if how == "revoked":
            Link.objects.filter(id=globex.link.id).update(revoked_at=now)
        elif how == "expired":
            Link.objects.filter(id=globex.link.id).update(expires_at=now)
        else:
            Partner.objects.filter(id="globex").update(open=False)
        assert not is_in(client)
        assert Session.objects.get().ended_at is not None, "for good"
        Partner.objects.filter(id="globex").update(open=True)
        Link.objects.filter(id=globex.link.id).update(revoked_at=None, expires_at=now + timedelta(days=1))
        assert not is_in(client)

    def test_after_a_rotation_the_old_one_goes_on_until_it_ends(self, globex):
        soon = timezone.now() + timedelta(hours=24)
        Link.objects.filter(id=globex.link.id).update(revoked_at=soon, expires_at=soon)
        assert is_in(world.signed_in(globex))

    def test_a_session_does_not_outlive_its_link(self, globex):
        soon = timezone.now() + timedelta(hours=1)
        Link.objects.filter(id=globex.link.id).update(expires_at=soon)
        world.signed_in(globex)
        assert Session.objects.get().expires_at == soon


class TestNothing:
    def test_every_link_that_opens_nothing_answers_with_the_same_bytes(self, globex, initech):
        now = timezone.now()
        used, once = world.magic_link(globex.contact, now)
        Redemption.objects.create(link=used.id, partner="globex", at=now)
        Partner.objects.filter(id="initech").update(open=False)
        paths = [
            "/p/enter/wrong",
            f"/p/enter/{secret.fresh()}",
            f"/p/enter/{once}",
            f"/p/enter/{globex.secret}",  # a share link's
            f"/p/enter/{world.magic_link(globex.contact, now, expires_at=now)[1]}",
            f"/p/enter/{world.magic_link(initech.contact, now)[1]}",
            f"/p/with/{secret.fresh()}",
            f"/p/with/{world.share_link(globex.partner, now, revoked_at=now)[1]}",
        ]
        answers = [Client(REMOTE_ADDR=f"10.0.0.{n}").get(path) for n, path in enumerate(paths)]
        answers += [Client(REMOTE_ADDR="10.0.1.1").get(f"/p/feed/{secret.fresh()}/changes.atom")]
        answers += [Client(REMOTE_ADDR="10.0.1.2").get(f"/p/sso/{secret.mark('sso', 'globex')}")]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1

    def test_who_guesses_has_to_wait_and_even_the_right_one_opens_nothing_then(self, globex):
        client = Client(enforce_csrf_checks=True)
        codes = [client.get(f"/p/with/{secret.fresh()}").status_code for _ in range(12)]
        assert codes == [404] * 10 + [429] * 2
        assert client.get(globex.share).status_code == 429
        assert client.get("/p/feed/x/changes.atom").status_code == 429
        assert Client(REMOTE_ADDR="10.9.9.9").get(globex.share).status_code == 200
        Try.objects.update(at=timezone.now() - timedelta(minutes=16))
        assert client.get(globex.share).status_code == 200

    def test_a_network_of_ipv6_is_one_place(self, globex):
        for n in range(10):
            Client(REMOTE_ADDR=f"2001:db8::{n}").get("/p/with/x")
        assert Client(REMOTE_ADDR="2001:db8::ffff").get(globex.share).status_code == 429
        assert Client(REMOTE_ADDR="2001:db8:0:1::1").get(globex.share).status_code == 200

    def test_no_secret_is_logged_or_sent_along(self, globex, caplog, monkeypatch):
        _, opens = world.magic_link(globex.contact, timezone.now())
        caplog.set_level(0)
        client = Client(raise_request_exception=False)
        for path in (f"/p/enter/{opens}", globex.share):
            assert client.get(path).headers["Referrer-Policy"] == "strict-origin"
            client.put(path)
        monkeypatch.setattr(sessions, "begin", None)
        assert client.get(globex.share).status_code == 500
        assert "/p/with/***" in caplog.text
        assert globex.secret not in caplog.text
        assert opens not in caplog.text

    def test_only_hashes_are_kept(self, globex):
        client = world.signed_in(globex)
        cookie = client.cookies["syncd-partner"].value
        assert Session.objects.get().digest == secret.digest(cookie) != cookie
        assert Link.objects.get().digest == secret.digest(globex.secret)
