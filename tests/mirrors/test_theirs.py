"""What the partner does at its own place is kept, and heard once."""

from syncd.mirrors import standing
from syncd.mirrors.models import Intent, Row
from syncd.partners.desk.models import Said
from syncd.partners.models import Comment
from syncd.sharing import taking
from tests.mirrors.conftest import EVERYTHING, World

pytestmark = EVERYTHING


def there(world: World, public: str) -> dict[str, str]:
    return next(row for row in world.rows() if row["marker"] == world.row(public).marker)


def ident(world: World, public: str) -> str:
    remote = world.row(public).remote
    return f"globex/acme-tracker#{remote}" if world.kind == "github" else remote


def retitle(world: World, public: str, title: str) -> None:
    by = {} if world.kind == "jira" else {"by": "Quinn Roe"}
    world.act("edit", id=ident(world, public), title=title, **by)


def test_a_field_that_they_changed_is_kept_and_told_once(world: World) -> None:
    one, other = world.share(2)
    world.turn()
    world.turn(later=61)
    retitle(world, one, "Their own title")
    world.turn(later=61)
    world.change(one, title="Ours again", status="Delivered")
    world.change(other, title="Another")
    world.turn(later=61)
    row = there(world, one)
    assert (row["title"], row["status"]) == ("Their own title", "Delivered")
    assert there(world, other)["title"] == "Another"
    assert world.row(one).theirs == {"title": "Their own title"}
    for _ in range(3):
        world.turn(later=61)
    [said] = Said.objects.all()
    assert said.text == f"Changed in {world.mirror.name}: the title from “Work 1” to “Their own title”."
    assert (said.about, said.kind) == (one, "comment")
    assert [(each.field, each.ours, each.theirs) for each in standing.differences("globex")] == [
        ("title", "Ours again", "Their own title")
    ]


def test_what_they_put_back_is_ours_again(world: World) -> None:
    [one] = world.share()
    world.turn()
    world.turn(later=61)
    retitle(world, one, "Theirs")
    world.turn(later=61)
    world.change(one, title="Newer")
    world.turn(later=61)
    assert there(world, one)["title"] == "Theirs"
    retitle(world, one, "Work 1")
    world.turn(later=61)
    world.turn(later=61)
    assert there(world, one)["title"] == "Newer"
    assert world.row(one).theirs == {}


def redate(world: World, public: str, was: str, day: str) -> None:
    if world.kind == "github":
        body = there(world, public)["body"].replace(was, day)
        world.act("edit", id=ident(world, public), body=body, by="Quinn Roe")
    else:
        world.act("edit", id=ident(world, public), due=day)


def test_a_day_that_they_change_to_and_fro_is_heard_each_time_with_how_it_reads(world: World) -> None:
    [one] = world.share(due="2027-03-04")
    world.turn()
    world.turn(later=61)
    for was, day in (("2027-03-04", "2027-04-20"), ("2027-04-20", "2027-03-04"), ("2027-03-04", "2027-04-20")):
        redate(world, one, was, day)
        for _ in range(2):
            world.turn(later=61)
    name = world.mirror.name
    changed = f"Changed in {name}: the due date from “2027-03-04” to “2027-04-20”."
    assert list(Said.objects.order_by("at").values_list("about", "subject", "becomes", "text")) == [
        (one, "due", "2027-04-20", changed),
        (one, "due", "", f"Put back in {name}: the due date."),
        (one, "due", "2027-04-20", changed),
    ]


def test_what_they_say_at_a_row_is_their_comment_on_the_item(world: World) -> None:
    [one] = world.share()
    world.turn()
    world.turn(later=61)
    world.act("comment", id=ident(world, one), body="When do we get it?", by="Quinn Roe")
    for _ in range(3):
        world.turn(later=301)
    taking.take_in(world.now)
    [comment] = Comment.objects.all()
    assert (comment.text, comment.side, comment.item_id) == ("When do we get it?", "theirs", one)
    world.turn(later=301)
    assert Said.objects.count() == 1


def test_a_row_that_they_took_away_is_not_made_again(world: World) -> None:
    one, _ = world.share(2)
    world.turn()
    world.act("delete", id=ident(world, one))
    world.turn(sweep=True, later=61)
    assert world.row(one).state == Row.REMOVED
    world.change(one, title="Another title")
    world.turn(later=61)
    assert [row["title"] for row in world.rows()] == ["Work 2"]
    assert not Intent.objects.exists()
    assert [said.text for said in Said.objects.all()] == [f"Taken out of {world.mirror.name}."]
    world.withdraw(one)
    world.turn(later=61)
    assert world.row(one).state == Row.GONE


def test_a_state_of_their_own_is_told(world: World) -> None:
    if world.kind == "notion":
        return  # it has none beside the values
    [one] = world.share()
    world.turn()
    world.turn(later=61)
    world.act("edit", id=ident(world, one), status="done")
    world.turn(later=61)
    [said] = Said.objects.all()
    assert said.text.startswith(f"Moved in {world.mirror.name}: from “")


def test_what_they_wrote_in_a_row_outlives_its_withdrawal(world: World) -> None:
    [one] = world.share()
    world.turn()
    world.turn(later=61)
    row_id = ident(world, one)
    retitle(world, one, "Their own title")
    if world.kind == "github":
        body = there(world, one)["body"]
        world.act("edit", id=row_id, body=f"Our own words first.\n\n{body}\n\nAnd last.", by="Quinn Roe")
    world.turn(later=61)
    world.withdraw(one)
    world.turn(later=61)
    assert world.row(one).state == Row.GONE
    left = [row for row in world._truth() if row["title"] == "Their own title"]
    if world.kind == "github":
        assert left[0]["status"] == "closed"
        assert left[0]["body"].startswith("Our own words first.")
        assert left[0]["body"].endswith("And last.")
        assert "First part" not in left[0]["body"]
        assert "Engineering" not in left[0]["body"]
    elif world.kind == "jira":
        assert left[0]["status_category"] in ("done", "cancelled")
        assert "First part" not in left[0]["body"]
    else:
        page = world.sandbox.services[world.prefix].workspace.pages[row_id]
        assert page.in_trash
        said = {name: page.values.get(spec.id) for name, spec in page.source.columns.items()}
        assert said["Notes"] == []
        assert said["Status"] is None
        assert said["Name"][0]["plain_text"] == "Their own title"


def test_a_row_that_lost_our_mark_is_not_touched(world: World) -> None:
    if world.kind == "jira":
        return  # the mark is where no editor shows it
    [one] = world.share()
    world.turn()
    world.turn(later=61)
    if world.kind == "github":
        world.act("edit", id=ident(world, one), body="All ours now.", by="Quinn Roe")
    else:
        workspace = world.sandbox.services[world.prefix].workspace
        page = workspace.pages[world.row(one).remote]
        workspace.edit(page, {page.source.columns["syncd"].id: []}, workspace.user("Quinn Roe"))
    written = world.written()
    world.change(one, title="Another", notes="More.")
    world.turn(later=61)
    assert world.written() == written
    assert world.row(one).state == Row.REMOVED
