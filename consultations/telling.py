"""Service: put out the letters that tell people what happened.

Two ways, both in batches that give other work its turn. News of a consultation goes to those who
follow it. News of one's own contributions is found by computing, for accounts that asked for it,
who they are in the consultations that have news; nothing of that is kept but the sealed letter.
docs/decisions/0007-mail-without-a-link.md says what each party can learn.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, select, update
from sqlalchemy.orm import Session

from consultations.models import Consultation, News, Participant, ParticipationKey
from consultations.news import enqueue_fan_out
from consultations.queries.addressed import accounts_told, news_between, reachable
from core import jobs
from core.accounts.authenticating import earlier_tags, person_tag
from core.accounts.models import Account
from core.clock import now
from core.keyring import Keyring
from core.mailing import outbox, preferences
from core.mailing.hours import channels_at
from core.mailing.kinds import DIGESTS, FOLLOWED, OWN, STAFF, Channel, NewsKind, kind_of_notice
from core.mailing.models import MailChoice
from core.mailing.outbox import Letter, LetterKind
from core.mailing.preferences import Preferences
from core.notices import Notice

#: Name of the job of the round at a full hour.
ROUND = "mail.round"
#: Accounts in one batch: the database is held for a fraction of a second.
BATCH = 100
#: Older messages are not told of any more: a weekly letter would have.
_TOLD_WITHIN = timedelta(days=8)
_SPANS = {Channel.DAILY: timedelta(days=1), Channel.WEEKLY: timedelta(days=7)}


def fan_out(session: Session, keyring: Keyring, news_id: int, after: int) -> int:
    """Put out letters about a piece of news to the next batch of those who want it at once.

    Returns
    -------
    int
        Number of letters.
    """
    news = session.get(News, news_id)
    if news is None:
        return 0
    numbers = accounts_told(session, news_id, after=after, limit=BATCH)
    wanted = preferences.of_accounts(session, numbers)
    moment, count = now(), 0
    for number in numbers:
        wish = wanted[number]
        if wish.channels[news.told_as] is Channel.AT_ONCE and not wish.is_paused:
            letter = Letter(LetterKind.NEWS, number, news=(news_id,))
            outbox.post(session, keyring, letter, due_at=wish.quiet.next_free(moment))
            count += 1
    if len(numbers) == BATCH:
        enqueue_fan_out(session, news_id, after=numbers[-1])
    session.flush()
    return count


def anybody_listens(session: Session) -> bool:
    """Whether there is an account that letters can reach."""
    return bool(session.scalar(select(exists().where(*reachable()))))


def enqueue_round(session: Session, hour: datetime, *, after: int = 0) -> None:
    """Plan the next batch of the round at a full hour; once, however often it is asked for."""
    payload = {"hour": hour.isoformat(), "after": after}
    jobs.enqueue(session, ROUND, payload, key=f"{ROUND}:{payload['hour']}:{after}")


def run_round(session: Session, keyring: Keyring, hour: datetime, after: int) -> int:
    """Put out the digests and the letters about own contributions of the next batch of accounts.

    Returns
    -------
    int
        Number of letters.
    """
    channels = channels_at(hour)
    accounts = session.scalars(_accounts_of_round(channels, after)).all()
    wanted = {
        number: wish
        for number, wish in preferences.of_accounts(session, [each.id for each in accounts]).items()
        if not wish.is_paused
    }
    listening = [account for account in accounts if account.id in wanted]
    told = _tell_of_own(session, keyring, listening, wanted, hour)
    listed = _listed(session, wanted, channels & DIGESTS, hour)
    moment = now()
    for number in sorted(told | set(listed)):
        letter = _letter(number, listed.get(number, []), has_own=number in told)
        due_at = wanted[number].quiet.next_free(moment)
        outbox.post(session, keyring, letter, due_at=due_at)
    if len(accounts) == BATCH:
        enqueue_round(session, hour, after=accounts[-1].id)
    session.flush()
    return len(told | set(listed))


def _letter(account_id: int, news: list[int], *, has_own: bool) -> Letter:
    if not news:
        return Letter(LetterKind.OWN, account_id)
    return Letter(LetterKind.DIGEST, account_id, news=tuple(news), details={"own": has_own})


def _accounts_of_round(channels: Collection[Channel], after: int) -> Select[Account]:
    """Return the next accounts that may have a letter: at most hours only a few are asked."""
    found = select(Account).where(Account.id > after, *reachable())
    if not DIGESTS & set(channels):
        asked = select(MailChoice.account_id).where(
            MailChoice.kind.in_(OWN), MailChoice.channel == Channel.AT_ONCE
        )
        found = found.where(Account.id.in_(asked))
    return found.order_by(Account.id).limit(BATCH)


def _listed(
    session: Session,
    wanted: Mapping[int, Preferences],
    digests: Collection[Channel],
    hour: datetime,
) -> dict[int, list[int]]:
    """Return the numbers of the news that belongs into the digest of each account."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    if not digests:
        return found
    begin = hour - max(_SPANS[channel] for channel in digests)
    for item in news_between(session, wanted, begin, hour):
        channel = wanted[item.account_id].channels[item.kind]
        if channel in digests and item.created_at > hour - _SPANS[channel]:
            found[item.account_id].append(item.news_id)
    return found


def _tell_of_own(
    session: Session,
    keyring: Keyring,
    accounts: Iterable[Account],
    wanted: Mapping[int, Preferences],
    hour: datetime,
) -> set[int]:
    """Return which accounts have new messages that they want to hear of now, and mark those."""
    channels = channels_at(hour)
    asked = {
        account.id: kinds
        for account in accounts
        if (kinds := wanted[account.id].kinds(*channels) & set(OWN))
    }
    if not asked:
        return set()
    owners = _owners(session, keyring, [each for each in accounts if each.id in asked], hour)
    told, numbers = set(), []
    for notice_id, code, place, key in _fresh_notices(session, owners, hour):
        account_id = owners[place, key]
        if kind_of_notice(code) in asked[account_id]:
            told.add(account_id)
            numbers.append(notice_id)
    session.execute(update(Notice).where(Notice.id.in_(numbers)).values(told_at=hour))
    return told


def _owners(
    session: Session, keyring: Keyring, accounts: Iterable[Account], hour: datetime
) -> dict[tuple[int, bytes], int]:
    """Return the account behind each key that a person would have where there are new messages."""
    places = session.execute(
        select(Consultation.id, Consultation.sealed_key)
        .join(Participant, Participant.consultation_id == Consultation.id)
        .join(Notice, Notice.participant_id == Participant.id)
        .where(Consultation.sealed_key.is_not(None), *_fresh(hour))
        .distinct()
    ).all()
    if not places:
        return {}
    owners = {}
    for account in accounts:
        email = keyring.open_email(account.email_sealed)
        for tag in (person_tag(account, keyring, email), *earlier_tags(account, keyring)):
            for place, sealed in places:
                if sealed is not None:
                    owners[place, keyring.person_key(sealed, tag)] = account.id
    return owners


def _fresh_notices(
    session: Session, owners: Collection[tuple[int, bytes]], hour: datetime
) -> Iterable[tuple[int, str, int, bytes]]:
    by_place: defaultdict[int, list[bytes]] = defaultdict(list)
    for place, key in owners:
        by_place[place].append(key)
    for place, keys in by_place.items():
        rows = session.execute(
            select(
                Notice.id,
                Notice.code,
                ParticipationKey.consultation_id,
                ParticipationKey.person_key,
            )
            .join(ParticipationKey, ParticipationKey.participant_id == Notice.participant_id)
            .where(
                ParticipationKey.consultation_id == place,
                ParticipationKey.person_key.in_(keys),
                *_fresh(hour),
            )
        )
        yield from ((number, code, found, key) for number, code, found, key in rows)


def _fresh(hour: datetime) -> tuple[ColumnElement[bool], ...]:
    """Conditions of messages that nobody has read or been told of."""
    return (
        Notice.created_at > hour - _TOLD_WITHIN,
        Notice.created_at <= hour,
        Notice.read_at.is_(None),
        Notice.told_at.is_(None),
    )


def unread_kinds(wish: Preferences) -> list[NewsKind]:
    """Return the kinds of news of others' doing that an account wants to see on the site."""
    hidden = wish.kinds(Channel.NONE)
    return [kind for kind in (*FOLLOWED, *STAFF) if kind not in hidden]
