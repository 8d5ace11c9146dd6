"""The one place that reads the time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

#: Dates that people announce and read are in this zone; the database keeps UTC.
BANGKOK = ZoneInfo("Asia/Bangkok")


def now() -> datetime:
    """Return the present moment, with zone, in UTC."""
    return datetime.now(UTC)
