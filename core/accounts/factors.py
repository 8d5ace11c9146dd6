"""Service: what somebody shows besides the password, and codes for when all of it is lost."""

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import CursorResult, delete, exists, func, select, update
from sqlalchemy.orm import Session

from core.accounts import codes
from core.accounts.models import Account, FactorKind, RecoveryCode, SecondFactor
from core.clock import BANGKOK, now
from core.errors import ConflictError, InvalidError, NotFoundError
from core.keyring import Keyring
from core.mailing import outbox
from core.mailing.outbox import Letter, LetterKind

#: Most factors of one account, and recovery codes given out together.
MOST, CODES = 6, 10
_PURPOSE = "second-factor"


@dataclass(frozen=True)
class Factor:
    """One factor, as its owner sees it."""

    id: int
    kind: FactorKind
    name: str
    added_on: date


@dataclass(frozen=True)
class Passkey:
    """What is needed to check the answer of a passkey."""

    factor_id: int
    public_key: bytes
    sign_count: int


def of_account(session: Session, account_id: int) -> list[Factor]:
    """Return the factors of an account, in the order in which they were added."""
    rows = session.scalars(
        select(SecondFactor).where(SecondFactor.account_id == account_id).order_by(SecondFactor.id)
    )
    return [Factor(row.id, row.kind, row.name, row.added_on) for row in rows]


def has_any(session: Session, account_id: int) -> bool:
    """Whether the account asks for a second step."""
    return bool(session.scalar(select(exists().where(SecondFactor.account_id == account_id))))


def codes_left(session: Session, account_id: int) -> int:
    """Return how many recovery codes are not used."""
    found = select(func.count()).where(RecoveryCode.account_id == account_id)
    return session.scalar(found) or 0


def add_app(
    session: Session, keyring: Keyring, account_id: int, *, secret: str, code: str, name: str
) -> None:
    """Add an authenticator app that shows the right code now.

    Raises
    ------
    InvalidError
        ``factor.code_wrong``.
    ConflictError
        ``factor.too_many``.
    """
    step = codes.step_of(secret, codes.digits_of(code))
    if step is None:
        raise InvalidError("factor.code_wrong", field="code")
    sealed = keyring.seal_note(_PURPOSE, {"totp": secret})
    _add(session, keyring, account_id, FactorKind.TOTP, name, sealed, counter=step)


def add_passkey(
    session: Session,
    keyring: Keyring,
    account_id: int,
    *,
    passkey: Passkey,
    number: bytes,
    name: str,
) -> None:
    """Add a passkey whose answer was checked.

    Raises
    ------
    ConflictError
        ``factor.too_many``.
    """
    sealed = keyring.seal_note(
        _PURPOSE, {"passkey": passkey.public_key.hex(), "number": number.hex()}
    )
    _add(
        session,
        keyring,
        account_id,
        FactorKind.PASSKEY,
        name,
        sealed,
        counter=passkey.sign_count,
        credential_hash=_credential(number),
    )


def passkey_numbers(session: Session, keyring: Keyring, account_id: int) -> list[bytes]:
    """Return the numbers of an account's passkeys, by which a browser finds them."""
    rows = session.scalars(
        select(SecondFactor.secret_sealed).where(
            SecondFactor.account_id == account_id, SecondFactor.kind == FactorKind.PASSKEY
        )
    )
    notes = (keyring.open_note(_PURPOSE, sealed) for sealed in rows)
    return [bytes.fromhex(note["number"]) for note in notes if note]


def passkey(session: Session, keyring: Keyring, account_id: int, number: bytes) -> Passkey | None:
    """Return a passkey of an account by its number."""
    row = session.scalars(
        select(SecondFactor)
        .where(
            SecondFactor.account_id == account_id,
            SecondFactor.credential_hash == _credential(number),
        )
        .with_for_update()
    ).first()
    note = keyring.open_note(_PURPOSE, row.secret_sealed) if row else None
    if row is None or note is None:
        return None
    return Passkey(row.id, bytes.fromhex(note["passkey"]), row.counter)


def note_signed(session: Session, factor_id: int, sign_count: int) -> None:
    """Keep a passkey's count of signatures."""
    session.get_one(SecondFactor, factor_id).counter = sign_count
    session.flush()


def use_code(session: Session, keyring: Keyring, account_id: int, code: str) -> bool:
    """Whether a code of an app or a recovery code is right; each can be used once."""
    digits = codes.digits_of(code)
    if digits:
        return _use_app(session, keyring, account_id, digits)
    hashed = _recovery(keyring, account_id, code)
    used = session.execute(
        delete(RecoveryCode).where(
            RecoveryCode.account_id == account_id, RecoveryCode.code_hash == hashed
        )
    )
    return _rows(used) == 1


def new_codes(session: Session, keyring: Keyring, account_id: int) -> list[str]:
    """Make recovery codes; those given out before are void. They can be read only now.

    Raises
    ------
    ConflictError
        ``factor.none``: there is nothing yet that they could stand in for.
    """
    if not has_any(session, account_id):
        raise ConflictError("factor.none")
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    made = [codes.new_code() for _ in range(CODES)]
    session.add_all(
        RecoveryCode(code_hash=_recovery(keyring, account_id, code), account_id=account_id)
        for code in made
    )
    session.flush()
    return made


def remove(
    session: Session, keyring: Keyring, account_id: int, factor_id: int, *, needs_one: bool
) -> None:
    """Remove a factor; the recovery codes go with the last one.

    Raises
    ------
    NotFoundError
        ``page.unknown``.
    ConflictError
        ``factor.last``: staff need one.
    """
    session.get_one(Account, account_id, with_for_update=True)
    found = {factor.id for factor in of_account(session, account_id)}
    if factor_id not in found:
        raise NotFoundError("page.unknown")
    if len(found) == 1 and needs_one:
        raise ConflictError("factor.last")
    session.delete(session.get_one(SecondFactor, factor_id))
    if len(found) == 1:
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    _tell(session, keyring, account_id)


def _add(
    session: Session,
    keyring: Keyring,
    account_id: int,
    kind: FactorKind,
    name: str,
    sealed: str,
    **values: object,
) -> None:
    session.get_one(Account, account_id, with_for_update=True)
    if len(of_account(session, account_id)) >= MOST:
        raise ConflictError("factor.too_many")
    row = SecondFactor(
        account_id=account_id,
        kind=kind,
        name=name[:80],
        secret_sealed=sealed,
        added_on=now().astimezone(BANGKOK).date(),
        **values,
    )
    session.add(row)
    _tell(session, keyring, account_id)


def _tell(session: Session, keyring: Keyring, account_id: int) -> None:
    outbox.post(
        session, keyring, Letter(LetterKind.SECURITY, account_id, details={"what": "factors"})
    )
    session.flush()


def _use_app(session: Session, keyring: Keyring, account_id: int, digits: str) -> bool:
    rows = session.scalars(
        select(SecondFactor).where(
            SecondFactor.account_id == account_id, SecondFactor.kind == FactorKind.TOTP
        )
    ).all()
    for row in rows:
        note = keyring.open_note(_PURPOSE, row.secret_sealed)
        step = codes.step_of(note["totp"], digits) if note else None
        if step is not None and _take_step(session, row.id, step):
            return True
    return False


def _take_step(session: Session, factor_id: int, step: int) -> bool:
    """Use a time step up; False if it, or a later one, was used before."""
    done = session.execute(
        update(SecondFactor)
        .where(SecondFactor.id == factor_id, SecondFactor.counter < step)
        .values(counter=step)
    )
    return _rows(done) == 1


def _recovery(keyring: Keyring, account_id: int, code: str) -> bytes:
    text = "".join(letter for letter in code.casefold()[:64] if letter.isalnum())
    return keyring.index("recovery-code", f"{account_id}|{text}")


def _credential(number: bytes) -> bytes:
    return hashlib.sha256(number).digest()


def _rows(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
