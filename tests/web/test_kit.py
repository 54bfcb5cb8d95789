"""The kit: other people's code is what the lock says, templates hold no code, charts and times say what they show."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

import rules.checks
from syncd.accounts.models import User
from syncd.web import assets, charts, checks, sections
from syncd.web.charts import Column, Part
from syncd.web.frame import Frame
from syncd.web.templatetags import look
from tests.web import vendor

SYNCD = Path(__file__).parents[2] / "syncd"
TEMPLATES = sorted(SYNCD.rglob("templates/**/*.html"))
SCRIPTS = [path for path in SYNCD.rglob("static/**/*.js") if "vendor" not in path.parts]
CODE = {
    "hx-on runs code": r"hx-on",
    "js: values are code": r"[\"']js:",
    "an inline style": r"\sstyle\s*=",
    "an inline handler": r"\son[a-z]+\s*=\s*[\"']",
    "a script without src": r"<script(?![^>]*(\ssrc=|\stype=\"application/json\"))",
    "a style element": r"<style",
    "something from elsewhere": r"<(script|link|img|iframe)[^>]+(src|href)=\"(https?:)?//",
    "hx- without data-": r"\s(?<!data-)hx-[a-z]",
}
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def drawn(text: str, **values) -> str:
    return Template("{% load look charts words %}" + text).render(Context(values))


class TestOthersCode:
    def test_every_vendored_file_is_what_the_lock_says(self):
        locked = vendor.locked()
        assert {path.name for path in vendor.FOLDER.glob("*.js")} == set(locked) == set(vendor.WANTED)
        for name, entry in locked.items():
            assert vendor.sha384(vendor.FOLDER / name) == entry["integrity"]
            assert (entry["package"], entry["version"], entry["file"], entry["licence"]) == vendor.WANTED[name]

    def test_a_changed_file_is_noticed(self, tmp_path):
        (name,) = vendor.WANTED
        other = tmp_path / name
        other.write_bytes((vendor.FOLDER / name).read_bytes() + b" ")
        assert vendor.sha384(other) != vendor.locked()[name]["integrity"]


class TestTemplates:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(SYNCD).as_posix())
    def test_a_template_holds_no_code_and_nothing_from_elsewhere(self, path):
        text = path.read_text(encoding="utf-8")
        assert [what for what, sign in CODE.items() if re.search(sign, text)] == []

    @pytest.mark.parametrize(
        ("bad", "what"),
        [('<a data-hx-on:click="x">', "hx-on runs code"), ("<p style='x'>", "an inline style"),
         ('<b onclick="x">', "an inline handler"), ("<script>x</script>", "a script without src"),
         ('<img src="https://x">', "something from elsewhere"), ('<a hx-get="/">', "hx- without data-"),
         ('<a data-hx-vals="js:x">', "js: values are code")],
    )  # fmt: skip
    def test_the_search_for_code_finds_it(self, bad, what):
        assert what in [name for name, sign in CODE.items() if re.search(sign, bad)]

    @pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
    def test_our_scripts_build_no_code_and_no_markup(self, path):
        text = path.read_text(encoding="utf-8")
        for word in ("eval(", "new Function", "innerHTML", "outerHTML", "document.write", "localStorage"):
            assert word not in text


class TestStaticFiles:
    def test_an_address_holds_the_hash_of_what_it_leads_to_and_is_kept_for_ever(self, client, db):
        address = re.search(r'href="(/static/web/app\.\w+\.css)"', client.get("/sign-in/").content.decode())[1]
        content = (SYNCD / "web/static/web/app.css").read_bytes()
        assert address == "/static/" + assets.stamped("web/app.css", content)
        answer = client.get(address)
        assert b"".join(answer.streaming_content) == content
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Type"].startswith("text/css")

    def test_the_plain_name_answers_too_but_is_not_kept(self, client):
        answer = client.get("/static/web/mark.svg")
        assert answer.getvalue()
        assert "immutable" not in answer.headers["Cache-Control"]

    def test_another_content_has_another_address(self):
        assert assets.stamped("web/app.css", b"a") != assets.stamped("web/app.css", b"b")

    def test_files_and_pages_are_sent_compressed_to_who_takes_it(self, client, db):
        address = assets.stamped("web/app.css", (SYNCD / "web/static/web/app.css").read_bytes())
        for path in (f"/static/{address}", "/sign-in/"):
            small, plain = client.get(path, headers={"Accept-Encoding": "gzip"}), client.get(path)
            assert small.headers["Content-Encoding"] == "gzip"
            assert "Content-Encoding" not in plain.headers
            assert len(small.getvalue()) < len(plain.getvalue()) / 2


class TestCharts:
    PARTS = (Part("Claims", 30, "g1", "/items/?goal=claims"), Part("Unlinked", 10, "unlinked"))

    def test_a_stack_fills_a_hundred_percent_in_order(self):
        boxes = re.findall(r'<rect x="([\d.]+)%" y="0.00%" width="([\d.]+)%"', charts.stack(self.PARTS, "A quarter"))
        assert [float(x) for x, _ in boxes] == [0, 75]
        assert sum(float(width) for _, width in boxes) == pytest.approx(100, abs=0.5)

    def test_a_picture_that_leads_nowhere_is_one_image_with_the_finding_as_its_name(self):
        svg = charts.stack([Part("A", 1, "g1")], "All of it is A")
        assert 'role="img"' in svg
        assert "<title>All of it is A</title>" in svg

    def test_segments_that_lead_somewhere_are_named_links_beside_the_table(self):
        html = drawn("{% stack_chart parts 'A quarter is unlinked' 'points' '/x.csv' %}", parts=self.PARTS)
        assert '<a href="/items/?goal=claims" tabindex="-1" aria-label="Claims: 75 %">' in html
        assert html.count('href="/items/?goal=claims"') == 3  # segment, legend, table
        assert '<th scope="row">Unlinked</th><td class="num">10</td><td class="num">25 %</td>' in html
        assert 'href="/x.csv"' in html

    def test_work_without_a_goal_is_striped_and_never_only_coloured(self):
        assert 'fill="url(#hatch)"' in charts.stack(self.PARTS, "x")
        assert 'fill="url(#hatch)"' in charts.swatch("unlinked")

    def test_columns_stand_on_the_ground_and_reach_the_top(self):
        weeks = [
            Column("Week 1", self.PARTS),
            Column("Week 2", (Part("Claims", 0, "g1"), Part("Unlinked", 0, "unlinked"))),
        ]
        svg = charts.columns(weeks, "x")
        boxes = re.findall(r'y="([\d.]+)%" width="[\d.]+%" height="([\d.]+)%"', svg)
        assert [float(y) for y, _ in boxes] == [25, 0]  # an empty week draws nothing
        html = drawn("{% column_chart weeks 'x' %}", weeks=weeks)
        assert html.count('<th scope="row">Week') == 2

    def test_nothing_is_not_divided_by(self):
        assert "rect" not in charts.stack([], "Nothing")
        assert charts.spark([], "Nothing")
        assert charts.spark([3], "One")
        assert charts.bullet(0, None, "x", most=0)
        assert drawn("{% column_chart weeks 'x' %}", weeks=[])

    def test_a_bullet_shows_what_is_and_what_ought_to_be(self):
        svg = charts.bullet(0.25, 0.5, "Half of what was meant")
        assert 'width="25.00%"' in svg
        assert 'x1="50.00%"' in svg
        assert 'width="100.00%"' in charts.bullet(7, None, "x")

    def test_hostile_labels_are_text(self):
        html = drawn("{% stack_chart parts title %}", parts=[Part("<b>", 1, "g1", '"><script>')], title="<i>")
        assert "<b>" not in html.replace("<b>1</b>", "")
        assert "<script>" not in html
        assert "<i>" not in html


class TestWords:
    def test_a_time_is_said_from_now_with_its_moment_behind_it(self):
        assert look.when(NOON - timedelta(minutes=3), NOON) == (
            '<time datetime="2026-11-23T11:57:00+00:00" title="2026-11-23 11:57:00 UTC">3 min ago</time>'
        )
        with timezone.override("Europe/Zurich"):
            assert 'title="2026-11-23 12:57:00 CET"' in look.when(NOON - timedelta(minutes=3), NOON)
        assert ">in 2 h<" in look.when(NOON + timedelta(hours=2), NOON)
        assert look.when(None, NOON) == "never"

    @pytest.mark.parametrize(
        ("share", "said"),
        [(0, "0 %"), (0.001, "1 %"), (0.384, "38 %"), (0.999, "99 %"), (1, "100 %"), (1.2, "120 %")],
    )
    def test_none_and_all_are_said_of_none_and_all_only(self, share, said):
        assert look.percent(share) == said

    def test_an_icon_is_silent_and_a_tag_has_a_word(self):
        assert 'aria-hidden="true"' in look.icon("inbox")
        assert look.tag("Late", "warn", "clock") == f'<span class="tag warn">{look.icon("clock", 14)}Late</span>'

    def test_a_kind_of_tracker_is_told_to_those_who_listen(self):
        assert "GitHub" in look.tracker_icon("github")
        assert "Gitea" in look.tracker_icon("gitea")


class TestChecks:
    def test_every_built_in_check_has_a_word_and_an_icon_that_exists(self):
        for name in (*rules.checks.CHECKS, *rules.checks.GOAL_CHECKS):
            assert checks.shown(name).word != name
            assert look.icon(checks.shown(name).glyph)

    def test_a_rule_that_somebody_wrote_goes_by_its_id(self):
        assert checks.shown("no-owner").word == "no-owner"


class TestFrame:
    def test_each_role_sees_its_sections_and_nobody_sees_none(self, db):
        titles = {
            role: {entry.title for entry in sections.entries("/", User(email="x", role=role))}
            for role in ("operator", "viewer")
        }
        assert titles["operator"] - titles["viewer"] >= {"People"}
        assert sections.entries("/", None) == []

    def test_the_section_of_the_page_is_marked(self, db):
        omar = User(email="omar@acme.example", role="operator")
        current = {
            path: [e.title for e in sections.entries(path, omar) if e.current]
            for path in ("/people/", "/people/1/role/", "/x/")
        }
        assert current == {"/people/": ["People"], "/people/1/role/": ["People"], "/x/": []}

    def test_keys_that_lead_to_sections_differ(self):
        keys = [section.key for section in sections.SECTIONS]
        assert len(set(keys)) == len(keys)

    def test_a_theme_is_kept_in_the_browser_of_nobody(self, client, db):
        answer = client.post("/theme/", {"theme": "dark", "next": "/sign-in/?next=/"})
        assert answer.headers["Location"] == "/sign-in/?next=/"
        assert 'data-theme="dark"' in client.get("/sign-in/").content.decode()

    def test_theme_and_keys_are_kept_with_the_person(self, client, db):
        vera = User.objects.add("vera@acme.example", "viewer")
        client.force_login(vera, "allauth.account.auth_backends.AuthenticationBackend")
        client.post("/theme/", {"theme": "light", "next": "/"})
        client.post("/keys/", {"keys": "off", "next": "/"})
        page = client.get("/status/").content.decode()
        assert 'data-theme="light"' in page
        assert 'data-keys="off"' in page

    @pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", ""])
    def test_a_choice_leads_back_into_the_house_only(self, client, db, back):
        assert client.post("/theme/", {"theme": "purple", "next": back}).headers["Location"] == "/"

    def test_the_banner_tells_a_demo(self, client, db, settings):
        assert "DEMO" not in client.get("/sign-in/").content.decode()
        settings.DEMO = True
        assert "DEMO" in client.get("/sign-in/").content.decode()

    def test_the_footer_tells_how_fresh_the_data_is(self, company):
        def said() -> str:
            request = RequestFactory().get("/")
            request.user = User(email="ana@acme.example")
            frame = Frame(request)
            return drawn("{% include 'web/parts/freshness.html' %}", fresh=frame.freshness)

        assert "No data yet" in said()
        company.stream(company.github, "acme/web", last_success_at=datetime.now(UTC) - timedelta(hours=2))
        assert re.search("All data as of <time [^>]+>2 h ago", said())
        company.stream(company.jira, "WEB", broken_since=datetime.now(UTC))
        assert "1 stream of 2 failing; oldest data from" in said()

    def test_nobody_is_told_how_fresh_the_data_is(self, company):
        company.stream(company.github, "acme/web")
        assert Frame(RequestFactory().get("/")).freshness is None

    def test_a_store_that_is_away_leaves_a_frame_that_can_be_drawn(self, monkeypatch):
        class Away:
            @property
            def is_authenticated(self) -> bool:
                raise DatabaseError

        def away(**_):
            raise DatabaseError

        request = RequestFactory().get("/")
        monkeypatch.setattr("syncd.web.frame.Stream.objects.filter", away)
        request.user = User(email="vera@acme.example", role="viewer")
        assert Frame(request).freshness is None
        request.user = Away()
        assert Frame(request).person is None
        assert Frame(request).sections == []
