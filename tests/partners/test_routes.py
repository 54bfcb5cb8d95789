"""Every address of the partner side, for everybody and every method: nothing is open by mistake."""

import itertools

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from syncd.partners import side
from tests.partners import world

pytestmark = [world.SIDE, pytest.mark.any_store]

OPEN, VISITORS, NEVER = "open", "visitors", "never"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FOREIGN = ("item", "commitment", "proposal", "key")

ROUTES = {
    # route: who may look, who may send its form, what its address needs
    "tracker": (OPEN, OPEN, {}),
    "enter": (OPEN, OPEN, {"opens": "none"}),
    "share": (OPEN, NEVER, {"opens": "none"}),
    "sso": (OPEN, NEVER, {"name": "x" * 22}),
    "sso_back": (OPEN, NEVER, {}),
    "sign_out": (NEVER, VISITORS, {}),
    "table": (VISITORS, NEVER, {}),
    "paper": (VISITORS, NEVER, {}),
    "logo": (VISITORS, NEVER, {}),
    "item": (VISITORS, NEVER, {"public": "item"}),
    "item_comment": (NEVER, VISITORS, {"public": "item"}),
    "commitments": (VISITORS, NEVER, {}),
    "commitment": (VISITORS, NEVER, {"public": "commitment"}),
    "answer": (NEVER, VISITORS, {"public": "commitment"}),
    "propose": (NEVER, VISITORS, {"public": "commitment"}),
    "commitment_comment": (NEVER, VISITORS, {"public": "commitment"}),
    "decide": (NEVER, VISITORS, {"public": "proposal"}),
    "changes": (VISITORS, NEVER, {}),
    "talk": (VISITORS, NEVER, {}),
    "say": (NEVER, VISITORS, {}),
    "settings": (VISITORS, VISITORS, {}),
    "quiet": (OPEN, OPEN, {"token": "none"}),
    "subscribe": (VISITORS, VISITORS, {}),
    "unsubscribe": (NEVER, VISITORS, {"name": "key"}),
    "atom": (OPEN, NEVER, {"opens": "none"}),
    "json_feed": (OPEN, NEVER, {"opens": "none"}),
    "ical": (OPEN, NEVER, {"opens": "none"}),
    "alive": (OPEN, NEVER, {}),
}
WITHOUT_TOKEN = {"quiet"}
"""A mail program sends this form (RFC 8058); its address is what it may."""


def address(name, shared) -> str:
    ids = {
        "item": shared.item.id, "commitment": shared.sso.id, "proposal": shared.proposal.id, "key": "k" * 22,
    }  # fmt: skip
    arguments = {key: ids.get(value, value) for key, value in ROUTES[name][2].items()}
    return reverse(name, urlconf=side.URLS, kwargs=arguments)


def test_every_route_is_declared():
    assert sorted(pattern.name for pattern in get_resolver(side.URLS).url_patterns) == sorted(ROUTES)


@pytest.mark.parametrize("name", ROUTES)
def test_who_may_do_what(name, globex, initech):
    look, send, _ = ROUTES[name]
    path = address(name, globex)
    people = {"visitor": world.signed_in(globex), "stranger": Client(enforce_csrf_checks=True)}
    foreign = any(value in FOREIGN for value in ROUTES[name][2].values())
    for (who, client), method in itertools.product(people.items(), METHODS):
        client.defaults["REMOTE_ADDR"] = f"10.0.{METHODS.index(method)}.{len(who)}"
        answer = client.generic(method, path)
        told = f"{who} {method} {path}: {answer.status_code}"
        needed = look if method in ("GET", "HEAD") else send if method == "POST" else NEVER
        if who == "stranger" and OPEN not in (look, send):
            assert (answer.status_code, answer.headers.get("Location")) == (303, "/p/"), told
        elif needed == NEVER or (who == "visitor" and name == "tracker" and method == "POST"):
            assert answer.status_code in ((403, 405) if method == "POST" else (405,)), told
        elif method == "POST":
            assert answer.status_code == (404 if name in WITHOUT_TOKEN else 403), told
        else:
            assert answer.status_code in (200, 404, 403), told
            assert answer.status_code != 404 or OPEN in (look, send), told
        if method == "HEAD":
            assert answer.content == b"", told
    if foreign:
        quinn = world.signed_in(initech)
        gone = quinn.get(path) if look != NEVER else world.send(quinn, "/p/talk/", path)
        never = path.replace(next(part for part in path.split("/") if len(part) == 22), "A" * 22)
        missing = quinn.get(never) if look != NEVER else world.send(quinn, "/p/talk/", never)
        assert (gone.status_code, gone.content) == (404, missing.content), "foreign and missing are the same"
        assert str(sorted(gone.headers.items())) == str(sorted(missing.headers.items()))


@pytest.mark.parametrize("name", [name for name, (_, send, _) in ROUTES.items() if send == VISITORS])
def test_a_form_without_its_hidden_token_is_refused(name, globex):
    for form in ({}, {"csrfmiddlewaretoken": "x" * 22}):
        answer = world.signed_in(globex, as_contact=True).post(address(name, globex), form)
        assert answer.status_code == 403
        assert "not sent from this site" in answer.content.decode()


@pytest.mark.parametrize("name", [name for name, (look, _, _) in ROUTES.items() if look != NEVER])
@pytest.mark.parametrize("who", ["visitor", "stranger"])
@pytest.mark.any_store
def test_every_answer_carries_the_headers(name, who, globex):
    client = world.signed_in(globex) if who == "visitor" else Client()
    answer = client.get(address(name, globex))
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Referrer-Policy"] in ("same-origin", "strict-origin")
    assert "camera=()" in answer.headers["Permissions-Policy"]
    kept = "private, no-cache" if name == "logo" and who == "visitor" else "no-store, private"
    assert answer.headers["Cache-Control"] == kept
    assert "ETag" not in answer.headers or name == "logo"
    page = answer.content.decode("latin-1")
    for code in ("<script", "javascript:", " style=", " onclick=", "<style"):
        assert code not in page


def test_what_is_no_page_answers_with_the_same_bytes(globex):
    for client in (world.signed_in(globex), Client()):
        answers = [
            client.get(path) for path in ("/p/nothing", "/p/items/short/", "/p/commitments", "/elsewhere", "/static/x")
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers[:3]}) == 1
    assert b"There is no such page" in answers[0].content


@pytest.mark.parametrize(
    "path",
    ["/p/?by=x", "/p/?quarter=2026-Q5", "/p/?by=list&after=x", "/p/?q=%00", "/p/?by=list&after=~" + "x" * 23,
     "/p/talk/?after=x", "/p/talk/?after=2026-99-99T00:00:00%2B00:00~" + "x" * 22, "/p/changes/?before=x", "/p/changes/?skip=1",
     "/p/changes/?before=2026-01-01&skip=-1", "/p/work.csv?quarter=x"],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_said_to_be_so(globex, path):
    answer = world.signed_in(globex).get(path)
    assert answer.status_code == 400
    assert "This cannot be asked for" in answer.content.decode()


def test_the_start_leads_to_the_pages_and_nothing_is_for_search_engines(client):
    assert client.get("/").headers["Location"] == client.get("/p").headers["Location"] == "/p/"
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
