"""Sends letters that wait: a few over one connection, each settled in a transaction of its own."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.identity import keyring
from app.mail.message import AddressError, make_message
from app.mail.office import mail_office
from app.mail.transport import Courier, RefusedError, UnreachableError
from app.mail.writing import write
from app.transactions import transaction
from consultations import notifying, policy
from consultations.queries.addressed import news_numbered
from core.accounts import recovering
from core.accounts.addressing import Addressee, addressee
from core.clock import now
from core.mailing import outbox, preferences
from core.mailing.kinds import DIGESTS, MAILED, OWN, Channel, NewsKind
from core.mailing.outbox import Claimed, Letter, LetterKind

if TYPE_CHECKING:
    from consultations.models import News

log = logging.getLogger("sarn.mail")

#: Letters over one connection; then other jobs have their turn.
BATCH = 20
#: Of letters to people whose wishes nobody knows.
LANGUAGE = "th"
#: Letters that an account cannot do without; sent also before the address is confirmed.
_ALWAYS = frozenset({LetterKind.CONFIRM, LetterKind.SECURITY, LetterKind.RECOVER})


def deliver() -> bool:
    """Send letters that are due; return whether there may be more."""
    transport = mail_office().transport
    if transport is None:
        return False
    with transaction() as session:
        claimed = outbox.claim(session, keyring(), limit=BATCH)
    if not claimed:
        return False
    try:
        with transport.open() as courier:
            for mail in claimed:
                _deliver_one(courier, mail)
    except UnreachableError as error:
        log.warning("mail server not reached: %s", error)
        with transaction() as session:
            for mail in claimed:
                _postpone(session, mail)
    return len(claimed) == BATCH


def _deliver_one(courier: Courier, mail: Claimed) -> None:
    with transaction() as session:
        letter = _settled(session, mail.letter) if mail.letter else None
        ready = _prepared(session, letter) if letter else None
        if letter is None or ready is None:
            outbox.drop(session, mail.id)
            return
    to, news = ready
    recipient = letter.address or to.address
    try:
        words, unsubscribe = write(letter, news, to.language)
        message = make_message(
            words,
            sender=mail_office().sender,
            recipient=recipient,
            message_id=mail.message_id,
            at=now(),
            unsubscribe=unsubscribe,
        )
        courier.send(message, recipient)
    except (RefusedError, AddressError) as error:
        log.warning("letter refused: %s", type(error).__name__)
        _settle(mail, letter, was_taken=False)
    except UnreachableError as error:
        log.warning("letter not taken now: %s", error)
        with transaction() as session:
            _postpone(session, mail)
    else:
        _settle(mail, letter, was_taken=True)


def _settle(mail: Claimed, letter: Letter, *, was_taken: bool) -> None:
    """Forget a letter for good; remember what it says about the account's own address."""
    with transaction() as session:
        outbox.drop(session, mail.id)
        if letter.kind is LetterKind.HEARING:
            notifying.settle(session, letter.details["notice"], was_taken=was_taken)
        if letter.address is not None:
            return
        if was_taken:
            preferences.note_delivery(session, letter.account_id)
        else:
            preferences.note_refusal(session, letter.account_id)


def _postpone(session: Session, mail: Claimed) -> None:
    """Plan another attempt; a notice of a hearing that had its last one was not delivered."""
    is_planned, letter = outbox.postpone(session, mail.id), mail.letter
    if not is_planned and letter and letter.kind is LetterKind.HEARING:
        notifying.settle(session, letter.details["notice"], was_taken=False)


def _settled(session: Session, letter: Letter) -> Letter | None:
    """Return a letter for an account in place of one for an address; None if nobody has it."""
    if letter.kind is not LetterKind.RECOVER:
        return letter
    account_id = recovering.account_of(session, keyring(), letter.address or "")
    if account_id is None:
        return None
    details = {"token": recovering.token_for(session, keyring(), account_id)}
    # To the address as the account has it, not as somebody typed it.
    return replace(letter, account_id=account_id, address=None, details=details)


def _prepared(session: Session, letter: Letter) -> tuple[Addressee, Sequence["News"]] | None:
    """Return whom a letter goes to and what it tells of; None if it is not wanted any more."""
    if letter.kind in (LetterKind.HEARING, LetterKind.INVITATION):
        return Addressee(0, letter.address or "", LANGUAGE, is_confirmed=True), []
    to = addressee(session, keyring(), letter.account_id)
    if to is None:
        return None
    if letter.kind in _ALWAYS:
        return to, []
    wish = preferences.of_account(session, letter.account_id)
    if not to.is_confirmed or wish.is_paused:
        return None
    news = [item for item in news_numbered(session, letter.news) if _is_timely(item)]
    if letter.kind is LetterKind.OWN:
        return (to, []) if wish.kinds(*MAILED) & set(OWN) else None
    channels = (Channel.AT_ONCE,) if letter.kind is LetterKind.NEWS else tuple(DIGESTS)
    wanted = wish.kinds(*channels)
    news = [item for item in news if item.kind in wanted]
    return (to, news) if news else None


def _is_timely(item: "News") -> bool:
    """Whether there is still something to be done about a closing that came near."""
    if item.kind is not NewsKind.CLOSING or item.consultation is None:
        return True
    return policy.is_taking_contributions(item.consultation, now())
