"""The outbox's table: deliveries that are owed, sent or parked, and who is sending them now."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select, update

from bot.errors import Failure
from bot.ports import Delivery, Parked
from bot.store.dialect import insert
from bot.store.schema import delivery
from bot.store.unit import Unit

_OWED, _SENT, _PARKED, _DROPPED = "owed", "sent", "parked", "dropped"


class Deliveries(Unit):
    """The part of a transaction that owes, leases and settles deliveries."""

    def owe(self, deliveries: tuple[Delivery, ...]) -> None:
        """Insert deliveries; a key that was ever owed before is not owed again."""
        if deliveries:
            new = insert(self.connection, delivery).on_conflict_do_nothing(index_elements=["key"])
            self.connection.execute(new, [_row(each) for each in deliveries])

    def claim(self, now: datetime, limit: int, until: datetime) -> tuple[Delivery, ...]:
        """Lease the heads of up to `limit` lanes that are due and not leased; a lease ends by itself at `until`."""
        owed = delivery.c.status == _OWED
        heads = select(func.min(delivery.c.number)).where(owed).group_by(delivery.c.lane)
        free = or_(delivery.c.leased.is_(None), delivery.c.leased <= now)
        ready = select(delivery).where(owed, delivery.c.number.in_(heads), delivery.c.due <= now, free)
        first = ready.order_by(delivery.c.due, delivery.c.number).limit(limit).with_for_update(skip_locked=True)
        rows = self.connection.execute(first).all()
        self._set(delivery.c.number.in_([row.number for row in rows]), leased=until)
        return tuple(map(_delivery, rows))

    def end_leases(self) -> None:
        """Make free what a dead process was sending; only for a process that knows it is the only one."""
        self._set(delivery.c.leased.is_not(None), leased=None)

    def delivered(self, key: str, now: datetime) -> None:
        """Mark a delivery as sent."""
        self._set(delivery.c.key == key, status=_SENT, sent=now, leased=None, error="")

    def postpone(self, key: str, due: datetime, error: str) -> None:
        """Give a delivery back for a later attempt; without an error it was not attempted."""
        attempts = delivery.c.attempts + (1 if error else 0)
        self._set(_still_owed(key), due=due, leased=None, error=error, attempts=attempts)

    def park(self, key: str, error: str) -> None:
        """Set a delivery aside for a person to look at; its lane goes on."""
        self._set(_still_owed(key), status=_PARKED, leased=None, error=error)

    def release(self, lane: str, now: datetime) -> None:
        """Make a lane's parked deliveries due again, but none that Teams refused: those would only be refused again."""
        refused = delivery.c.error.startswith(Failure.REFUSED.value)
        self._release((delivery.c.lane == lane) & ~refused, now)

    def parked(self) -> tuple[Parked, ...]:
        """Every delivery that is set aside, the oldest first."""
        aside = select(delivery).where(delivery.c.status == _PARKED).order_by(delivery.c.number)
        return tuple(Parked(delivery=_delivery(row), error=row.error) for row in self.connection.execute(aside))

    def retry(self, key: str, now: datetime) -> None:
        """Make one parked delivery due again, whatever it was parked for."""
        self._release(delivery.c.key == key, now)

    def drop(self, key: str) -> None:
        """Give one parked delivery up for good; its key is not owed again."""
        self._set((delivery.c.key == key) & (delivery.c.status == _PARKED), status=_DROPPED)

    def waiting(self) -> tuple[int, datetime | None]:
        """How many deliveries are owed (parked ones not counted) and when the oldest was made."""
        owed = select(func.count(), func.min(delivery.c.created)).where(delivery.c.status == _OWED)
        count, oldest = self.connection.execute(owed).one()
        return count, oldest

    def _release(self, which: ColumnElement[bool], now: datetime) -> None:
        self._set(which & (delivery.c.status == _PARKED), status=_OWED, due=now, attempts=0, error="")

    def _set(self, which: ColumnElement[bool], **values: object) -> None:
        self.connection.execute(update(delivery).where(which).values(values))


def _still_owed(key: str) -> ColumnElement[bool]:
    """Not what another sender delivered meanwhile, after a lease that ended too early."""
    return (delivery.c.key == key) & (delivery.c.status == _OWED)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        key=row.key,
        lane=row.lane,
        kind=row.kind,
        to=row.recipient,
        reference=row.reference,
        created=row.created,
        due=row.due,
        attempts=row.attempts,
    )


def _row(owed: Delivery) -> dict[str, object]:
    return {
        "key": owed.key,
        "lane": owed.lane,
        "kind": owed.kind,
        "recipient": owed.to,
        "reference": owed.reference,
        "created": owed.created,
        "due": owed.due,
        "attempts": owed.attempts,
        "status": _OWED,
        "error": "",
    }
