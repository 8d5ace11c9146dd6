"""When letters may go out: quiet hours, and the hours of digests. All hours are Bangkok's."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.clock import BANGKOK
from core.mailing.kinds import Channel

#: Digests are put together at this hour, the weekly ones on Mondays.
DIGEST_HOUR = 8


@dataclass(frozen=True)
class QuietHours:
    """From one full hour (0 to 23) until another; equal hours mean none."""

    begin: int = 21
    end: int = 7

    def holds(self, hour: int) -> bool:
        """Whether an hour of the day is quiet."""
        if self.begin <= self.end:
            return self.begin <= hour < self.end
        return hour >= self.begin or hour < self.end

    def next_free(self, moment: datetime) -> datetime:
        """Return the moment itself, or the end of the quiet hours that it falls into."""
        local = moment.astimezone(BANGKOK)
        if not self.holds(local.hour):
            return moment
        end = datetime.combine(local.date(), time(self.end), BANGKOK)
        return end if end > local else end + timedelta(days=1)


def full_hour(moment: datetime) -> datetime:
    """Return the last full hour."""
    return moment.replace(minute=0, second=0, microsecond=0)


def channels_at(hour: datetime) -> frozenset[Channel]:
    """Return whose letters about own contributions are put together at a full hour."""
    local = hour.astimezone(BANGKOK)
    if local.hour != DIGEST_HOUR:
        return frozenset({Channel.AT_ONCE})
    weekly = {Channel.WEEKLY} if local.weekday() == 0 else set()
    return frozenset({Channel.AT_ONCE, Channel.DAILY} | weekly)
