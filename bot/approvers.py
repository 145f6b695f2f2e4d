"""The approvers file -> Roster: who may decide, who is told; every fault with its file, line and what to do."""

from pathlib import Path
from uuid import UUID

from bot.errors import SettingError
from bot.requests.request import Person
from bot.requests.roster import Post, Roster
from knowledge.fields import Fields
from knowledge.findings import Finding, KnowledgeError
from knowledge.source import content, record


def load(path: Path) -> Roster:
    """Read and check the approvers file; SettingError has one line for every fault."""
    findings: list[Finding] = []
    try:
        fields = Fields(path.name, record(path.name, content(path)), findings)
    except KnowledgeError as error:
        raise SettingError(str(error)) from error
    posts = fields.records("posts")
    roster = Roster(
        posts=tuple(_post(each) for each in posts),
        notified=_object_ids(fields, "notified"),
        operators=_object_ids(fields, "operators"),
    )
    _report_double_posts(posts, roster)
    if not (posts or findings):
        fields.fault(fields.place("posts"), "there is no post that may decide", "Add at least one under posts.")
    fields.close()
    if findings:
        raise SettingError("\n".join(map(str, findings)))
    return roster


def _post(fields: Fields) -> Post:
    person = Person(object_id=_object_id(fields, "object_id", fields.text("object_id")), name=fields.text("name"))
    post = Post(title=fields.text("title"), person=person)
    fields.close()
    return post


def _object_ids(fields: Fields, name: str) -> tuple[str, ...]:
    return tuple(_object_id(fields, name, line) for line in fields.lines(name))


def _object_id(fields: Fields, name: str, text: str) -> str:
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        mend = "Copy the Object ID from the person's page in Entra, like 0a1b2c3d-4e5f-6789-abcd-ef0123456789."
        fields.fault(fields.place(name), f"{name} is not an Entra object id", mend, text)
        return ""


def _report_double_posts(posts: list[Fields], roster: Roster) -> None:
    holders = [post.person.object_id for post in roster.posts]
    for index, (fields, holder) in enumerate(zip(posts, holders, strict=True)):
        if holder and holder in holders[:index]:
            mend = "Whoever stands in for both posts is listed once, in the post they decide in."
            fields.fault(fields.place("object_id"), "one person holds two posts", mend, holder)
