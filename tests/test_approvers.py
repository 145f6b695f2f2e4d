"""The file that says who may decide: what is read from it, and how every slip in it is named."""

from pathlib import Path

import pytest

from bot.approvers import load
from bot.errors import SettingError

EXAMPLE = Path(__file__).parent.parent / "manifest" / "approvers.example.yaml"
RUTH = "22222222-2222-4222-8222-222222222222"
TOLD = "44444444-4444-4444-8444-444444444444"


def written(folder: Path, *lines: str) -> Path:
    """An approvers file with these lines."""
    (path := folder / "approvers.yaml").write_text("\n".join(lines), encoding="utf-8")
    return path


def post(title: str = "Head of IT", name: str = "Ruth Lindqvist", object_id: str = RUTH) -> tuple[str, ...]:
    """The lines of one post."""
    return f"  - title: {title}", f"    name: {name}", f"    object_id: {object_id}"


def complaint(path: Path) -> str:
    """What the start says about the file."""
    with pytest.raises(SettingError) as caught:
        load(path)
    return str(caught.value)


def test_the_example_names_the_two_posts_of_the_policy() -> None:
    """Whoever fills in the example has the posts of paragraph 5.2 and need only put in people."""
    roster = load(EXAMPLE)
    assert [each.title for each in roster.posts] == ["IT Operations & Security Manager", "Head of IT"]
    assert [each.person.name for each in roster.posts] == ["Martin Adeyemi", "Ruth Lindqvist"]
    assert roster.notified == ()
    assert roster.operators == ("33333333-3333-4333-8333-333333333333",)


def test_being_told_is_not_deciding(tmp_path: Path) -> None:
    """A person on the list of those who are told holds no post."""
    roster = load(written(tmp_path, "posts:", *post(), f"notified: [{TOLD}]"))
    assert roster.notified == (TOLD,)
    assert roster.post_of(TOLD) is None


def test_object_ids_may_be_in_capitals(tmp_path: Path) -> None:
    """Entra compares object ids without regard to case, and so does the bot."""
    capitals = "ABCDEF00-0000-4000-8000-00000000000A"
    assert load(written(tmp_path, "posts:", *post(object_id=capitals))).post_of(capitals.lower())


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("posts: []",), "there is no post that may decide"),
        (("notified: []",), "the list posts is missing"),
        (
            ("posts:", *post(object_id="ruth@council.example")),
            "approvers.yaml:4:16: object_id is not an Entra object id",
        ),
        (("posts:", *post(name="")), "approvers.yaml:2:5: the field name is missing"),
        (
            ("posts:", *post(), "operators:", "  - Nadia"),
            "approvers.yaml:6:3: operators is not an Entra object id 'Nadia'",
        ),
        (("posts:", *post(), *post()), "approvers.yaml:7:16: one person holds two posts"),
        (("posts:", *post(), "approver: []"), "approvers.yaml:5:1: unknown field 'approver'"),
        (("posts:", *post(), "    away: yes"), "approvers.yaml:5:5: unknown field 'away'"),
        (("posts:", "  - &ruth x"), "anchors and aliases"),
        (("posts: [",), "this is not valid YAML"),
    ],
)
def test_a_slip_is_named_with_its_line_and_what_to_do(tmp_path: Path, lines: tuple[str, ...], said: str) -> None:
    """File, line, column, what is wrong and how to mend it."""
    assert said in complaint(written(tmp_path, *lines))


def test_every_slip_is_said_at_once(tmp_path: Path) -> None:
    """Nobody mends one line to be told of the next."""
    lines = complaint(written(tmp_path, "posts:", *post(object_id="x"), "operators: [y]", "extra: z")).splitlines()
    assert len(lines) == 3


def test_a_slip_is_said_once(tmp_path: Path) -> None:
    """Two wrong ids are two slips, not also one person in two posts."""
    assert len(complaint(written(tmp_path, "posts:", *post(object_id="x"), *post(object_id="y"))).splitlines()) == 2


def test_a_missing_file_is_said_plainly(tmp_path: Path) -> None:
    """The file may vanish between the start's check and the reading."""
    assert "approvers.yaml: the file cannot be read" in complaint(tmp_path / "approvers.yaml")
