"""What the audit promises: it can only grow, every edit shows, and what is personal can be taken out."""

import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, select, update

from bot.errors import StoreError
from bot.requests.change import Event
from bot.store import audit
from bot.store.database import Database
from bot.store.schema import audit as table
from bot.store.schema import metadata, written
from tests.samples import NOW

ROWS = 12


def an_event(number: int) -> Event:
    return Event(
        name="decision.recorded",
        actor=f"person-{number % 3}",
        at=NOW,
        reference=f"AI-2026-{number:04d}",
        facts={"verdict": "approved", "conditions": str(number)},
        text=f"Because of {number}",
    )


def fill(connection: Connection) -> None:
    for number in range(1, ROWS + 1):
        audit.append(connection, an_event(number))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    with Database.open(f"sqlite:///{tmp_path}/bot.db") as database:
        await database.run(fill)
        yield database


def executing(*statements: str) -> Callable[[Connection], None]:
    def work(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    return work


async def test_an_untouched_chain_is_sound(store: Database) -> None:
    """All rows are walked and the head is the last row's."""
    found = await store.run(audit.verify)
    assert (found.rows, found.bad, found.why) == (ROWS, None, "")
    assert found.head == await store.run(audit.head)


async def test_an_empty_chain_is_sound(tmp_path: Path) -> None:
    """A new database has nothing to hide."""
    with Database.open(f"sqlite:///{tmp_path}/new.db") as database:
        assert (await database.run(audit.verify)).head == await database.run(audit.head)


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE audit SET name = 'x' WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 12",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 5",
        "INSERT INTO audit SELECT 0, at, name, reference, facts, 'a', 'b', 'c', 'd' FROM audit WHERE seq = 5",
    ],
)
async def test_the_database_itself_refuses_an_edit(store: Database, edit: str) -> None:
    """Triggers let rows be appended and nothing else, whatever program asks."""
    with pytest.raises(StoreError, match="CONSTRAINT_TRIGGER"):
        await store.run(executing(edit))
    assert (await store.run(audit.verify)).rows == ROWS


async def test_the_first_bad_row_is_named_with_its_fault(store: Database) -> None:
    """An auditor is told where the chain breaks and how."""
    await store.run(executing("DROP TRIGGER audit_unchanged", "DROP TRIGGER audit_kept"))
    await store.run(executing("UPDATE audit SET facts = '{}' WHERE seq = 7"))
    found = await store.run(audit.verify)
    assert (found.rows, found.bad, found.why) == (6, 7, "its content is not what was hashed")
    await store.run(executing("DELETE FROM audit_personal WHERE seq = 4", "DELETE FROM audit WHERE seq = 4"))
    found = await store.run(audit.verify)
    assert (found.bad, found.why) == (4, "missing")


async def test_one_row_forged_with_a_fresh_hash_shows_at_the_next(store: Database) -> None:
    """Whoever edits a row and mends its hash and the link to it must write every later row anew, too."""

    def forge(connection: Connection) -> None:
        row = dict(connection.execute(select(table).where(table.c.seq == 5)).mappings().one())
        mended = audit._hash(row | {"at": written(row["at"]), "name": "decision.forged"})
        connection.execute(update(table).where(table.c.seq == 5).values(name="decision.forged", hash=mended))
        connection.execute(update(table).where(table.c.seq == 6).values(previous=mended))

    await store.run(executing("DROP TRIGGER audit_unchanged"))
    await store.run(forge)
    assert (await store.run(audit.verify)).bad == 6


async def test_a_cut_tail_shows_against_a_head_kept_outside(store: Database) -> None:
    """The chain alone cannot know how long it was; the head in a backup can."""
    kept = await store.run(audit.head)
    cut = ("DROP TRIGGER audit_kept", "DELETE FROM audit_personal WHERE seq > 9", "DELETE FROM audit WHERE seq > 9")
    await store.run(executing(*cut))
    assert (await store.run(audit.verify)).bad is None
    found = await store.run(lambda connection: audit.verify(connection, kept))
    assert (found.rows, found.bad) == (9, 10)
    assert str(ROWS) in found.why


async def test_a_tail_written_anew_shows_against_a_head_kept_outside(store: Database) -> None:
    """Whoever owns the file can forge a whole chain, but not the head that was kept elsewhere."""
    kept = await store.run(audit.head)
    cut = ("DROP TRIGGER audit_kept", "DELETE FROM audit_personal WHERE seq = 12", "DELETE FROM audit WHERE seq = 12")
    await store.run(executing(*cut))
    await store.run(lambda connection: audit.append(connection, an_event(99)))
    assert (await store.run(audit.verify)).bad is None
    assert (await store.run(lambda connection: audit.verify(connection, kept))).bad == 12


async def test_a_kept_head_still_holds_when_the_chain_grew(store: Database) -> None:
    """Last week's head fits today's longer chain."""
    kept = await store.run(audit.head)
    await store.run(fill)
    assert (await store.run(lambda connection: audit.verify(connection, kept))).rows == 2 * ROWS


async def test_a_persons_part_can_be_erased_without_a_break(store: Database) -> None:
    """Names and words can be taken out; the chain stays whole and still covers that they were there."""
    await store.run(executing("UPDATE audit_personal SET actor = NULL, actor_salt = NULL WHERE actor = 'person-1'"))
    await store.run(executing("DELETE FROM audit_personal WHERE seq = 2"))
    assert (await store.run(audit.verify)).bad is None


@pytest.mark.parametrize(("column", "value"), [("actor", "eve"), ("text", "Because I say so")])
async def test_a_changed_actor_or_text_shows(store: Database, column: str, value: str) -> None:
    """As long as the plain value stands, it must be the one that was committed to."""
    await store.run(executing(f"UPDATE audit_personal SET {column} = '{value}' WHERE seq = 8"))
    found = await store.run(audit.verify)
    assert (found.bad, found.why) == (8, f"its {column} is not what was committed to")


async def test_no_name_or_word_stands_in_the_chain(store: Database) -> None:
    """Equal actors look different in the chain, so nobody can be found there by trying names."""
    rows = await store.run(lambda connection: connection.exec_driver_sql("SELECT * FROM audit").mappings().all())
    assert not any("person-" in str(row) or "Because" in str(row) for row in rows)
    assert len({row["actor_commitment"] for row in rows}) == ROWS


CHAINED = ("seq", "at", "name", "reference", "facts", "actor_commitment", "text_commitment", "previous", "hash")


def manipulate(connection: Connection, chance: random.Random) -> str:
    """Change the audit at random: a cell, a row, or two rows' contents; returns what was done."""
    one, other = chance.sample(range(1, ROWS + 1), 2)
    column = chance.choice(CHAINED[1:])
    match chance.choice(("edit", "blank", "delete", "swap", "renumber")):
        case "edit":
            statement = f"UPDATE audit SET {column} = substr({column}, 2) || 'x' WHERE seq = {one}"
        case "blank":
            statement = f"UPDATE audit SET {column} = '' WHERE seq = {one}"
        case "delete":
            statement = f"DELETE FROM audit WHERE seq = {one}"
        case "swap":
            moved = ", ".join(CHAINED[1:])
            source = f"SELECT {moved} FROM was WHERE was.seq = {one + other} - audit.seq"
            statement = f"UPDATE audit SET ({moved}) = ({source}) WHERE seq IN ({one}, {other})"
        case _:
            statement = f"UPDATE audit SET seq = {ROWS + one} WHERE seq = {one}"
    connection.exec_driver_sql("CREATE TEMP TABLE was AS SELECT * FROM audit")
    connection.exec_driver_sql(statement)
    connection.exec_driver_sql("DROP TABLE was")
    return statement


def test_every_one_of_three_hundred_manipulations_is_found() -> None:
    """Edits, deletions, swaps and renumberings all show, given the head that was kept outside."""
    chance = random.Random(42)
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        fill(connection)
        kept = audit.head(connection)
        for _ in range(300):
            with connection.begin_nested() as savepoint:
                done = manipulate(connection, chance)
                assert audit.verify(connection, kept).bad is not None, done
                savepoint.rollback()
        assert audit.verify(connection, kept).bad is None
    engine.dispose()


@settings(max_examples=50)
@given(st.dictionaries(st.text(), st.text(), max_size=5), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_fact_and_any_text_can_be_recorded(facts: dict[str, str], text: str) -> None:
    """Whatever an event carries, the chain over it verifies."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        for _ in range(2):
            audit.append(connection, Event(name="a.b", actor="x", at=NOW, facts=facts, text=text))
        assert audit.verify(connection).rows == 2
    engine.dispose()
