"""Writes calendar files (RFC 5545), with times in Bangkok. Pure: text in, bytes out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.clock import BANGKOK

#: A content line is folded behind so many octets.
_LINE: Final = 75
_CONTROLS: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f]")
#: Bangkok has kept one offset since 1920.
_ZONE: Final = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Bangkok",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0700",
    "TZOFFSETTO:+0700",
    "TZNAME:+07",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True)
class Event:
    """A moment that matters; ``key`` tells it from all others for good."""

    key: str
    at: datetime
    title: str
    text: str
    href: str
    #: When what is said here was last changed.
    changed: datetime


def written(name: str, language: str, events: Sequence[Event]) -> bytes:
    """Return a calendar in UTF-8; the same events give the same bytes.

    Parameters
    ----------
    name : str
        What calendar programs call it.
    language : str
        Of titles and texts.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Sarn//Consultations//TH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        "X-WR-TIMEZONE:Asia/Bangkok",
        *_ZONE,
        *(line for event in events for line in _event(event, language)),
        "END:VCALENDAR",
    ]
    return "".join(_folded(lines)).encode("utf-8", "replace")


def _event(event: Event, language: str) -> list[str]:
    local = event.at.astimezone(BANGKOK).strftime("%Y%m%dT%H%M%S")
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(event.key)}",
        f"DTSTAMP:{event.changed.strftime('%Y%m%dT%H%M%SZ')}",
        f"DTSTART;TZID=Asia/Bangkok:{local}",
        f"SUMMARY;LANGUAGE={language}:{_text(event.title)}",
        f"DESCRIPTION;LANGUAGE={language}:{_text(event.text)}",
        f"URL:{''.join(event.href.split())}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    """Escape a text, so that nothing in it can end the line or the value."""
    clean = value.replace("\r\n", "\n").replace("\r", "\n")
    clean = _CONTROLS.sub("", clean).replace("\\", "\\\\")
    return clean.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines with their ends, folded between characters, never inside one."""
    for line in lines:
        octets = 0
        for character in line:
            size = len(character.encode("utf-8", "replace"))
            if octets + size > _LINE:
                yield "\r\n "
                octets = 1
            yield character
            octets += size
        yield "\r\n"
