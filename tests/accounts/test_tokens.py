"""API tokens: shown once, good for what they were made for, and for so long."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from syncd.accounts import tokens
from syncd.accounts.access import Act, may
from syncd.accounts.models import Token

QUARTER = timedelta(days=90)


def request(text: str = "", kind: str = "Bearer"):
    headers = {"HTTP_AUTHORIZATION": f"{kind} {text}"} if text else {}
    return RequestFactory().get("/api/v1/flags", **headers)


class TestAuthenticating:
    def test_a_token_speaks_for_its_person_within_its_scopes(self, ana):
        _, text = tokens.make("syncd", ana, "CI", ["read"], QUARTER)
        sent = request(text)
        assert tokens.authenticate(sent) == ana == sent.user
        scopes = tokens.scopes_of(sent)
        assert may(ana, Act.READ, scopes)
        assert not may(ana, Act.DECIDE, scopes), "Ana may, the token may not"

    def test_a_scope_gives_no_more_than_the_role(self, vera):
        _, text = tokens.make("syncd", vera, "CI", ["read", "decide", "operate"], QUARTER)
        sent = request(text)
        tokens.authenticate(sent)
        assert not may(sent.user, Act.DECIDE, tokens.scopes_of(sent))

    def test_a_person_in_person_has_no_scopes(self, ana):
        assert tokens.scopes_of(request()) is None
        assert may(ana, Act.DECIDE, None)

    @pytest.mark.parametrize("change", ["expires", "is revoked", "its person is shut out"])
    def test_it_opens_nothing_once_it(self, ana, change):
        token, text = tokens.make("syncd", ana, "CI", ["read"], QUARTER)
        if change == "expires":
            Token.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
        elif change == "is revoked":
            tokens.revoke("syncd", token)
        else:
            ana.shut_out()
        assert tokens.authenticate(request(text)) is None

    def test_wrong_ones_open_nothing(self, ana):
        _, text = tokens.make("syncd", ana, "CI", ["read"], QUARTER)
        other_secret = text[:-1] + ("A" if text[-1] != "A" else "B")
        other_prefix = f"sy_00000000_{text[12:]}"
        for wrong in ("", "x", other_secret, other_prefix, text[3:], text + "A", text.upper()):
            assert tokens.authenticate(request(wrong)) is None, wrong
        assert tokens.authenticate(request(text, kind="Basic")) is None
        assert tokens.authenticate(request(text, kind="bearer")) == ana

    def test_its_last_use_is_known_to_the_minute_and_costs_one_query_in_between(self, ana, django_assert_num_queries):
        token, text = tokens.make("syncd", ana, "CI", ["read"], QUARTER)
        tokens.authenticate(request(text))
        token.refresh_from_db()
        assert token.last_used_at is not None
        with django_assert_num_queries(1):
            tokens.authenticate(request(text))


class TestMaking:
    def test_the_store_holds_no_secret(self, ana, happened):
        token, text = tokens.make("syncd", ana, "CI", ["read"], QUARTER)
        assert re.fullmatch(r"sy_[0-9a-z]{8}_[A-Za-z0-9_-]{43}", text)
        kept = str(list(Token.objects.values())) + str(happened())
        assert token.prefix in kept
        assert text[12:] not in kept

    @pytest.mark.parametrize("scopes", [[], ["write"], ["read", "everything"]])
    def test_unknown_scopes_are_refused(self, ana, scopes):
        with pytest.raises(ValueError, match="read, decide, operate"):
            tokens.make("syncd", ana, "CI", scopes, QUARTER)

    def test_none_lasts_for_ever(self, ana):
        with pytest.raises(ValueError, match="at most 366 days"):
            tokens.make("syncd", ana, "CI", ["read"], timedelta(days=1000))


class TestThePage:
    def test_a_new_one_is_shown_once(self, ana, browser, sent):
        client = browser(ana, checks_forms=True)
        made = sent(client, "/account/tokens/", name="CI", scopes=["read"], days="90").content.decode()
        text = re.search(r"sy_\w{8}_[\w-]{43}", made)
        assert text
        assert tokens.authenticate(request(text[0])) == ana
        later = client.get("/account/tokens/").content.decode()
        assert "CI" in later
        assert text[0] not in later

    def test_one_revokes_ones_own_and_nobody_elses(self, ana, vera, browser, happened):
        mine, _ = tokens.make("syncd", ana, "mine", ["read"], QUARTER)
        hers, _ = tokens.make("syncd", vera, "hers", ["read"], QUARTER)
        client = browser(ana)
        assert client.post(f"/account/tokens/{hers.pk}/revoke/").status_code == 404
        assert client.post(f"/account/tokens/{mine.pk}/revoke/").status_code == 302
        assert [token.state(datetime.now(UTC)) for token in (hers, Token.objects.get(pk=mine.pk))] == [
            "live",
            "revoked",
        ]
        assert happened()[-1] == ("ana@acme.example", "token_revoked", f"mine ({mine.prefix})")
        assert "hers" not in client.get("/account/tokens/").content.decode()
