"""Service: what an account wants to be told, when, and whether its address works."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import BANGKOK, now
from core.errors import InvalidError
from core.mailing.hours import QuietHours
from core.mailing.kinds import DEFAULTS, MAILED, Channel, NewsKind, channels_of
from core.mailing.models import MailChoice, MailSettings

#: So many refusals in a row, and nothing is sent to an address any more.
REFUSALS = 3
#: Older news of what an account follows does not count as new, whether or not it was seen.
NEW_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Preferences:
    """What one account wants to be told."""

    channels: Mapping[NewsKind, Channel]
    quiet: QuietHours = field(default_factory=QuietHours)
    #: Whether the address refused letters until the site stopped sending.
    is_paused: bool = False
    news_read_at: datetime | None = None

    def kinds(self, *channels: Channel) -> frozenset[NewsKind]:
        """Return the kinds of news that are wanted in one of the ways."""
        return frozenset(kind for kind, channel in self.channels.items() if channel in channels)


def of_accounts(session: Session, account_ids: Collection[int]) -> dict[int, Preferences]:
    """Return what each of the accounts wants; two queries."""
    rows = session.scalars(select(MailSettings).where(MailSettings.account_id.in_(account_ids)))
    settings = {row.account_id: row for row in rows}
    chosen: dict[int, dict[NewsKind, Channel]] = {}
    for choice in session.scalars(select(MailChoice).where(MailChoice.account_id.in_(account_ids))):
        chosen.setdefault(choice.account_id, {})[choice.kind] = choice.channel
    return {
        number: _preferences(settings.get(number), chosen.get(number, {})) for number in account_ids
    }


def of_account(session: Session, account_id: int) -> Preferences:
    """Return what an account wants; two queries."""
    return of_accounts(session, [account_id])[account_id]


def choose(
    session: Session,
    account_id: int,
    channels: Mapping[NewsKind, Channel],
    quiet: QuietHours,
) -> None:
    """Keep what an account wants; kinds that are not named stay as they are.

    Raises
    ------
    InvalidError
        ``mail.channel_unknown`` for a way in which a kind cannot be told; ``mail.hour_unknown``.
    """
    if any(channel not in channels_of(kind) for kind, channel in channels.items()):
        raise InvalidError("mail.channel_unknown")
    if not (0 <= quiet.begin < 24 and 0 <= quiet.end < 24):
        raise InvalidError("mail.hour_unknown", field="quiet_from")
    settings = settings_of(session, account_id)
    settings.quiet_from, settings.quiet_until = quiet.begin, quiet.end
    for kind, channel in channels.items():
        session.merge(MailChoice(account_id=account_id, kind=kind, channel=channel))
    session.flush()


def stop(session: Session, account_id: int, kinds: Iterable[NewsKind]) -> None:
    """Send no more letters of some kinds; what was only wanted on the site stays so."""
    present = of_account(session, account_id).channels
    for kind in kinds:
        if present[kind] in MAILED:
            session.merge(MailChoice(account_id=account_id, kind=kind, channel=Channel.SITE))
    session.flush()


def note_refusal(session: Session, account_id: int) -> None:
    """Count a letter that the address's server refused for good; pause the address at the third."""
    settings = settings_of(session, account_id)
    settings.failures += 1
    if settings.failures >= REFUSALS and settings.paused_on is None:
        settings.paused_on = now().astimezone(BANGKOK).date()
    session.flush()


def note_delivery(session: Session, account_id: int) -> None:
    """Forget earlier refusals of an address that takes letters."""
    settings = session.get(MailSettings, account_id)
    if settings is not None and settings.failures:
        settings.failures = 0


def resume(session: Session, account_id: int) -> None:
    """Send again: the address was confirmed, or is another one."""
    settings = settings_of(session, account_id)
    settings.failures, settings.paused_on = 0, None
    session.flush()


def mark_news_read(session: Session, account_id: int, at: datetime) -> None:
    """Remember that an account has seen the news of what it follows."""
    settings_of(session, account_id).news_read_at = at
    session.flush()


def settings_of(session: Session, account_id: int) -> MailSettings:
    """Return an account's row of settings, making it where there is none."""
    found = session.get(MailSettings, account_id)
    if found is None:
        found = MailSettings(account_id=account_id)
        session.add(found)
        session.flush()
    return found


def _preferences(settings: MailSettings | None, chosen: Mapping[NewsKind, Channel]) -> Preferences:
    channels = {**DEFAULTS, **chosen}
    if settings is None:
        return Preferences(channels)
    return Preferences(
        channels,
        QuietHours(settings.quiet_from, settings.quiet_until),
        settings.paused_on is not None,
        settings.news_read_at,
    )
