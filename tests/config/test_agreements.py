"""What operators write about partners becomes what sharing works with, whole."""

from datetime import date
from pathlib import Path

import pytest

from config.files import load
from config.problems import ConfigError
from rules.model.partners import Commitment, Place, Public, Role, SignIn
from rules.sharing.projection import Sharing
from rules.sharing.redactor import Redactor

EXAMPLE = Path(__file__).parents[2] / "config" / "example"


@pytest.fixture
def config():
    return load(EXAMPLE)


def test_the_example_becomes_an_agreement(config):
    (agreed,) = config.agreements()
    assert (agreed.company, agreed.logo, agreed.sign_in) == ("Acme", "", None)
    assert (agreed.partner, agreed.name, agreed.owner, agreed.cadence) == (
        "globex",
        "Globex Health",
        "pia.manager@acme.example",
        "weekly",
    )
    assert (agreed.mutual, agreed.ours, agreed.theirs) == (
        ("date", "scope"),
        ("ana@acme.example",),
        ("quinn@globex.example",),
    )
    assert agreed.fields == {
        "title": "public_title",
        "status": "status",
        "due": "month",
        "notes": "public_notes",
        "owner": "role",
    }
    assert agreed.statuses == {"todo": "Planned", "in_progress": "In progress", "done": "Delivered"}
    assert agreed.public == Public(("Public title",), ("Public notes",), True)
    assert agreed.roles == (Role("Engineering", ("ana@acme.example", "omar@acme.example")),)
    assert (agreed.links, agreed.never) == (("docs.acme.example",), ("Project Falcon",))
    assert agreed.places == (
        Place("page", expires=7_776_000.0),
        Place("notion", "acme-notion", "9a8b7c6d-5e4f-4321-b0a9-8c7d6e5f4a3b"),
        Place("github", "acme-github", "globex/acme-tracker"),
    )
    assert agreed.commitments[0] == Commitment(
        "sso",
        "ours",
        "Single sign-on for Globex staff",
        date(2026, 12, 15),
        "95 % of sign-ins through SSO in week one",
        ("acme-jira:PAY-88",),
    )
    assert agreed.commitments[1].who == "theirs"
    assert Sharing(agreed).where.scope


def two_partners(tmp_path):
    (tmp_path / "syncd.yaml").write_text((EXAMPLE / "syncd.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    partner = "  - {{id: {0}, name: {1}, owner: pia@acme.example, cadence: weekly, share: {{where: {{label: x}}, fields: {{due: day}}}}, commitments: [{{id: a, who: {0}, what: A, by: 2026-12-15, success: A}}]}}\n"
    text = "partners:\n" + partner.format("globex", "Globex Health") + partner.format("initech", "Initech")
    (tmp_path / "partners.yaml").write_text(text, encoding="utf-8")
    return load(tmp_path)


def test_a_partner_is_told_neither_of_other_partners_nor_of_our_places(tmp_path):
    config = two_partners(tmp_path)
    inside = config.inside("globex", ["Ana Lima"])
    redactor = Redactor(inside)
    assert "acme.example" in inside.hosts
    for text in (
        "Initech",
        "initech",
        "Ana Lima",
        "x.acme.example",
        *(key + " 12" for key in inside.projects),
        *inside.words,
    ):
        assert redactor.redact(text).blank, text
    assert redactor.redact("Globex Health").text == "Globex Health"


def test_a_partner_may_be_named_by_its_id_in_a_commitment(tmp_path):
    assert [one.commitments[0].who for one in two_partners(tmp_path).agreements()] == ["theirs", "theirs"]


def test_an_agreement_does_not_depend_on_the_other_partners(tmp_path):
    both = two_partners(tmp_path).agreements()
    lines = (tmp_path / "partners.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "partners.yaml").write_text("".join(lines[:2]), encoding="utf-8")
    assert load(tmp_path).agreements() == both[:1]


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def folder_with(tmp_path, more, **files):
    for name in ("syncd.yaml", "strategy.yaml", "rules.yaml"):
        (tmp_path / name).write_text((EXAMPLE / name).read_text(encoding="utf-8"), encoding="utf-8")
    text = (EXAMPLE / "partners.yaml").read_text(encoding="utf-8")
    (tmp_path / "partners.yaml").write_text(text.replace("    cadence: weekly", f"{more}    cadence: weekly", 1))
    for name, content in files.items():
        (tmp_path / name.replace("_", ".")).write_bytes(content)
    return tmp_path


def test_a_logo_is_a_small_picture_of_the_folder(tmp_path):
    (agreed,) = load(folder_with(tmp_path, "    logo: globex.png\n", globex_png=PNG)).agreements()
    assert agreed.logo == "globex.png"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("globex.png", None, "cannot be read: No such file or directory; put the file beside partners.yaml"),
        ("globex.png", b"<svg onload=alert(1)>", "is no PNG, JPEG or WebP picture; save it as PNG"),
        ("globex.png", PNG + b"\0" * 300_000, "is larger than 256 KiB"),
        ("../globex.png", PNG, "is outside of this folder"),
    ],
)
def test_another_logo_is_refused_with_its_line(tmp_path, name, content, says):
    files = {} if content is None else {"globex_png": content}
    with pytest.raises(ConfigError) as refused:
        load(folder_with(tmp_path, f"    logo: {name}\n", **files))
    assert "partners.yaml:" in str(refused.value)
    assert says in str(refused.value)


def test_partners_may_have_an_identity_provider_of_their_own(tmp_path):
    sign_in = """    sign_in:
      issuer: https://login.globex.example
      client_id: syncd
      client_secret: {env: GLOBEX_SECRET}
      domains: [globex.example]
"""
    config = load(folder_with(tmp_path, sign_in))
    (agreed,) = config.agreements()
    assert agreed.sign_in == SignIn("https://login.globex.example", ("globex.example",))
    assert "GLOBEX_SECRET" in config.partners.sign_ins.model_dump_json()
    (missing,) = [problem for problem in config.check_secrets() if problem.file == "partners.yaml"]
    assert "GLOBEX_SECRET" in str(missing)
