"""The ledger: written with a deed, sealed into a chain that shows every alteration."""

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from core import ledger
from core.actor import ANONYMOUS
from core.ledger import LedgerEntry


def record_some(session: Session, count: int) -> None:
    for number in range(count):
        ledger.record(session, ANONYMOUS, "test.deed", subject=f"thing:{number}")
    session.flush()


def test_sealed_entries_verify(session: Session) -> None:
    record_some(session, 5)
    assert ledger.seal(session) == 5
    found = ledger.verify(session)
    assert (found.sealed, found.broken_at) == (5, None)


def test_sealing_continues_where_it_stopped(session: Session) -> None:
    record_some(session, 3)
    ledger.seal(session, limit=2)
    record_some(session, 1)
    assert ledger.seal(session) == 2
    assert ledger.verify(session).sealed == 4


def test_a_changed_entry_is_found_at_its_place(session: Session) -> None:
    record_some(session, 5)
    ledger.seal(session)
    session.execute(update(LedgerEntry).where(LedgerEntry.position == 3).values(content="{}"))
    assert ledger.verify(session).broken_at == 3


def test_a_removed_entry_is_found_at_its_place(session: Session) -> None:
    record_some(session, 5)
    ledger.seal(session)
    session.execute(delete(LedgerEntry).where(LedgerEntry.position == 2))
    assert ledger.verify(session).broken_at == 2


def test_equal_deeds_have_different_contents(session: Session) -> None:
    record_some(session, 2)
    ledger.record(session, ANONYMOUS, "test.deed", subject="thing:0")
    session.flush()
    contents = [entry.content for entry in session.query(LedgerEntry)]
    assert len(set(contents)) == 3
